import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';

import { ENDPOINTS, type EndpointPath } from '../../tools/ltx-server/contract';
import { gzipped, lastByteLate, retryAtDate } from '../../tools/ltx-server/faults';
import { LtxServer } from '../../tools/ltx-server/LtxServer';
import { movieOf, type Movie } from '../../tools/samples/movie';
import { PNG, sample, WAVES } from '../../tools/samples/samples';

type Body = Record<string, unknown>;

const MEBIBYTE = 1024 * 1024;
const IMAGE = 'https://images.example.com/a.png';
const SOUND = 'https://sounds.example.com/a.mp3';
const VIDEO = 'https://videos.example.com/a.mp4';

let server: LtxServer;

beforeEach(async () => {
	server = await LtxServer.start({ jobMs: 0 });
});

afterEach(async () => {
	expect(server.violations).toEqual([]);
	await server.stop();
});

async function call(method: string, path: string, body?: Body) {
	const response = await fetch(`${server.apiUrl}${path}`, {
		method,
		headers: { Authorization: `Bearer ${server.apiKey}` },
		...(body && { body: JSON.stringify(body) }),
	});
	return { status: response.status, json: (await response.json()) as Body };
}

const submit = async (endpoint: string, body: Body) => await call('POST', `/v2/${endpoint}`, body);

/** What becomes of a request: the job as it ended, or the error of its submit. */
async function outcomeOf(endpoint: string, body: Body): Promise<Body> {
	const { status, json } = await submit(endpoint, body);
	if (status !== 202) return { status, ...(json.error as Body) };
	const { json: job } = await call('GET', `/v2/${endpoint}/${String(json.id)}`);
	return { ...job, ...(job.error as Body | undefined) };
}

async function upload(bytes: Buffer, contentType: string): Promise<string> {
	const { json } = await call('POST', '/v1/upload');
	const { status } = await fetch(String(json.upload_url), {
		method: 'PUT',
		headers: { ...(json.required_headers as Record<string, string>), 'Content-Type': contentType },
		body: new Uint8Array(bytes),
	});
	expect(status).toBe(200);
	return String(json.storage_uri);
}

const generated = { prompt: 'Waves', model: 'ltx-2-3-fast', duration: 6, resolution: '1280x720' };

/** A good request of each endpoint, with nothing but what is required. */
const REQUIRED: Record<EndpointPath, Body> = {
	'image-to-video': { ...generated, image_uri: IMAGE },
	'text-to-video': generated,
	'audio-to-video': { audio_uri: SOUND, prompt: 'Waves' },
	retake: { video_uri: VIDEO, start_time: 0, duration: 2 },
	extend: { video_uri: VIDEO, duration: 2 },
	'video-to-video-hdr': { video_uri: VIDEO },
	'video-to-video-reframe': { video_uri: VIDEO, model: 'ltx-2-3-pro', resolution: '720x720' },
	'video-upscale': { video_uri: VIDEO, resolution: '4k' },
	'video-alpha-gen': { video_uri: VIDEO },
};
const ENDPOINT_PATHS = Object.keys(REQUIRED) as EndpointPath[];
const REFRAME = 'video-to-video-reframe';

it('has a request of every endpoint to test with', () => {
	expect(ENDPOINT_PATHS).toEqual(Object.keys(ENDPOINTS));
});

describe.each(ENDPOINT_PATHS)('%s', (endpoint) => {
	it('takes its required fields, and not less', async () => {
		const body = REQUIRED[endpoint];
		expect(await outcomeOf(endpoint, body)).toMatchObject({ status: 'completed' });
		for (const field of Object.keys(body)) {
			expect(await outcomeOf(endpoint, { ...body, [field]: undefined })).toMatchObject({
				status: 400,
				type: 'invalid_request_error',
				message: expect.stringContaining(field),
			});
		}
	});

	it('takes no field that it does not know', async () => {
		const { status } = await submit(endpoint, { ...REQUIRED[endpoint], seed: 1 });
		expect(status).toBe(400);
	});
});

