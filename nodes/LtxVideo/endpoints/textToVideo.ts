import { MP4_RESULT } from '../media/resultFile';
import type { Endpoint } from './endpoint';
import { cameraMotion, duration, fps, generateAudio, model, prompt } from './fields/shared';
import { describeCombinations, priceOfGeneration } from './catalog/generation';
import { fullHdLandscape } from './catalog/sizes';
import { LARGER_COSTS_MORE, matchImage, resolutionField, sizeOptions } from './fields/resolution';

const resolution = resolutionField(
	{
		displayName: 'Resolution',
		name: 'resolution',
		type: 'options',
		options: sizeOptions(),
		default: fullHdLandscape,
		description: LARGER_COSTS_MORE,
	},
	// There is no image to follow: refused in plain words instead of sent.
	{ special: matchImage },
);

export const textToVideo: Endpoint = {
	path: 'text-to-video',
	name: 'Text to Video',
	description: 'Make a video from words. From USD 0.18 for 6 seconds.',
	action: 'Make video from text',
	product: 'video from text',
	fields: [prompt, model, resolution, duration, cameraMotion, fps, generateAudio],
	result: MP4_RESULT,
	describeDocumented: describeCombinations,
	price: priceOfGeneration,
};
