/**
 * A rule between the fields of a request.
 *
 * @param body the values for the API, files by the name of their binary field
 * @returns why the request cannot work and what to do; `undefined` where it can
 */
export type Rule = (body: Record<string, unknown>) => string | undefined;

export const noAutoDurationWithLastFrame: Rule = (body) =>
	body.duration === null && body.last_frame_uri !== undefined
		? 'An automatic duration does not work together with a last frame. Choose a number of seconds.'
		: undefined;

export const lastFrameNeedsImage: Rule = (body) =>
	body.last_frame_uri !== undefined && body.image_uri === undefined
		? 'A last frame needs an image for the first frame. Add an image, or remove the last frame.'
		: undefined;

export const needsPromptOrImage: Rule = (body) =>
	body.prompt === undefined && body.image_uri === undefined
		? 'There is neither a prompt nor an image. Fill in Prompt, choose an Image Source, or both.'
		: undefined;

const MOST_FRAMES = 505;
// The frame rate of the video is not known. Ordinary ones have no fewer frames a second than film.
const FEWEST_FRAMES_PER_SECOND = 23.976;

export const contextFitsDuration: Rule = ({ context, duration }) => {
	if (context === undefined) return undefined;
	const seconds = Math.round((Number(context) + Number(duration)) * 1000) / 1000;
	return seconds * FEWEST_FRAMES_PER_SECOND > MOST_FRAMES
		? `Context and Duration are ${seconds} seconds together, but LTX takes at most ${MOST_FRAMES} frames, about 21 seconds at 24 frames per second. Choose a shorter Context, or remove it: LTX then looks at as much as it can.`
		: undefined;
};