it.each<[EndpointPath, string, unknown[]]>([
	['image-to-video', 'last_frame_uri', [IMAGE]],
	['image-to-video', 'generate_audio', [true, false]],
	['text-to-video', 'camera_motion', ['dolly_in', 'jib_down', 'static', 'focus_shift']],
	['text-to-video', 'prompt', ['🌊'.repeat(5000)]],
	['text-to-video', 'model', ['ltx-2-3-pro', 'ltx-2-5-fast', 'ltx-2-5-pro']],
	['audio-to-video', 'image_uri', [IMAGE]],
	['audio-to-video', 'model', ['ltx-2-3-pro', 'ltx-2-5-fast', 'ltx-2-5-pro']],
	['audio-to-video', 'fps', [24, 25, 48, 50]],
	['audio-to-video', 'resolution', ['1280x720', '720x1280', '1920x1080', '1080x1920']],
	['audio-to-video', 'resolution', ['2560x1440', '1440x2560', '3840x2160', '2160x3840']],
	['retake', 'mode', ['replace_audio_and_video', 'replace_audio', 'replace_video']],
	['retake', 'resolution', ['1920x1080', '1080x1920']],
	['retake', 'start_time', [1.25]],
	['extend', 'mode', ['end', 'start']],
	['extend', 'context', [1, 2.5, 19]],
	['extend', 'duration', [2.5, 20]],
	['extend', 'model', ['ltx-2-3-pro']],
	['video-to-video-hdr', 'output_colorspace', ['acescg', 'acescct', 'srgb_linear', 'aces2065-1']],
	[REFRAME, 'resolution', ['720x720', '1080x1080', '720x900', '1080x1350', '900x720']],
	[REFRAME, 'resolution', ['1350x1080', '720x1280', '1080x1920', '1280x720', '1920x1080']],
	[
		REFRAME,
		'placement',
		['center', 'top', 'bottom', 'left', 'right'].map((anchor) => ({ anchor })),
	],
	[REFRAME, 'placement', ['top_left', 'top_right', 'bottom_left'].map((anchor) => ({ anchor }))],
	[REFRAME, 'placement', [{ anchor: 'bottom_right' }]],
	[REFRAME, 'placement', [{ x: 0, y: 0.25, width: 1 }]],
	[REFRAME, 'placement', [{ x: 0, y: 0, width: 0.5, height: 0.5 }]],
	['video-upscale', 'resolution', ['1080p', '4k', '8k']],
])('%s takes as %s each of %j', async (endpoint, field, values) => {
	for (const value of values) {
		const outcome = await outcomeOf(endpoint, { ...REQUIRED[endpoint], [field]: value });
		expect([value, outcome.status]).toEqual([value, 'completed']);
	}
});

it.each<[EndpointPath, Body]>([
	['text-to-video', { model: 'ltx-2-fast' }],
	['text-to-video', { fps: 30 }],
	['text-to-video', { camera_motion: 'orbit' }],
	['text-to-video', { resolution: '1024x1024' }],
	['text-to-video', { prompt: 'x'.repeat(5001) }],
	['text-to-video', { prompt: '' }],
	['text-to-video', { duration: '6' }],
	['text-to-video', { duration: 6.5 }],
	['text-to-video', { duration: null }],
	['image-to-video', { model: 'ltx-2-5-pro', duration: null, last_frame_uri: IMAGE }],
	['audio-to-video', { model: 'ltx-2-3-fast' }],
	['audio-to-video', { last_frame_uri: IMAGE }],
	['audio-to-video', { prompt: '' }],
	['retake', { start_time: -1 }],
	['retake', { duration: 1.9 }],
	['retake', { resolution: '1280x720' }],
	['retake', { model: 'ltx-2-5-pro' }],
	['extend', { duration: 1.9 }],
	['extend', { duration: 20.5 }],
	['extend', { context: 0.5 }],
	['extend', { context: 20.5 }],
	['video-to-video-hdr', { output_colorspace: 'rec709' }],
	[REFRAME, { model: 'ltx-2-5-pro' }],
	[REFRAME, { resolution: '640x640' }],
	[REFRAME, { placement: { anchor: 'middle' } }],
	[REFRAME, { placement: { x: 0, y: 0 } }],
	[REFRAME, { placement: { y: 0, width: 1 } }],
	[REFRAME, { placement: { x: 0, y: 0, width: 1.5 } }],
	[REFRAME, { placement: { anchor: 'top', x: 0, y: 0, width: 1 } }],
	['video-upscale', { resolution: '1920x1080' }],
])('%s refuses %j', async (endpoint, changes) => {
	expect(await outcomeOf(endpoint, { ...REQUIRED[endpoint], ...changes })).toMatchObject({
		status: 400,
		type: 'invalid_request_error',
	});
	expect(server.jobs).toEqual([]);
});

