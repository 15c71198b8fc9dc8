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

/** What a file may be, by the first half of its media type. */
export type FileKind = 'image' | 'video' | 'audio';

const DATA_TYPES: Record<FileKind, string> = {
	image: 'png|jpeg|webp',
	video: 'mp4|quicktime|x-matroska',
	audio: 'mpeg|mp4|ogg|wav',
};

function uri(kind: FileKind) {
	const dataUri = new RegExp(`^data:${kind}/(${DATA_TYPES[kind]});base64,[A-Za-z0-9+/=]+$`);
	return z
		.string()
		.refine(
			(text) =>
				/^ltx:\/\/\S+$/.test(text) ||
				/^https:\/\/(?!\d+\.\d+\.\d+\.\d+)[^\s/]+\.[^\s/]+\//.test(text) ||
				dataUri.test(text),
			'must be an ltx://, https:// or data: URI',
		);
}

const prompt = z.string().min(1).max(5000);
const fps = z
	.union([z.literal(24), z.literal(25), z.literal(48), z.literal(50)])
	.optional()
	.default(24);
const cameraMotion = z.enum(CAMERA_MOTIONS).optional();
const editingModel = z.literal('ltx-2-3-pro').optional();
const fullHd = z.enum(['1920x1080', '1080x1920']).optional();

const generated = {
	prompt,
	model: z.enum(MODELS),
	duration: z.number().int().positive().nullable(),
	resolution: z.enum(RESOLUTIONS),
	fps,
	generate_audio: z.boolean().optional(),
	camera_motion: cameraMotion,
};

interface Generated {
	model: string;
	duration: number | null;
	resolution: string;
	fps: number;
	last_frame_uri?: string;
}

/** Why a combination is not supported. */
function refusalOf(body: Generated): string | undefined {
	if (body.duration === null) {
		if (!body.model.startsWith('ltx-2-5')) return `${body.model} needs a duration`;
		if (body.last_frame_uri) return 'duration must be set together with last_frame_uri';
		return undefined;
	}
	const takesLong =
		body.model.endsWith('-fast') && UP_TO_FULL_HD.includes(body.resolution) && body.fps <= 25;
	const longest = takesLong ? 20 : 10;
	return body.duration % 2 !== 0 || body.duration < 6 || body.duration > longest
		? `Unsupported combination: ${body.model}, ${body.resolution}, ${body.fps} fps, ${body.duration} s`
		: undefined;
}

type Refine<T> = (body: T, context: z.RefinementCtx) => void;

function refuseIf<T>(reasonOf: (body: T) => string | undefined): Refine<T> {
	return (body, context) => {
		const message = reasonOf(body);
		if (message) context.addIssue({ code: 'custom', message });
	};
}

const textToVideo = z.object(generated).strict().superRefine(refuseIf(refusalOf));

const imageToVideo = z
	.object({ ...generated, image_uri: uri('image'), last_frame_uri: uri('image').optional() })
	.strict()
	.superRefine(refuseIf(refusalOf));

const audioToVideo = z
	.object({
		audio_uri: uri('audio'),
		image_uri: uri('image').optional(),
		prompt: prompt.optional(),
		resolution: fullHd,
		model: z.enum(['ltx-2-3-pro', 'ltx-2-5-fast', 'ltx-2-5-pro']).optional(),
		fps,
		last_frame_uri: uri('image').optional(),
		camera_motion: cameraMotion,
	})
	.strict()
	.superRefine(
		refuseIf(({ image_uri, last_frame_uri, prompt: text }) => {
			if (!image_uri && !text) return 'image_uri or prompt is required';
			return last_frame_uri && !image_uri ? 'last_frame_uri needs image_uri' : undefined;
		}),
	);

const retake = z
	.object({
		video_uri: uri('video'),
		start_time: z.number().min(0),
		duration: z.number().min(2),
		prompt: prompt.optional(),
		mode: z.enum(['replace_audio_and_video', 'replace_audio', 'replace_video']).optional(),
		resolution: fullHd,
		model: editingModel,
	})
	.strict();

const extend = z
	.object({
		video_uri: uri('video'),
		duration: z.number().min(2).max(20),
		prompt: prompt.optional(),
		mode: z.enum(['end', 'start']).optional(),
		context: z.number().min(1).max(20).optional(),
		model: editingModel,
	})
	.strict()
	.superRefine(
		refuseIf(({ context, duration }) =>
			// As for a video of 24 frames a second.
			context !== undefined && (context + duration) * 24 > 505
				? 'context and duration exceed 505 frames'
				: undefined,
		),
	);

const videoToVideoHdr = z.object({ video_uri: uri('video') }).strict();

const videoToVideoReframe = z
	.object({
		video_uri: uri('video'),
		resolution: z.enum([
			'720x720',
			'1080x1080',
			'720x900',
			'1080x1350',
			'900x720',
			'1350x1080',
			'720x1280',
			'1080x1920',
			'1280x720',
			'1920x1080',
		]),
		model: editingModel,
	})
	.strict();

const VIDEO = { key: 'video_url', extension: 'mp4', contentType: 'video/mp4' };
const FRAMES = { key: 'exr_frames_url', extension: 'zip', contentType: 'application/zip' };

/** The endpoints that take jobs, the check of each one's body, and what each one makes. */
export const ENDPOINTS = {
	'image-to-video': { body: imageToVideo, result: VIDEO },
	'text-to-video': { body: textToVideo, result: VIDEO },
	'audio-to-video': { body: audioToVideo, result: VIDEO },
	retake: { body: retake, result: VIDEO },
	extend: { body: extend, result: VIDEO },
	'video-to-video-hdr': { body: videoToVideoHdr, result: FRAMES },
	'video-to-video-reframe': { body: videoToVideoReframe, result: VIDEO },
};

/** The fields of requests that refer to files, and what each of them takes. */
export const FILE_FIELDS: Record<string, FileKind> = {
	image_uri: 'image',
	last_frame_uri: 'image',
	audio_uri: 'audio',
	video_uri: 'video',
};

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
