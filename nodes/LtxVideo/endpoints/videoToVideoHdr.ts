import type { INodePropertyOptions } from 'n8n-workflow';

import { ALL_RESULTS, MP4_RESULT, zipResult, type ResultFiles } from '../media/resultFile';
import type { Chosen, Endpoint } from './endpoint';
import { choiceField } from './fields/field';
import { videoField } from './fields/shared';
import { toOneOf } from './fields/values';
import { DOCUMENTED_ON } from './catalog/models';
import { priceOf, unknownFor } from './catalog/prices';

const outputColorspace = choiceField(
	{
		displayName: 'Output Color Space',
		name: 'outputColorspace',
		type: 'options',
		options: [
			{ name: 'ACES2065-1', value: 'aces2065-1' },
			{ name: 'ACEScct', value: 'acescct' },
			{ name: 'ACEScg', value: 'acescg' },
			{ name: 'Linear sRGB', value: 'srgb_linear' },
		],
		default: 'acescg',
		description:
			'The color space of the frames; the MP4 stays the same. LTX uses ACEScg if not set.',
	},
	{ isAdditional: true },
);

const FRAMES_KEY = 'exr_frames_url';
const RESULT_FILES: Record<string, ResultFiles> = {
	frames: zipResult(FRAMES_KEY, [MP4_RESULT.key]),
	video: { ...MP4_RESULT, others: [FRAMES_KEY] },
	all: { ...ALL_RESULTS, others: [FRAMES_KEY] },
};

const RESULT_OPTIONS: INodePropertyOptions[] = [
	{ name: 'Frames (ZIP)', value: 'frames', description: 'Every frame as an EXR image' },
	{ name: 'Video (MP4)', value: 'video', description: 'A video for HDR screens (HLG)' },
	{ name: 'All', value: 'all', description: 'Both, in the binary fields exr_frames and video' },
];

const result: Chosen<ResultFiles> = {
	properties: [
		{
			displayName: 'Result File',
			name: 'resultFile',
			type: 'options',
			options: RESULT_OPTIONS,
			default: 'frames',
			hint: 'Frames can be gigabytes. n8n in queue mode keeps at most 512 MB a file if not set otherwise, after you have paid.',
			description: 'Which of the two results to give as files',
		},
	],
	choose(parameter) {
		const chosen = parameter('resultFile');
		const names = Object.keys(RESULT_FILES);
		const given = chosen === undefined ? 'frames' : chosen;
		return RESULT_FILES[toOneOf('Result File', given, names, RESULT_OPTIONS)];
	},
};

/** What LTX takes and charges by the size of the picture; the larger, the fewer frames. */
const HDR_TIERS = [
	{ name: '1080p', pixels: 1920 * 1080, frames: 273, usdPerSecond: 0.2 },
	{ name: '1440p', pixels: 2560 * 1440, frames: 193, usdPerSecond: 0.4 },
	{ name: '4K', pixels: Infinity, frames: 65, usdPerSecond: 0.8 },
];
const DEAREST_TIER = HDR_TIERS[HDR_TIERS.length - 1];

export const videoToVideoHdr: Endpoint = {
	path: 'video-to-video-hdr',
	name: 'Video to HDR',
	description: 'Richer light for HDR screens. USD 0.20 to 0.80 a second.',
	action: 'Convert video to HDR',
	product: 'HDR video',
	fields: [
		videoField({
			hint: 'At most about 11 seconds at 1080p, 8 at 1440p, 2.7 at 4K',
			details:
				'LTX takes at most 273 frames at 1080p, 193 at 1440p, 65 at 4K, and 200 MB also by URL. Each second is charged.',
		}),
		outputColorspace,
	],
	result,
	describeDocumented: () =>
		`LTX takes (seen in November 2026) at most ${HDR_TIERS.map(({ frames, name }) => `${frames} frames at ${name}`).join(', ')}; its documentation of ${DOCUMENTED_ON} had 181, 101 and 41.`,
	// Each second of the input video, by the size of its picture. The limits are of frames, which say nothing of seconds.
	price({ body, factsOf }) {
		const { seconds, pixels } = factsOf('video_uri');
		if (seconds === undefined) return unknownFor(body, 'length and size');
		const isExact = pixels !== undefined;
		const tier = HDR_TIERS.find((entry) => isExact && pixels <= entry.pixels) ?? DEAREST_TIER;
		return priceOf(tier.usdPerSecond, { seconds, isExact });
	},
};