it('takes the combinations of model, resolution, frame rate and duration that are documented, and a few seconds with 2.5', () => {
	const longFrom12 = [12, 14, 16, 18, 20];
	const rows: Array<[string, string[], number[], number[]]> = [
		['fast', ['1280x720', '1080x1920'], [24, 25], longFrom12],
		['fast', ['1280x720', '1080x1920'], [48, 50], []],
		['fast', ['2560x1440', '2160x3840'], [24, 25, 48, 50], []],
		['pro', ['720x1280', '1920x1080', '1440x2560', '3840x2160'], [24, 25, 48, 50], []],
	];
	for (const [speed, resolutions, rates, long] of rows) {
		for (const version of ['2-3', '2-5']) {
			const model = `ltx-${version}-${speed}`;
			const few = version === '2-5' ? [2, 3, 4, 5] : [];
			for (const resolution of resolutions) {
				for (const fps of rates) {
					const taken = Array.from({ length: 24 }, (_, duration) => duration).filter(
						(duration) =>
							'body' in
							ENDPOINTS['text-to-video'].parse({ ...generated, model, resolution, fps, duration }),
					);
					expect([model, resolution, fps, taken]).toEqual([
						model,
						resolution,
						fps,
						[...few, 6, 8, 10, ...long],
					]);
				}
			}
		}
	}
	const automatic = { ...generated, model: 'ltx-2-5-fast', duration: null };
	expect(ENDPOINTS['text-to-video'].parse(automatic)).toHaveProperty('body');
});

describe('an address', () => {
	it.each([
		'https://images.example.com/a.png',
		'https://example.org/a.png?size=1#x',
		'https://cdn.example/a.png',
		'data:image/png;base64,iVBORw0KGgo=',
	])('is fetched: %s', async (image_uri) => {
		const body = { ...REQUIRED['image-to-video'], image_uri };
		expect(await outcomeOf('image-to-video', body)).toMatchObject({ status: 'completed' });
	});

	it.each([
		['https://no-such-host.invalid/a.png', 'could not be fetched'],
		['https://example.com.invalid/a.png', 'could not be fetched'],
		['http://images.example.com/a.png', 'could not be fetched'],
		['https://203.0.113.7/a.png', 'could not be fetched'],
		['ltx://uploads/none', 'could not be fetched'],
		['https://', 'must be an ltx://'],
		['/tmp/a.png', 'must be an ltx://'],
		['data:image/gif;base64,R0lGODlh', 'must be an ltx://'],
		['data:image/png,hello', 'must be an ltx://'],
	])('is refused: %s', async (image_uri, reason) => {
		const body = { ...REQUIRED['image-to-video'], image_uri };
		expect(await outcomeOf('image-to-video', body)).toMatchObject({
			status: 400,
			type: 'invalid_request_error',
			message: expect.stringContaining(reason),
		});
	});

	it('may be that of a result, until it expires', async () => {
		const { result } = await outcomeOf('text-to-video', generated);
		const body = { ...REQUIRED.extend, video_uri: (result as Body).video_url };
		expect(await outcomeOf('extend', body)).toMatchObject({ status: 'completed' });
		server.expireUrls();
		expect(await outcomeOf('extend', body)).toMatchObject({
			status: 400,
			message: 'video_uri: the file could not be fetched',
		});
	});
});

