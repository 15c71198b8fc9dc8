import { ALL_RESULTS } from '../media/resultFile';
import { NOT_LISTED, PARTNERS_SEEN_ON, UNLISTED } from './catalog/partners';
import type { Endpoint } from './endpoint';
import { videoField } from './fields/shared';

/** What LTX's partners take, and charge for a second of the input video by its short side. */
const LIMITS = 'at most 3072 frames within 3840x2160 or 2160x3840, and 200 MB';
const PARTNERS_PRICES =
	"LTX's partners charge USD 0.10 a second at 1080p, 0.25 at 1440p, 1.00 at 4K";

export const videoAlphaGen: Endpoint = {
	path: 'video-alpha-gen',
	name: 'Cut Out',
	description:
		'Free the subject of a video from its background. Partners of LTX charge USD 0.10 to 1.00 a second.',
	action: 'Cut out subject of video',
	product: 'video cutout',
	fields: [
		videoField({
			hint: NOT_LISTED,
			details: `The job gives two files, each in a binary field of its own: the subject on a transparent background (MOV) and its shape in white on black (MP4). Partners name as limits: ${LIMITS}.`,
		}),
	],
	// Partners do not show what LTX calls the two.
	result: ALL_RESULTS,
	describeDocumented: () => `LTX's partners document (${PARTNERS_SEEN_ON}) videos of ${LIMITS}.`,
	caveat: UNLISTED,
	price: () => ({ unknown: 'Cut Out has no known price', advice: `${PARTNERS_PRICES}.` }),
};
