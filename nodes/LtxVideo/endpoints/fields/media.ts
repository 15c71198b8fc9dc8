import { mediaField, type Field } from './kinds';
import { AUDIO, IMAGE, VIDEO, type MediaLimit } from '../../media/kinds';
import { allOf, lastsFrom, lastsUpTo } from '../../media/limits';

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

export const audio = mediaField(
	'audio',
	'Audio',
	AUDIO,
	{
		what: 'the sound of the video',
		uriPlaceholder: 'e.g. https://example.com/song.mp3',
		hint: 'From 2 to 20 seconds. The video becomes as long as the sound.',
	},
	{ limit: allOf(lastsFrom(2), lastsUpTo(20)) },
);

/** @param hint what the endpoint asks of the video, for people */
export function videoField(hint: string, limit: MediaLimit): Field {
	return mediaField(
		'video',
		'Video',
		VIDEO,
		{
			what: 'the video',
			uriPlaceholder: 'e.g. https://example.com/harbor.mp4',
			hint,
		},
		{ limit },
	);
}