describe('the size of a file', () => {
	const dataUri = (type: string, length: number) => `data:${type};base64,`.padEnd(length, 'A');
	const stored = (uri: string, contentType: string, bytes: number) => {
		server.files.set(uri, { bytes: Buffer.alloc(bytes), contentType });
		return uri;
	};

	it.each<[string, EndpointPath, string, () => string, number]>([
		[
			'an image in a data URI',
			'image-to-video',
			'image_uri',
			() => dataUri('image/png', 7 * MEBIBYTE + 1),
			7,
		],
		[
			'a sound in a data URI',
			'audio-to-video',
			'audio_uri',
			() => dataUri('audio/mpeg', 15 * MEBIBYTE + 1),
			15,
		],
		[
			'an uploaded image',
			'image-to-video',
			'image_uri',
			() => stored('ltx://a', 'image/png', 15 * MEBIBYTE + 1),
			15,
		],
		[
			'an image by URL',
			'image-to-video',
			'image_uri',
			() => stored(IMAGE, 'image/png', 15 * MEBIBYTE + 1),
			15,
		],
		[
			'a video by URL',
			'retake',
			'video_uri',
			() => stored(VIDEO, 'video/mp4', 32 * MEBIBYTE + 1),
			32,
		],
		[
			'a video to extend',
			'extend',
			'video_uri',
			() => stored('ltx://a', 'video/mp4', 100 * MEBIBYTE + 1),
			100,
		],
	])('is limited: %s', async (_name, endpoint, field, uriOf, most) => {
		expect(await outcomeOf(endpoint, { ...REQUIRED[endpoint], [field]: uriOf() })).toMatchObject({
			status: 400,
			message: `${field}: larger than ${most} MB`,
		});
	});

	it('may be just the limit, and is higher for a video to reframe', async () => {
		const image_uri = stored('ltx://a', 'image/png', 15 * MEBIBYTE);
		const image = { ...REQUIRED['image-to-video'], image_uri };
		expect(await outcomeOf('image-to-video', image)).toMatchObject({ status: 'completed' });
		server.files.set(VIDEO, {
			bytes: movieOf({ contentBytes: 33 * MEBIBYTE }),
			contentType: 'video/mp4',
		});
		expect(await outcomeOf(REFRAME, REQUIRED[REFRAME])).toMatchObject({ status: 'completed' });
	});

	it('is at most 200 MiB for an upload', async () => {
		const { json } = await call('POST', '/v1/upload');
		const headers = { 'Content-Length': 200 * MEBIBYTE + 1, 'Content-Type': 'video/mp4' };
		const put = request(String(json.upload_url), { method: 'PUT', headers });
		put.flushHeaders();
		const [{ statusCode }] = (await once(put, 'response')) as [IncomingMessage];
		expect(statusCode).toBe(413);
		put.destroy();
	});
});

/** A stream of MP3 frames, which may be repeated: of 0.504 s each time. */
const soundOf = (times: number) =>
	Buffer.concat(Array.from({ length: times }, () => sample('sound-without-tag.mp3')));

