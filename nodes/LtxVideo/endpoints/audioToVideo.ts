import { AUDIO, IMAGE } from '../media/kinds';
import { MP4_RESULT } from '../media/resultFile';
import type { Endpoint } from './endpoint';
import { AUTO, AUTOMATIC } from './fields/field';
import { mediaField } from './fields/mediaField';
import {
	cameraMotion,
	FIRST_FRAME,
	fps,
	lastFrame,
	modelField,
	promptField,
} from './fields/shared';
import {
	DOCUMENTED_ON,
	listModels,
	LTX_2_3_PRO,
	LTX_2_5_FAST,
	LTX_2_5_PRO,
	priceOfSeconds,
	type Model,
} from './catalog/models';
import { lengthOf } from './catalog/prices';
import { FULL_HD } from './catalog/sizes';
import {
	LARGER_COSTS_MORE,
	MATCHING_OPTIONS,
	matchImage,
	resolutionField,
	sizeOptions,
} from './fields/resolution';

/** The first is the one that LTX takes if none is named. Sound has a price of its own with 2.3 Pro. */
const AUDIO_MODELS: readonly Model[] = [
	{ ...LTX_2_3_PRO, pricesPerSecondUsd: [0.06, 0.1, 0.18, 0.34] },
	LTX_2_5_FAST,
	LTX_2_5_PRO,
];

const LONGEST_AUDIO_SECONDS = 20;

const audio = mediaField(AUDIO, {
	name: 'audio',
	label: 'Audio',
	what: 'the sound of the video',
	uriPlaceholder: 'e.g. https://example.com/song.mp3',
	hint: 'From 2 to 20 seconds. The video becomes as long as the sound.',
	details: 'At most 10 seconds with 2.5 Pro or above 1080p. Each second is charged.',
});

const resolution = resolutionField(
	{
		displayName: 'Resolution',
		name: 'resolution',
		type: 'options',
		options: [
			{
				...AUTOMATIC,
				description: '1080p in the orientation of the image, landscape without an image',
			},
			...sizeOptions(),
			...MATCHING_OPTIONS.map((option) => ({
				...option,
				displayOptions: { show: { imageSource: ['binary'] } },
			})),
		],
		default: AUTO,
		description: LARGER_COSTS_MORE,
	},
	{ isOptional: true, isAutoOffered: true, special: matchImage },
);

export const audioToVideo: Endpoint = {
	path: 'audio-to-video',
	name: 'Audio to Video',
	description: 'Pictures for a song or voice. About USD 0.10 a second.',
	action: 'Make video from sound',
	product: 'video from sound',
	fields: [
		audio,
		mediaField(IMAGE, FIRST_FRAME, { isOptional: true }),
		promptField(
			{
				placeholder: 'A singer on a small stage, warm light',
				description: 'What the video shows. May be empty if there is an image',
			},
			{ isOptional: true },
		),
		modelField(AUDIO_MODELS, { isOptional: true, isPriced: true }),
		resolution,
		cameraMotion,
		fps,
		lastFrame,
	],
	findGap({ prompt, image_uri, last_frame_uri }) {
		if (last_frame_uri !== undefined && image_uri === undefined) {
			return 'A last frame needs an image for the first frame. Add an image, or remove the last frame.';
		}
		return prompt === undefined && image_uri === undefined
			? 'There is neither a prompt nor an image. Fill in Prompt, choose an Image Source, or both.'
			: undefined;
	},
	result: MP4_RESULT,
	describeDocumented: () =>
		`LTX documents (${DOCUMENTED_ON}) the ${listModels(AUDIO_MODELS)}, and sound of 2 to ${LONGEST_AUDIO_SECONDS} s (at most 10 s with ltx-2-5-pro or above 1080p).`,
	// Each second of the sound.
	price({ body, factsOf }) {
		return priceOfSeconds(
			AUDIO_MODELS,
			{
				model: body.model ?? AUDIO_MODELS[0].value,
				resolution: body.resolution ?? FULL_HD.landscape,
			},
			lengthOf(factsOf('audio_uri'), LONGEST_AUDIO_SECONDS),
		);
	},
};
