import { z } from 'zod';

/*
 * What the API takes and how it refuses, written from the vendor's documentation and on purpose
 * without any code of the node: a mistake there must not be mirrored here.
 */

const RESOLUTIONS = [
	'1280x720',
	'720x1280',
	'1920x1080',
	'1080x1920',
	'2560x1440',
	'1440x2560',
	'3840x2160',
	'2160x3840',
] as const;
const UP_TO_FULL_HD: readonly string[] = RESOLUTIONS.slice(0, 4);
const MODELS = ['ltx-2-3-fast', 'ltx-2-3-pro', 'ltx-2-5-fast', 'ltx-2-5-pro'] as const;
const CAMERA_MOTIONS = [
	'dolly_in',
	'dolly_out',
	'dolly_left',
	'dolly_right',
	'jib_up',
	'jib_down',
	'static',
	'focus_shift',
] as const;

const imageUri = z
	.string()
	.refine(
		(uri) =>
			/^ltx:\/\/\S+$/.test(uri) ||
			/^https:\/\/(?!\d+\.\d+\.\d+\.\d+)[^\s/]+\.[^\s/]+\//.test(uri) ||
			/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/=]+$/.test(uri),
		'must be an ltx://, https:// or data: URI',
	);

const imageToVideo = z
	.object({
		image_uri: imageUri,
		prompt: z.string().min(1).max(5000),
		model: z.enum(MODELS),
		duration: z.number().int().positive().nullable(),
		resolution: z.enum(RESOLUTIONS),
		fps: z
			.union([z.literal(24), z.literal(25), z.literal(48), z.literal(50)])
			.optional()
			.default(24),
		generate_audio: z.boolean().optional(),
		camera_motion: z.enum(CAMERA_MOTIONS).optional(),
		last_frame_uri: imageUri.optional(),
	})
	.strict()
	.superRefine((body, context) => {
		const refuse = (message: string) => context.addIssue({ code: 'custom', message });
		if (body.duration === null) {
			if (!body.model.startsWith('ltx-2-5')) refuse(`${body.model} needs a duration`);
			if (body.last_frame_uri) refuse('duration must be set together with last_frame_uri');
			return;
		}
		const takesLong =
			body.model.endsWith('-fast') && UP_TO_FULL_HD.includes(body.resolution) && body.fps <= 25;
		const longest = takesLong ? 20 : 10;
		if (body.duration % 2 !== 0 || body.duration < 6 || body.duration > longest) {
			refuse(
				`Unsupported combination: ${body.model}, ${body.resolution}, ${body.fps} fps, ${body.duration} s`,
			);
		}
	});

/** The endpoints that take jobs, and the check of each one's body. */
export const ENDPOINTS = { 'image-to-video': { body: imageToVideo, resultKey: 'video_url' } };

export type EndpointPath = keyof typeof ENDPOINTS;

/** HTTP status of each documented error type. */
export const ERROR_STATUS = {
	invalid_request_error: 400,
	authentication_error: 401,
	insufficient_funds_error: 402,
	permission_error: 403,
	not_found_error: 404,
	content_filtered_error: 422,
	concurrency_limit_error: 429,
	rate_limit_error: 429,
	api_error: 500,
	service_unavailable_error: 503,
	service_unavailable: 503,
	overloaded_error: 529,
} as const;

export type ErrorType = keyof typeof ERROR_STATUS;

export function errorBody(type: string, message: string) {
	return { type: 'error', error: { type, message } };
}