describe('a sound', () => {
	const outcome = async (changes: Body, bytes: Buffer, contentType = 'audio/mpeg') => {
		const audio_uri = await upload(bytes, contentType);
		return await outcomeOf('audio-to-video', {
			...REQUIRED['audio-to-video'],
			...changes,
			audio_uri,
		});
	};

	it.each<[string, Buffer, string, Body]>([
		['MP3', WAVES, 'audio/mpeg', {}],
		['M4A', sample('sound-in-mp4.m4a'), 'audio/mp4', {}],
		['compressed WAV', sample('sound-adpcm.wav'), 'audio/wav', {}],
		['just over 2 s', soundOf(4), 'audio/mpeg', {}],
		['almost 20 s', soundOf(39), 'audio/mpeg', { model: 'ltx-2-5-fast', resolution: '1080x1920' }],
		['almost 10 s for 4K', soundOf(19), 'audio/mpeg', { resolution: '3840x2160' }],
		['almost 10 s for 2.5 Pro', soundOf(19), 'audio/mpeg', { model: 'ltx-2-5-pro' }],
	])('is taken: %s', async (_name, bytes, contentType, changes) => {
		expect(await outcome(changes, bytes, contentType)).toMatchObject({ status: 'completed' });
	});

	it.each<[string, Buffer, Body, RegExp]>([
		['below 2 s', soundOf(3), {}, /2 to 20 s are possible/],
		['over 20 s', soundOf(40), {}, /2 to 20 s are possible/],
		['over 10 s for 1440p', soundOf(20), { resolution: '1440x2560' }, /2 to 10 s are possible/],
		['over 10 s for 2.5 Pro', soundOf(20), { model: 'ltx-2-5-pro' }, /2 to 10 s are possible/],
		['PCM', sample('sound-pcm.wav'), {}, /unsupported format: pcm-s16/],
		['FLAC', sample('sound.flac'), {}, /unsupported format/],
		['no sound', sample('video.mp4'), {}, /unsupported format: none/],
		['a text', Buffer.from('hello there, this is text'), {}, /unsupported format/],
	])('makes the job fail: %s', async (_name, bytes, changes, message) => {
		expect(await outcome(changes, bytes)).toMatchObject({
			status: 'failed',
			type: 'invalid_request_error',
			message: expect.stringMatching(message),
		});
		expect(server.billedJobs).toBe(0);
	});

	it('is read from a data URI too', async () => {
		const audio_uri = `data:audio/mpeg;base64,${soundOf(3).toString('base64')}`;
		const body = { ...REQUIRED['audio-to-video'], audio_uri };
		expect(await outcomeOf('audio-to-video', body)).toMatchObject({ status: 'failed' });
	});

	it('is no image, by its label', async () => {
		const image_uri = await upload(WAVES, 'audio/mpeg');
		const body = { ...REQUIRED['image-to-video'], image_uri };
		expect(await outcomeOf('image-to-video', body)).toMatchObject({
			status: 400,
			message: 'image_uri: audio/mpeg is no image',
		});
		expect(await outcome({ image_uri: await upload(PNG, 'image/png') }, WAVES)).toMatchObject({
			status: 'completed',
		});
	});
});

