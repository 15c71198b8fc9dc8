import type { INodeProperties } from 'n8n-workflow';

import { IMAGE } from '../media/kinds';
import { MP4_RESULT } from '../media/resultFile';
import type { Endpoint } from './endpoint';
import { mediaField } from './fields/mediaField';
import {
	cameraMotion,
	duration,
	FIRST_FRAME,
	fps,
	generateAudio,
	lastFrame,
	model,
	prompt,
} from './fields/shared';
import { unless } from './fields/visibility';
import { describeCombinations, priceOfGeneration } from './catalog/generation';
import { fullHdLandscape, fullHdMatch } from './catalog/sizes';
import {
	LARGER_COSTS_MORE,
	matchImage,
	MATCHING_OPTIONS,
	resolutionField,
	sizeOptions,
} from './fields/resolution';

const RESOLUTION: INodeProperties = {
	displayName: 'Resolution',
	name: 'resolution',
	type: 'options',
	default: fullHdLandscape,
};

const resolution = resolutionField(
	[
		{
			...RESOLUTION,
			options: sizeOptions(),
			hint: 'Choose Portrait for an upright image: LTX cuts it to this shape',
			description: LARGER_COSTS_MORE,
			displayOptions: { hide: { imageSource: unless('url') } },
		},
		{
			...RESOLUTION,
			options: [...MATCHING_OPTIONS, ...sizeOptions()],
			default: fullHdMatch,
			description: `${LARGER_COSTS_MORE} LTX cuts the image to this shape.`,
			displayOptions: { hide: { imageSource: ['url'] } },
		},
	],
	{ special: matchImage },
);

export const imageToVideo: Endpoint = {
	path: 'image-to-video',
	name: 'Image to Video',
	description: 'Bring a still image to life. From USD 0.18 for 6 seconds.',
	action: 'Make video from image',
	product: 'video from image',
	fields: [
		mediaField(IMAGE, FIRST_FRAME),
		prompt,
		model,
		resolution,
		duration,
		cameraMotion,
		fps,
		generateAudio,
		lastFrame,
	],
	result: MP4_RESULT,
	describeDocumented: describeCombinations,
	price: priceOfGeneration,
};
