import { z } from 'zod';

import type { MediaFacts } from './mediaFacts';

/*
 * What the API takes and how it refuses, as of November 2026. Written from the vendor's
 * documentation and from what partners' clients show, and on purpose without any code of the node: a
 * mistake there must not be mirrored here.
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

const ANCHORS = [
	'center',
	'top',
	'bottom',
	'left',
	'right',
	'top_left',
	'top_right',
	'bottom_left',
	'bottom_right',
] as const;

/** What a file may be, by the first half of its media type. */
export type FileKind = 'image' | 'video' | 'audio';
/** How a file comes to the API. */
export type FileWay = 'data' | 'url' | 'upload';
type MostMebibytes = Record<FileWay, number>;

/** Of a data URI the encoded text counts. */
const MOST_MEBIBYTES: Record<FileKind, MostMebibytes> = {
	image: { data: 7, url: 15, upload: 15 },
	video: { data: 15, url: 32, upload: 200 },
	audio: { data: 15, url: 32, upload: 200 },
};

/** The fields of requests that refer to files, and what each of them takes. */
export const FILE_FIELDS: Record<string, FileKind> = {
	image_uri: 'image',
	last_frame_uri: 'image',
	audio_uri: 'audio',
	video_uri: 'video',
};

const DATA_TYPES: Record<FileKind, string> = {
	image: 'png|jpeg|webp',
	video: 'mp4|quicktime|x-matroska',
	audio: 'mpeg|mp4|ogg|wav',
};

/** Looks for what is wrong: to match megabytes of what is right can take more than V8's stack. */
function isBase64(text: string): boolean {
	const encoded = text.replace(/={1,2}$/, '');
	return encoded !== '' && !/[^A-Za-z0-9+/]/.test(encoded);
}

/** Whether there is a file behind it is not seen here. */
function uri(kind: FileKind) {
	const dataUriHead = new RegExp(`^data:${kind}/(${DATA_TYPES[kind]});base64,`);
	const isDataUri = (text: string): boolean => {
		const [head] = dataUriHead.exec(text) ?? [];
		return head !== undefined && isBase64(text.slice(head.length));
	};
	return z
		.string()
		.refine(
			(text) => /^(ltx|https?):\/\/\S+$/.test(text) || isDataUri(text),
			'must be an ltx://, https:// or data: URI',
		);
}

/** Characters, of which an emoji is one. */
const text = z.string().refine((value) => [...value].length <= 5000, 'at most 5000 characters');
const prompt = text.refine((value) => value !== '', 'must not be empty');
const fps = z
	.union([z.literal(24), z.literal(25), z.literal(48), z.literal(50)])
	.optional()
	.default(24);
const cameraMotion = z.enum(CAMERA_MOTIONS).optional();
const editingModel = z.literal('ltx-2-3-pro');