describe('a video', () => {
	const outcome = async (endpoint: EndpointPath, changes: Body, bytes: Buffer) => {
		const video_uri = await upload(bytes, 'video/mp4');
		return await outcomeOf(endpoint, { ...REQUIRED[endpoint], ...changes, video_uri });
	};
	const large = { width: 2560, height: 1440 };
	const fourK = { width: 3840, height: 2160 };

	it.each(['video.mov', 'video.mkv', 'video.mp4'])('is taken as %s', async (name) => {
		for (const endpoint of ['retake', 'extend', 'video-to-video-hdr', 'video-alpha-gen'] as const) {
			expect(await outcome(endpoint, {}, sample(name))).toMatchObject({ status: 'completed' });
		}
	});

	it.each(['video.avi', 'video.webm', 'sound.m4a'])('is not taken as %s', async (name) => {
		expect(await outcome('video-upscale', {}, sample(name))).toMatchObject({
			status: 'failed',
			message: expect.stringContaining('unsupported format'),
		});
	});

	it.each<[EndpointPath, Body, Movie]>([
		['retake', {}, { frames: 73, ...fourK }],
		['retake', {}, { frames: 73, ...fourK, isTurned: true }],
		['extend', {}, { width: 720, height: 1280 }],
		['extend', {}, { isTurned: true }],
		['extend', {}, { width: 1920, height: 1088 }],
		['extend', { duration: 2, context: 19 }, { seconds: 4, frames: 96 }],
		['extend', { duration: 20, context: 20 }, { seconds: 10, frames: 120 }],
		['video-to-video-hdr', {}, { frames: 273 }],
		['video-to-video-hdr', {}, { frames: 193, ...large }],
		['video-to-video-hdr', {}, { frames: 65, ...fourK }],
		['video-to-video-hdr', {}, { frames: 65, width: 2160, height: 3840 }],
		[REFRAME, {}, { seconds: 60, frames: 1800, width: 64, height: 4096 }],
		['video-upscale', { resolution: '1080p' }, { frames: 2401, width: 480, height: 480 }],
		['video-upscale', {}, { frames: 601, width: 7680, height: 4320 }],
		['video-upscale', { resolution: '8k' }, { frames: 2 }],
		['video-alpha-gen', {}, { frames: 3072, width: 2160, height: 3840 }],
	])('is taken by %s %j: %j', async (endpoint, changes, movie) => {
		expect(await outcome(endpoint, changes, movieOf(movie))).toMatchObject({ status: 'completed' });
	});

	it.each<[EndpointPath, Body, Movie, RegExp]>([
		['retake', {}, { frames: 72 }, /72 frames, at least 73/],
		['retake', {}, { width: 4096, height: 2160 }, /exceeds 4K/],
		['extend', {}, { frames: 72 }, /72 frames, at least 73/],
		['extend', {}, { width: 4096, height: 2304 }, /exceeds 4K/],
		['extend', {}, { width: 1080, height: 1080 }, /neither 16:9 nor 9:16/],
		['extend', { duration: 2, context: 20 }, { seconds: 4, frames: 96 }, /528 frames, at most 505/],
		['extend', { duration: 10 }, { seconds: 4, frames: 240 }, /600 frames, at most 505/],
		['video-to-video-hdr', {}, { frames: 274 }, /274 frames, at most 273/],
		['video-to-video-hdr', {}, { frames: 194, ...large }, /194 frames, at most 193/],
		['video-to-video-hdr', {}, { frames: 66, ...fourK }, /66 frames, at most 65/],
		['video-to-video-hdr', {}, { frames: 20, width: 4096, height: 2304 }, /exceeds 4K/],
		['video-to-video-hdr', {}, { frames: 20, width: 4096, height: 1024 }, /exceeds 4K/],
		[REFRAME, {}, { seconds: 60.5, frames: 1000 }, /60\.5 s, at most 60 s/],
		[REFRAME, {}, { seconds: 50, frames: 1801 }, /1801 frames, at most 1800/],
		[REFRAME, {}, { width: 62, height: 120 }, /64 to 4096 pixels/],
		[REFRAME, {}, { width: 120, height: 4098 }, /64 to 4096 pixels/],
		['video-upscale', {}, { frames: 1 }, /1 frames, 2 to 601 are possible for 4k/],
		['video-upscale', { resolution: '8k' }, { frames: 242 }, /242 frames, 2 to 241/],
		['video-upscale', {}, { width: 854, height: 478 }, /at least 480 pixels/],
		['video-upscale', {}, { width: 7682, height: 4320 }, /exceeds 7680x4320/],
		['video-upscale', {}, { width: 4320, height: 7680 }, /exceeds 7680x4320/],
		['video-alpha-gen', {}, { frames: 3073 }, /3073 frames, at most 3072/],
		['video-alpha-gen', {}, { width: 4096, height: 2160 }, /exceeds 4K/],
	])('makes the job of %s %j fail: %j', async (endpoint, changes, movie, message) => {
		expect(await outcome(endpoint, changes, movieOf(movie))).toMatchObject({
			status: 'failed',
			type: 'invalid_request_error',
			message: expect.stringMatching(message),
		});
	});

	it('counts as one of 24 frames a second where it cannot be read', async () => {
		const body = { ...REQUIRED.extend, duration: 20 };
		expect(await outcomeOf('extend', { ...body, context: 1 })).toMatchObject({
			status: 'completed',
		});
		expect(await outcomeOf('extend', { ...body, context: 2 })).toMatchObject({ status: 'failed' });
	});
});

