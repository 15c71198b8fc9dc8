import { mediaField, type Field } from '../fields';
import { AUDIO, IMAGE, VIDEO } from '../mediaKinds';

const FIRST_FRAME = {
	what: 'the first frame of the video',
	uriPlaceholder: 'e.g. https://example.com/lighthouse.png',
};

export const image = mediaField('image', 'Image', IMAGE, FIRST_FRAME);

export const imageForAudio = mediaField('image', 'Image', IMAGE, FIRST_FRAME, { isOptional: true });

export const lastFrame = mediaField(
	'lastFrame',
	'Last Frame',
	IMAGE,
	{
		what: 'the last frame of the video',
		uriPlaceholder: 'e.g. https://example.com/lighthouse-at-night.png',
	},
	{ isAdditional: true },
);

export const audio = mediaField('audio', 'Audio', AUDIO, {
	what: 'the sound of the video',
	uriPlaceholder: 'e.g. https://example.com/song.mp3',
	hint: 'From 2 to 20 seconds. The video becomes as long as the sound.',
});

/** @param hint what the endpoint asks of the video */
export function videoField(hint: string): Field {
	return mediaField('video', 'Video', VIDEO, {
		what: 'the video',
		uriPlaceholder: 'e.g. https://example.com/harbor.mp4',
		hint,
	});
}