const generated = {
	prompt,
	model: z.enum(MODELS),
	duration: z.number().int().nullable(),
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

/** Documented nowhere, but listed by the vendor's own clients and by partners for the 2.5 models. */
const FEW_SECONDS = [2, 3, 4, 5];
const SHORT_SECONDS = [6, 8, 10];
const LONG_SECONDS = [12, 14, 16, 18, 20];

/** Why a combination is not supported. */
function refusalOf(body: Generated): string | undefined {
	const isNewer = body.model.startsWith('ltx-2-5');
	if (body.duration === null) {
		if (!isNewer) return `${body.model} needs a duration`;
		return body.last_frame_uri && 'duration must be set together with last_frame_uri';
	}
	const takesLong =
		body.model.endsWith('-fast') && UP_TO_FULL_HD.includes(body.resolution) && body.fps <= 25;
	const few = isNewer ? FEW_SECONDS : [];
	return [...few, ...SHORT_SECONDS, ...(takesLong ? LONG_SECONDS : [])].includes(body.duration)
		? undefined
		: `Unsupported combination: ${body.model}, ${body.resolution}, ${body.fps} fps, ${body.duration} s`;
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
		prompt: text.optional(),
		resolution: z.enum(RESOLUTIONS).optional(),
		model: z.enum(['ltx-2-3-pro', 'ltx-2-5-fast', 'ltx-2-5-pro']).optional(),
		fps,
		last_frame_uri: uri('image').optional(),
		camera_motion: cameraMotion,
	})
	.strict()
	.superRefine(
		refuseIf(({ image_uri, last_frame_uri, prompt: words }) => {
			if (!image_uri && !words) return 'image_uri or prompt is required';
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
		resolution: z.enum(['1920x1080', '1080x1920']).optional(),
		model: editingModel.optional(),
	})
	.strict();

const extend = z
	.object({
		video_uri: uri('video'),
		duration: z.number().min(2).max(20),
		prompt: prompt.optional(),
		mode: z.enum(['end', 'start']).optional(),
		context: z.number().min(1).max(20).optional(),
		model: editingModel.optional(),
	})
	.strict();

const videoToVideoHdr = z
	.object({
		video_uri: uri('video'),
		output_colorspace: z.enum(['acescg', 'acescct', 'srgb_linear', 'aces2065-1']).optional(),
	})
	.strict();

const fraction = z.number().min(0).max(1);
const side = fraction.gt(0).optional();

const videoToVideoReframe = z
	.object({
		video_uri: uri('video'),
		// Ignored since September 2026; the published schema still requires it.
		model: editingModel,
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
		placement: z
			.union([
				z.object({ anchor: z.enum(ANCHORS) }).strict(),
				z
					.object({ x: fraction, y: fraction, width: side, height: side })
					.strict()
					.refine(
						({ width, height }) => width !== undefined || height !== undefined,
						'width or height is required',
					),
			])
			.optional(),
	})
	.strict();

const videoUpscale = z
	.object({ video_uri: uri('video'), resolution: z.enum(['1080p', '4k', '8k']) })
	.strict();

const videoAlphaGen = z.object({ video_uri: uri('video') }).strict();

/** What is documented for retake and extend alike. */
function notEditable({ frames, width, height }: MediaFacts): string | undefined {
	if (frames !== undefined && frames < 73) return `${frames} frames, at least 73 are needed`;
	return notUpTo4K({ width, height });
}

function notUpTo4K({ width = 0, height = 0 }: MediaFacts): string | undefined {
	return Math.max(width, height) > 3840 || Math.min(width, height) > 2160
		? `${width}x${height} exceeds 4K`
		: undefined;
}

const EXTEND_FRAMES = 505;
/** Of a video that cannot be read. */
const USUAL_FPS = 24;

function notExtendable(body: z.output<typeof extend>, facts: MediaFacts): string | undefined {
	const { fps: rate = USUAL_FPS, width = 16, height = 9 } = facts;
	// Encoders that need whole blocks make 1920x1088 of 1920x1080.
	const isWide =
		Math.abs((Math.max(width, height) / Math.min(width, height)) * (9 / 16) - 1) < 0.01;
	if (!isWide) return `${width}x${height} is neither 16:9 nor 9:16`;
	const frames = Math.round(((body.context ?? 0) + body.duration) * rate);
	return frames > EXTEND_FRAMES
		? `context and duration are ${frames} frames, at most ${EXTEND_FRAMES} are possible`
		: notEditable(facts);
}

/** The larger numbers of November 2026; 181, 101 and 41 in September. */
const HDR_TIERS = [
	{ pixels: 1920 * 1080, mostFrames: 273 },
	{ pixels: 2560 * 1440, mostFrames: 193 },
	{ pixels: 3840 * 2160, mostFrames: 65 },
];

function notForHdr(facts: MediaFacts): string | undefined {
	const { frames = 0, width = 0, height = 0 } = facts;
	const tooLarge = notUpTo4K(facts);
	if (tooLarge) return tooLarge;
	const { mostFrames } = HDR_TIERS.find(({ pixels }) => width * height <= pixels) ?? HDR_TIERS[2];
	return frames > mostFrames
		? `${frames} frames, at most ${mostFrames} at ${width}x${height}`
		: undefined;
}

function notForReframe({ seconds = 0, frames = 0, width, height }: MediaFacts): string | undefined {
	if (seconds > 60) return `${seconds} s, at most 60 s are possible`;
	if (frames > 1800) return `${frames} frames, at most 1800 are possible`;
	return [width, height].some((pixels) => pixels !== undefined && (pixels < 64 || pixels > 4096))
		? `${width}x${height}: each side must have 64 to 4096 pixels`
		: undefined;
}

const UPSCALE_FRAMES = { '1080p': 2401, '4k': 601, '8k': 241 };

function notForUpscale(
	{ resolution }: z.output<typeof videoUpscale>,
	{ frames, width, height }: MediaFacts,
): string | undefined {
	const mostFrames = UPSCALE_FRAMES[resolution];
	if (frames !== undefined && (frames < 2 || frames > mostFrames)) {
		return `${frames} frames, 2 to ${mostFrames} are possible for ${resolution}`;
	}
	if (width === undefined || height === undefined) return undefined;
	if (Math.min(width, height) < 480) return `${width}x${height}: at least 480 pixels are needed`;
	return width > 7680 || height > 4320 ? `${width}x${height} exceeds 7680x4320` : undefined;
}

function notForAlphaGen(facts: MediaFacts): string | undefined {
	const { frames = 0 } = facts;
	return frames > 3072 ? `${frames} frames, at most 3072 are possible` : notUpTo4K(facts);
}

function notASoundtrack(
	{ model, resolution }: z.output<typeof audioToVideo>,
	{ seconds }: MediaFacts,
): string | undefined {
	const isLarge = resolution !== undefined && !UP_TO_FULL_HD.includes(resolution);
	const longest = model === 'ltx-2-5-pro' || isLarge ? 10 : 20;
	return seconds !== undefined && (seconds < 2 || seconds > longest)
		? `${seconds} s of sound, 2 to ${longest} s are possible`
		: undefined;
}

/** A file of a finished job. Of one job, the extensions differ. */
export interface ResultFile {
	key: string;
	extension: 'mp4' | 'mov' | 'zip';
	contentType: string;
}

const VIDEO: ResultFile = { key: 'video_url', extension: 'mp4', contentType: 'video/mp4' };
const FRAMES: ResultFile = {
	key: 'exr_frames_url',
	extension: 'zip',
	contentType: 'application/zip',
};
const PRORES: ResultFile = {
	key: 'prores_url',
	extension: 'mov',
	contentType: 'video/quicktime',
};
const MATTE: ResultFile = { ...VIDEO, key: 'matte_url' };

export interface Endpoint {
	results: ResultFile[];
	/** The body with its defaults, or why it is refused. */
	parse(json: unknown): { body: Record<string, unknown> } | { refusal: string };
	/** Why a job fails whose sound or video is this one. `body` is what `parse` gave. */
	failureOf(body: Record<string, unknown>, facts: MediaFacts): string | undefined;
	/** How large a file may be. */
	mostMebibytes(kind: FileKind, way: FileWay): number;
}

function endpoint<Schema extends z.AnyZodObject | z.ZodEffects<z.AnyZodObject>>(
	schema: Schema,
	results: ResultFile[],
	failureOf?: (body: z.output<Schema>, facts: MediaFacts) => string | undefined,
	most?: Partial<MostMebibytes>,
): Endpoint {
	return {
		results,
		parse(json) {
			const parsed = schema.safeParse(json);
			if (parsed.success) return { body: parsed.data };
			const [{ path, message }] = parsed.error.issues;
			return { refusal: path.length > 0 ? `${path.join('.')}: ${message}` : message };
		},
		failureOf: (body, facts) => failureOf?.(body as z.output<Schema>, facts),
		mostMebibytes: (kind, way) => most?.[way] ?? MOST_MEBIBYTES[kind][way],
	};
}

/** The endpoints that take jobs. */
export const ENDPOINTS = {
	'image-to-video': endpoint(imageToVideo, [VIDEO]),
	'text-to-video': endpoint(textToVideo, [VIDEO]),
	'audio-to-video': endpoint(audioToVideo, [VIDEO], notASoundtrack),
	retake: endpoint(retake, [VIDEO], (_body, facts) => notEditable(facts)),
	extend: endpoint(extend, [VIDEO], notExtendable, { upload: 100 }),
	'video-to-video-hdr': endpoint(
		videoToVideoHdr,
		[FRAMES, VIDEO],
		(_body, facts) => notForHdr(facts),
		{ url: 200 },
	),
	'video-to-video-reframe': endpoint(
		videoToVideoReframe,
		[VIDEO],
		(_body, facts) => notForReframe(facts),
		{ url: 200 },
	),
	// As LTX's partners document them in November 2026; LTX itself does not. The names of the two
	// results of the second are made up here.
	'video-upscale': endpoint(videoUpscale, [VIDEO], notForUpscale, { url: 200 }),
	'video-alpha-gen': endpoint(
		videoAlphaGen,
		[PRORES, MATTE],
		(_body, facts) => notForAlphaGen(facts),
		{ url: 200 },
	),
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