it.each<[EndpointPath, Record<string, string>]>([
	['retake', { video_url: 'video/mp4' }],
	['video-to-video-hdr', { exr_frames_url: 'application/zip', video_url: 'video/mp4' }],
	['video-upscale', { video_url: 'video/mp4' }],
	['video-alpha-gen', { prores_url: 'video/quicktime', matte_url: 'video/mp4' }],
])('the results of %s are %j', async (endpoint, contentTypes) => {
	const { result } = await outcomeOf(endpoint, REQUIRED[endpoint]);
	expect(Object.keys(result as Body)).toEqual(Object.keys(contentTypes));
	for (const [key, url] of Object.entries(result as Record<string, string>)) {
		const response = await fetch(url);
		expect(response.headers.get('content-type')).toBe(contentTypes[key]);
		const bytes = Buffer.from(await response.arrayBuffer());
		expect(response.headers.get('content-length')).toBe(String(bytes.length));
		const isZip = bytes.subarray(0, 2).toString() === 'PK';
		expect(isZip).toBe(key === 'exr_frames_url');
		expect(bytes.subarray(8, 10).toString() === 'qt').toBe(key === 'prores_url');
	}
});

describe('faults', () => {
	const download = async () => {
		const { result } = await outcomeOf('text-to-video', generated);
		return await fetch((result as { video_url: string }).video_url);
	};

	it('can compress an answer unasked', async () => {
		server.fail('download', gzipped);
		const response = await download();
		expect(response.headers.get('content-encoding')).toBe('gzip');
		const compressed = String(gzipSync(server.video).length);
		expect(response.headers.get('content-length')).toBe(compressed);
		expect(Buffer.from(await response.arrayBuffer()).equals(server.video)).toBe(true);
	});

	it('can hold back the last byte', async () => {
		server.fail('download', lastByteLate(200));
		const response = await download();
		expect(response.headers.get('content-length')).toBe(String(server.video.length));
		const startMs = Date.now();
		expect(Buffer.from(await response.arrayBuffer()).equals(server.video)).toBe(true);
		expect(Date.now() - startMs).toBeGreaterThan(150);
	});

	it.each([0, 3_600_000, -3_600_000])(
		'can say when to come again by a clock that is %d ms ahead',
		async (skewMs) => {
			server.fail('poll', retryAtDate(5_000, skewMs));
			const { headers, status } = await fetch(`${server.apiUrl}/v2/extend/none`);
			expect(status).toBe(529);
			const dateMs = Date.parse(String(headers.get('date')));
			expect(Math.abs(dateMs - skewMs - Date.now())).toBeLessThan(10_000);
			const retryMs = Date.parse(String(headers.get('retry-after')));
			expect(Math.abs(retryMs - dateMs - 5_000)).toBeLessThanOrEqual(1_000);
		},
	);
});

describe('a full account', () => {
	const ask = async () =>
		await fetch(`${server.apiUrl}/v2/text-to-video`, {
			method: 'POST',
			headers: { Authorization: `Bearer ${server.apiKey}` },
			body: JSON.stringify(generated),
		});

	it.each<[number | 'none', string | null]>([
		[10, '10'],
		['none', null],
	])('is refused with a Retry-After of %s', async (retryAfterSeconds, expected) => {
		Object.assign(server, { jobMs: 60_000, maxRunningJobs: 1, retryAfterSeconds });
		expect((await ask()).status).toBe(202);

		const refused = await ask();

		expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, expected]);
		expect([server.refusedAsFull, server.jobs.length]).toEqual([1, 1]);
	});

	it('takes more when its limit is raised', async () => {
		Object.assign(server, { jobMs: 60_000, maxRunningJobs: 1 });
		const statuses = [(await ask()).status, (await ask()).status];
		server.maxRunningJobs = 2;
		statuses.push((await ask()).status, (await ask()).status);

		expect(statuses).toEqual([202, 429, 202, 429]);
	});
});
