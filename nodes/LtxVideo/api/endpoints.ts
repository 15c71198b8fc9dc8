import type { ResultFile } from './download';
import type { Field } from './fields';
import { detectFileType } from './fileTypes';
import { describeDocumented, estimateCostUsd, type PricedRequest } from './models';
import {
	cameraMotion,
	duration,
	fps,
	generateAudio,
	image,
	lastFrame,
	model,
	prompt,
	resolutionOfImage,
} from './videoFields';

/** One endpoint of the API: everything that the node knows of it. */
export interface Endpoint {
	/** As in `POST /v2/{path}`. */
	path: string;
	/** As the user reads it in the Resource menu. */
	name: string;
	/** In the middle of a sentence, as in "Submit an image to video job". */
	noun: string;
	fields: Field[];
	/** The label under which `result` holds the URL of the finished file. */
	resultKey: string;
	resultFile: ResultFile;
	/** Rules between fields; a text says why a request cannot work. */
	findConflict(body: Record<string, unknown>): string | undefined;
	/** The documented values, to go with an error about unsupported ones. */
	describeDocumented(body: Record<string, unknown>): string | undefined;
	/** Estimated price of one job in US dollars; `undefined` where it is not known. */
	estimateCostUsd(body: Record<string, unknown>): number | undefined;
}

const MP4: ResultFile = {
	name: 'an MP4 video',
	extension: 'mp4',
	mimeType: 'video/mp4',
	matches: (head) => detectFileType(head).mimeType === 'video/mp4',
};

/** Every endpoint, by the value of the node's `resource` parameter. */
export const ENDPOINTS: Record<string, Endpoint> = {
	imageToVideo: {
		path: 'image-to-video',
		name: 'Image to Video',
		noun: 'image to video',
		fields: [
			image,
			prompt,
			model,
			resolutionOfImage,
			duration,
			cameraMotion,
			fps,
			generateAudio,
			lastFrame,
		],
		resultKey: 'video_url',
		resultFile: MP4,
		findConflict: (body) =>
			body.duration === null && body.last_frame_uri !== undefined
				? 'An automatic duration does not work together with a last frame. Choose a number of seconds.'
				: undefined,
		describeDocumented: (body) => describeDocumented(String(body.model)),
		estimateCostUsd: (body) => estimateCostUsd(body as unknown as PricedRequest),
	},
};
