import { MP4_RESULT } from '../media/resultFile';
import type { Endpoint } from './endpoint';
import { choiceField } from './fields/field';
import { cameraMotion, duration, fps, generateAudio, model, prompt } from './fields/shared';
import { describeCombinations, priceOfGeneration } from './generation';
import { fullHdLandscape, matchImage, sizeOptions } from './sizes';

const resolution = choiceField(
	{
		displayName: 'Resolution',
		name: 'resolution',
		type: 'options',
		options: sizeOptions(),
		default: fullHdLandscape,
		hint: '4K costs about four times as much as 1080p with 2.3 models',
		description: 'Width and height of the video. The larger, the higher the price.',
	},
	// There is no image to follow: refused in plain words instead of sent.
	{ special: matchImage },
);

export const textToVideo: Endpoint = {
	path: 'text-to-video',
	name: 'Text to Video',
	description: 'Make a video from a description. From about USD 0.18 for 6 seconds.',
	action: 'Make video from text',
	product: 'video from text',
	fields: [prompt, model, resolution, duration, cameraMotion, fps, generateAudio],
	result: MP4_RESULT,
	describeDocumented: describeCombinations,
	price: priceOfGeneration,
};
