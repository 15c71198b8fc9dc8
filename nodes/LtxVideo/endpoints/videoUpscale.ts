import { MP4_RESULT } from '../media/resultFile';
import { NOT_LISTED, PARTNERS_SEEN_ON, UNLISTED } from './catalog/partners';
import type { Endpoint } from './endpoint';
import { resolutionField } from './fields/resolution';
import { videoField } from './fields/shared';

/** What LTX's partners charge for a second of the input video, and how long it may be. */
const SIZES = [
	{ name: '1080p', value: '1080p', usd: '0.08', frames: 2401 },
	{ name: '4K', value: '4k', usd: '0.30', frames: 601 },
	{ name: '8K', value: '8k', usd: '1.20', frames: 241 },
];

const PARTNERS_PRICES = `LTX's partners charge USD ${SIZES.map(({ name, usd }) => `${usd} a second at ${name}`).join(', ')}`;
const LIMITS = `2 to ${SIZES.map(({ name, frames }) => `${frames} frames for ${name}`).join(', ')}, a short side of at least 480 pixels, at most 7680x4320, and 200 MB`;

const resolution = resolutionField({
	displayName: 'Resolution',
	name: 'resolution',
	type: 'options',
	options: SIZES.map(({ name, value, usd, frames }) => ({
		name,
		value,
		description: `At most ${frames} frames. Partners charge USD ${usd} a second.`,
	})),
	default: '4k',
	description:
		'As large as fits. Shape, sound and frames per second stay as they are. An expression may also say Full HD, UHD or 2160p.',
});

export const videoUpscale: Endpoint = {
	path: 'video-upscale',
	name: 'Upscale',
	description: 'Make a video larger, up to 8K. Partners of LTX charge USD 0.08 to 1.20 a second.',
	action: 'Upscale video',
	product: 'upscaled video',
	fields: [
		videoField({ hint: NOT_LISTED, details: `Partners name as limits: ${LIMITS}.` }),
		resolution,
	],
	result: MP4_RESULT,
	describeDocumented: () => `LTX's partners document (${PARTNERS_SEEN_ON}) videos of ${LIMITS}.`,
	caveat: UNLISTED,
	price: () => ({ unknown: 'Upscale has no known price', advice: `${PARTNERS_PRICES}.` }),
};
