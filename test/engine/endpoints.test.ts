import type { INodeParameters } from 'n8n-workflow';

import { ENDPOINTS } from '../../nodes/LtxVideo/endpoints';
import { answerWith, apiError, type Fault } from '../../tools/ltx-server/faults';
import { REQUESTS, withFiles } from './requests';
import { QUICK } from '../../tools/engine/runNode';
import { PNG, sample, WAVES } from '../../tools/samples/samples';
import { useLtx } from './useLtx';
import { matroskaOf } from '../../tools/samples/matroska';
import { movieOf } from '../../tools/samples/movie';

const ltx = useLtx();

const GIF = Buffer.from('GIF89a, and what follows');

it('has a request of every endpoint to test with', () => {
	expect(Object.keys(REQUESTS)).toEqual(Object.keys(ENDPOINTS));
});

describe.each(Object.entries(REQUESTS))('%s', (resource, request) => {
	const { endpoint, parameters, body, more } = request;
	const isHdr = endpoint === 'video-to-video-hdr';
	const isCutOut = resource === 'videoAlphaGen';
	const fields = isCutOut ? ['prores', 'matte'] : ['data'];
	/** What every operation needs to know. */
	const { endpointPath } = parameters;
	const common: INodeParameters = { resource, ...(endpointPath && { endpointPath }) };
	const submitting: INodeParameters = { resource, operation: 'submit', ...parameters };
	const submit = async (changes: INodeParameters = {}) =>
		await ltx.run({ parameters: { ...submitting, ...changes } });

	it('submits what is set and nothing else', async () => {
		const { items, error } = await submit();
		expect(error).toBeUndefined();
		expect(ltx.server.of('submit').map(({ path }) => path)).toEqual([`/v2/${endpoint}`]);
		expect(ltx.server.of('submit')[0].body).toEqual(body);
		expect(items[0].json).toMatchObject({ id: ltx.server.jobs[0].id, status: 'pending', endpoint });
	});

	if (more) {
		it('submits every other field', async () => {
			const { error } = await submit(more.parameters);
			expect(error).toBeUndefined();
			expect(ltx.server.of('submit')[0].body).toEqual({ ...body, ...more.body });
		});
	}

	it('waits for the result and downloads it', async () => {
		const { items, error } = await ltx.run({
			parameters: { ...submitting, operation: 'submitAndWait', options: QUICK },
		});
		expect(error).toBeUndefined();
		const [{ json, binary }] = items;
		const id = String(json.id);
		const url = ltx.server.of('download')[0].path;
		const { result: key = 'video_url' } = request;
		expect(json.result).toMatchObject({ [key]: expect.stringContaining(url) });
		expect(json).toMatchObject({ status: 'completed', endpoint });
		if (!isCutOut) expect(json).toMatchObject({ [key]: expect.any(String) });
		expect(Object.keys(binary ?? {})).toEqual(fields);
		const file = binary![fields[0]];
		expect(file.fileName).toBe(`${id}${isCutOut ? '-prores' : ''}.${file.fileExtension}`);
		expect(file).toMatchObject(
			isHdr
				? { fileExtension: 'zip', mimeType: 'application/zip' }
				: isCutOut
					? { fileExtension: 'mov', mimeType: 'video/quicktime' }
					: { fileExtension: 'mp4', mimeType: 'video/mp4' },
		);
		const { frames, video } = ltx.server;
		const expected = isHdr ? frames : isCutOut ? sample('video.mov') : video;
		expect((await ltx.engine.readFile(file)).equals(expected)).toBe(true);
	});

	it.each(['getStatus', 'wait'])('finds its job with %s', async (operation) => {
		await submit();
		const jobId = ltx.server.jobs[0].id;
		const options = operation === 'wait' ? QUICK : {};
		const { items, error } = await ltx.run({
			parameters: { ...common, operation, jobId, downloadVideo: operation === 'wait', options },
		});
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ id: jobId, endpoint });
		expect(ltx.server.of('poll')[0].path).toBe(`/v2/${endpoint}/${jobId}`);
		expect(Object.keys(items[0].binary ?? {})).toEqual(operation === 'wait' ? fields : []);
	});

	it('says that a job it does not know may belong to another resource', async () => {
		const { error } = await ltx.run({
			parameters: { ...common, operation: 'getStatus', jobId: 'job-of-another' },
		});
		expect(error?.message).toMatch(/does not know this job; it may belong to another resource/);
		expect(error?.description).toMatch(/Choose the resource that the job was submitted under/);
	});

	if (Object.keys(request.files).length > 0) {
		it.each(['submit', 'submitAndWait'])('uploads its files for %s', async (operation) => {
			const { items, error } = await ltx.run({
				parameters: {
					resource,
					...withFiles(request),
					operation,
					...(operation === 'submitAndWait' && { options: QUICK }),
				},
				items: [{ binary: await ltx.files(request.files) }],
			});
			expect(error).toBeUndefined();
			for (const [name, bytes] of Object.entries(request.files)) {
				const uri = items[0].json[`${name}_uri`] as string;
				expect(ltx.server.jobs[0].body[`${name}_uri`]).toBe(uri);
				expect(ltx.server.files.get(uri)?.bytes.equals(bytes)).toBe(true);
			}
			expect(ltx.server.count('put')).toBe(Object.keys(request.files).length);
		});

		it('refuses a file of another kind before any call', async () => {
			const [name] = Object.keys(request.files);
			const takesAny = resource === 'otherEndpoint';
			const wrong = name === 'image' ? sample('sound.mp3') : takesAny ? GIF : PNG;
			const { error } = await ltx.run({
				parameters: { resource, ...withFiles(request), operation: 'submit' },
				items: [{ binary: await ltx.files({ ...request.files, [name]: wrong }) }],
			});
			expect(error?.message).toMatch(/holds (a PNG image|a GIF image|MP3 sound), but LTX takes/);
			expect(ltx.server.requests).toEqual([]);
		});
	}

	it('tells an item that is refused, and its endpoint', async () => {
		ltx.server.fail('submit', apiError('content_filtered_error', 'unsafe'));
		const { items } = await ltx.run({
			parameters: submitting,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items[0].json.error).toMatchObject({ type: 'content_filtered_error', endpoint });
	});
});

describe('rules between fields are kept before any call', () => {
	const lastFrame = { lastFrameSource: 'url', lastFrameUri: 'https://images.example.com/n.png' };
	const cases: Array<[string, string, INodeParameters, RegExp]> = [
		[
			'sound without a prompt or an image',
			'audioToVideo',
			{ prompt: ' ' },
			/^There is neither a prompt nor an image\. Fill in Prompt/,
		],
		[
			'a last frame without a first one',
			'audioToVideo',
			{ additionalFields: lastFrame },
			/^A last frame needs an image for the first frame/,
		],
	];

	it.each(cases)('%s (%s)', async (_name, resource, changes, message) => {
		const { parameters } = REQUESTS[resource];
		const { error } = await ltx.run({
			parameters: { resource, operation: 'submit', ...parameters, ...changes },
		});
		expect(error?.message).toMatch(message);
		expect(ltx.server.requests).toEqual([]);
	});

	it.each<[string, string, INodeParameters]>([
		[
			'sound with an image only',
			'audioToVideo',
			{ prompt: '', imageSource: 'url', imageUri: 'https://images.example.com/a.png' },
		],
		[
			'just as much context as LTX takes',
			'extend',
			{ duration: 11, additionalFields: { context: 10 } },
		],
		['a retake from the very start', 'retake', { startTime: '={{ "0" }}' }],
	])('%s is fine (%s)', async (_name, resource, changes) => {
		const { parameters } = REQUESTS[resource];
		const { error } = await ltx.run({
			parameters: { resource, operation: 'submit', ...parameters, ...changes },
		});
		expect(error).toBeUndefined();
		expect(ltx.server.jobs).toHaveLength(1);
	});

	it.each<[string, INodeParameters, RegExp]>([
		[
			'a negative start',
			{ startTime: '={{ -1 }}' },
			/Start Time \(Seconds\) must be a number of at least 0/,
		],
		['a text for the start', { startTime: '={{ "now" }}' }, /Start Time.*but is "now"/],
		['no duration', { duration: '={{ null }}' }, /Duration \(Seconds\) must be a number above 0/],
		[
			'an http video',
			{ videoUri: 'http://videos.example.com/a.mp4' },
			/Video URL must begin with https/,
		],
		['a prompt over 5000 characters', { prompt: 'x'.repeat(5001) }, /5001 characters/],
	])('%s', async (_name, changes, message) => {
		const { parameters } = REQUESTS.retake;
		const { error } = await ltx.run({
			parameters: { resource: 'retake', operation: 'submit', ...parameters, ...changes },
		});
		expect(error?.message).toMatch(message);
		expect(ltx.server.requests).toEqual([]);
	});
});

describe('an empty value, as agents send it for what they do not mind', () => {
	it.each<[string, INodeParameters, string[]]>([
		[
			'retake',
			{ mode: '={{ "" }}', model: '={{ "" }}', prompt: '={{ "" }}' },
			['mode', 'model', 'prompt'],
		],
		['extend', { mode: '={{ "" }}', model: '={{ "" }}' }, ['mode', 'model']],
		['audioToVideo', { model: '={{ "" }}', resolution: '={{ "" }}' }, ['model', 'resolution']],
		['audioToVideo', { imageSource: '={{ "" }}' }, ['image_uri']],
	])('is not sent for %s: %j', async (resource, changes, absent) => {
		const { parameters } = REQUESTS[resource];
		const { error } = await ltx.run({
			parameters: { resource, operation: 'submit', ...parameters, ...changes },
		});
		expect(error).toBeUndefined();
		const body = ltx.server.of('submit')[0].body as object;
		for (const field of absent) expect(body).not.toHaveProperty(field);
	});
});

describe('a resolution that follows the image', () => {
	it('works for sound with an image from a file', async () => {
		const { parameters } = REQUESTS.audioToVideo;
		const { error } = await ltx.run({
			parameters: {
				resource: 'audioToVideo',
				operation: 'submit',
				...parameters,
				imageSource: 'binary',
				resolution: 'match1080p',
			},
			items: [{ binary: { data: await ltx.file(PNG) } }],
		});
		expect(error).toBeUndefined();
		expect(ltx.server.jobs[0].body.resolution).toBe('1920x1080');
	});

	it('is refused before any call where there is no image', async () => {
		const { error } = await ltx.run({
			parameters: {
				resource: 'textToVideo',
				operation: 'submit',
				...REQUESTS.textToVideo.parameters,
				resolution: 'match720p',
			},
		});
		expect(error?.message).toMatch(/needs an image from a binary field/);
		expect(ltx.server.requests).toEqual([]);
	});
});

describe('what LTX may take one day', () => {
	const lastFrame = { lastFrameSource: 'url', lastFrameUri: 'https://images.example.com/n.png' };
	it.each<[string, string, INodeParameters, RegExp]>([
		[
			'an automatic duration with a last frame',
			'imageToVideo',
			{ model: 'ltx-2-5-pro', duration: 'auto', additionalFields: lastFrame },
			/ltx-2-5-pro \(2026-09-27\): 6, 8, 10 s or auto \(not with a last frame\)/,
		],
		[
			'a length that is not documented',
			'textToVideo',
			{ model: 'ltx-2-3-pro', duration: 20 },
			/ltx-2-3-pro \(2026-09-27\): 6, 8, 10 s at/,
		],
		['a model that is not documented', 'audioToVideo', { model: 'ltx-2-3-fast' }, /ltx-2-5-pro/],
		['a size that is not documented', 'videoToVideoReframe', { resolution: '1x1' }, /720x720/],
		[
			'more than a retake takes',
			'retake',
			{ additionalFields: { resolution: '3840x2160' } },
			/1920x1080 and 1080x1920/,
		],
		['a longer extension', 'extend', { duration: 30 }, /at most 505 frames/],
		[
			'an unknown color space',
			'videoToVideoHdr',
			{ additionalFields: { outputColorspace: 'rec709' } },
			/273 frames at 1080p/,
		],
		[
			'a size that partners do not have',
			'videoUpscale',
			{ resolution: '16k' },
			/241 frames for 8K/,
		],
	])('%s is sent, and its refusal says what is documented (%s)', async (...row) => {
		const [, resource, changes, documented] = row;
		const { error } = await ltx.run({
			parameters: {
				resource,
				operation: 'submit',
				...REQUESTS[resource].parameters,
				...changes,
			},
		});
		expect(error?.message).toMatch(/^LTX refused the request: /);
		expect(error?.description).toMatch(documented);
		expect(ltx.server.count('submit')).toBe(1);
	});

	it('is told too when only the file shows it, and the job fails', async () => {
		const { error } = await ltx.run({
			parameters: {
				resource: 'retake',
				...withFiles(REQUESTS.retake),
				options: QUICK,
			},
			items: [{ binary: { video: await ltx.file(movieOf({ frames: 48 })) } }],
		});
		expect(error?.message).toMatch(/^The job failed: LTX refused the request: .*48 frames/);
		expect(error?.description).toMatch(/not charged.*at least 73 frames/);
	});
});

describe('the price of a job', () => {
	const submit = async (
		resource: string,
		parameters: INodeParameters,
		files: Record<string, Buffer> = {},
	) => {
		const { items, error } = await ltx.run({
			parameters: { resource, operation: 'submit', ...parameters },
			items: [{ binary: await ltx.files(files) }],
		});
		return error?.message ?? items[0].json.estimated_cost_usd;
	};
	const sound = sample('sound-in-mp4.m4a');
	const film = movieOf({ seconds: 10, frames: 240 });
	const slow = movieOf({ seconds: 60, frames: 900 });
	const slowMkv = matroskaOf({ seconds: 60, framesPerSecond: 15 });

	it.each<[string, INodeParameters, Record<string, Buffer>, number | undefined]>([
		['textToVideo', {}, {}, 1.36],
		['audioToVideo', {}, {}, undefined],
		[
			'audioToVideo',
			{ audioSource: 'binary', audioBinaryProperty: 'audio' },
			{ audio: sound },
			0.25,
		],
		...['sound.mp3', 'sound-opus.ogg', 'sound-adpcm.wav', 'sound.m4a'].map(
			(name, index): [string, INodeParameters, Record<string, Buffer>, number] => [
				'audioToVideo',
				{ audioSource: 'binary', audioBinaryProperty: 'audio' },
				{ audio: sample(name) },
				[0.05, 0.15, 0.05, 0.03][index],
			],
		),
		['retake', {}, {}, undefined],
		['retake', { videoSource: 'binary' }, { data: film }, 1],
		['extend', {}, {}, undefined],
		['extend', { additionalFields: { context: 3 } }, {}, 0.7],
		['extend', { videoSource: 'binary' }, { data: film }, 1.4],
		['videoToVideoHdr', {}, {}, undefined],
		['videoToVideoHdr', { videoSource: 'binary' }, { data: film }, 2],
		['videoToVideoReframe', {}, {}, undefined],
		['videoToVideoReframe', { videoSource: 'binary' }, { data: film }, 1],
		['videoToVideoReframe', { videoSource: 'binary' }, { data: sample('video.mkv') }, 0.35],
		['videoToVideoReframe', { videoSource: 'binary' }, { data: sample('video.avi') }, undefined],
		['extend', { videoSource: 'binary', duration: 20 }, { data: slow }, 3.37],
		['extend', { videoSource: 'binary', duration: 20 }, { data: slowMkv }, 3.37],
		['retake', { videoSource: 'binary' }, { data: slowMkv }, 6],
		['videoUpscale', {}, {}, undefined],
		['videoAlphaGen', { videoSource: 'binary' }, { data: film }, undefined],
		['otherEndpoint', {}, {}, undefined],
	])('of %s with %j is in the output where the length is known', async (...row) => {
		const [resource, changes, files, usd] = row;
		const { parameters } = REQUESTS[resource];
		const estimate = await submit(resource, { ...parameters, ...changes }, files);
		expect(estimate).toEqual(usd === undefined ? undefined : expect.closeTo(usd, 2));
	});

	it('of 3 seconds of sound is no more than that', async () => {
		const { parameters } = REQUESTS.audioToVideo;
		const binary = { audioSource: 'binary', audioBinaryProperty: 'audio' };
		const options = { maxCostUsd: 1 };

		const usd = await submit(
			'audioToVideo',
			{ ...parameters, ...binary, resolution: '1920x1080', options },
			{ audio: WAVES },
		);
		expect(usd).toBeCloseTo(0.3, 1);
	});

	it.each<[string, RegExp]>([
		['audioToVideo', /may cost USD 2\.00.*item 0: at most USD 2\.00$/],
		[
			'retake',
			/^A video by URL, whose length cannot be read, has no known price, so Max Cost cannot be kept$/,
		],
		['extend', /item 0: at most USD 2\.40$/],
		[
			'videoToVideoHdr',
			/^A video by URL, whose length and size .* has no known price, so Max Cost/,
		],
		['videoToVideoReframe', /item 0: at most USD 6\.00$/],
		['videoUpscale', /^Upscale has no known price, so Max Cost cannot be kept$/],
		['videoAlphaGen', /^Cut Out has no known price, so Max Cost cannot be kept$/],
		['otherEndpoint', /^An endpoint that this version does not list has no known price/],
	])('of %s by URL counts for Max Cost as its documented ceiling', async (resource, message) => {
		const { parameters } = REQUESTS[resource];
		const options = { maxCostUsd: 0.01 };
		expect(await submit(resource, { ...parameters, options })).toMatch(message);
		expect(ltx.server.requests).toEqual([]);
	});
});

it.each(['retake', 'extend', 'videoToVideoHdr', 'videoToVideoReframe'])(
	'%s takes no sound for a video, and sends nothing of it',
	async (resource) => {
		const { parameters } = REQUESTS[resource];
		for (const name of ['sound-in-mp4.m4a', 'sound-in-mkv.mkv', 'sound-in-webm.webm']) {
			const { error } = await ltx.run({
				parameters: { resource, operation: 'submit', ...parameters, videoSource: 'binary' },
				items: [{ binary: { data: await ltx.file(sample(name)) } }],
			});
			expect(error?.message).toMatch(/^The binary field "data" holds sound, but LTX takes MP4/);
		}
		expect(ltx.server.requests).toEqual([]);
	},
);

describe('placement', () => {
	it.each<[INodeParameters, object]>([
		[{ placement: 'bottom_right' }, { anchor: 'bottom_right' }],
		[
			{ placement: 'custom', placementX: 0, placementY: '={{ "0.25" }}', placementWidth: 0.5 },
			{ x: 0, y: 0.25, width: 0.5 },
		],
	])('%j is sent as %j', async (additionalFields, expected) => {
		const { parameters } = REQUESTS.videoToVideoReframe;
		const { error } = await ltx.run({
			parameters: {
				resource: 'videoToVideoReframe',
				operation: 'submit',
				...parameters,
				additionalFields,
			},
		});
		expect(error).toBeUndefined();
		expect(ltx.server.of('submit')[0].body).toMatchObject({ placement: expected });
	});
});

describe('Video to HDR', () => {
	it.each<[string, string]>([
		['submitAndWait', 'mp4'],
		['wait', 'mp4'],
		['getStatus', 'mp4'],
	])('gives the video instead of the frames with %s', async (operation, extension) => {
		const { parameters } = REQUESTS.videoToVideoHdr;
		const resource = 'videoToVideoHdr';
		const first = await ltx.run({ parameters: { resource, ...parameters, options: QUICK } });
		const { items } = await ltx.run({
			parameters: {
				resource,
				operation,
				...parameters,
				jobId: String(first.items[0].json.id),
				resultFile: 'video',
				downloadVideo: true,
				...(operation !== 'getStatus' && { options: QUICK }),
			},
		});
		expect(items[0].binary?.data).toMatchObject({
			fileName: `${String(items[0].json.id)}.${extension}`,
			mimeType: 'video/mp4',
		});
		expect(items[0].json).toMatchObject({ video_url: expect.any(String) });
	});
});

describe('an endpoint that LTX itself does not document', () => {
	it.each<[string, Fault, RegExp]>([
		[
			'LTX does not know it',
			apiError('not_found_error', 'No such endpoint'),
			/^Submit got an unexpected answer: No such endpoint$/,
		],
		[
			'LTX has no such page',
			answerWith({ status: 404, body: { detail: 'Not Found' } }),
			/Not Found$/,
		],
		['the account may not use it', apiError('permission_error'), /^This LTX account may not use/],
		['LTX refuses it', apiError('invalid_request_error'), /^LTX refused the request/],
	])('says so where %s, and that nothing was charged', async (_what, fault, message) => {
		for (const resource of ['videoUpscale', 'videoAlphaGen']) {
			ltx.server.fail('submit', fault);
			const { error } = await ltx.run({
				parameters: { resource, operation: 'submit', ...REQUESTS[resource].parameters },
			});
			expect(error?.message).toMatch(message);
			expect(error?.description).toMatch(
				/^LTX's own documentation did not list this yet on 2026-11-27/,
			);
			expect(error?.description).toMatch(/Other Endpoint takes any path\..*Nothing was charged\.$/);
		}
		expect(ltx.server.jobs).toEqual([]);
	});

	it('says nothing of it where the account has no credits, or where LTX documents it', async () => {
		ltx.server.fail('submit', apiError('insufficient_funds_error'));
		const { parameters } = REQUESTS.videoUpscale;
		const poor = await ltx.run({ parameters: { resource: 'videoUpscale', ...parameters } });
		expect(poor.error?.description).not.toContain('partners');
		ltx.server.fail('submit', apiError('permission_error'));
		const documented = await ltx.run({
			parameters: { resource: 'retake', ...REQUESTS.retake.parameters },
		});
		expect(documented.error?.description).not.toContain('partners');
	});
});

describe('Other Endpoint', () => {
	it.each(['../v1/upload', 'a/b', '={{ " " }}', 'a b', '.', 'ä'])(
		'refuses the path "%s" before any call',
		async (endpointPath) => {
			const { error } = await ltx.run({
				parameters: { resource: 'otherEndpoint', operation: 'submit', endpointPath },
			});
			expect(error?.message).toMatch(/^Endpoint Path (may hold|is empty)/);
			expect(ltx.server.requests).toEqual([]);
		},
	);

	it('fetches two results of one job, each named by its bytes', async () => {
		const endpoint = { resource: 'otherEndpoint', endpointPath: 'video-alpha-gen' };
		const { items } = await ltx.run({
			parameters: {
				...endpoint,
				requestBody: { video_uri: 'https://videos.example.com/harbor.mp4' },
				resultKey: 'prores_url',
				options: { ...QUICK, fileName: 'cut/out' },
			},
		});
		expect(items[0].binary?.data).toMatchObject({
			fileName: 'cut_out.mov',
			mimeType: 'video/quicktime',
		});
		const matte = await ltx.run({
			parameters: {
				...endpoint,
				operation: 'getStatus',
				jobId: String(items[0].json.id),
				downloadVideo: true,
				resultKey: 'matte_url',
				options: { fileName: 'matte.MP4' },
			},
		});
		expect(matte.items[0].binary?.data).toMatchObject({ fileName: 'matte.MP4' });
		expect(matte.items[0].json).toMatchObject({
			endpoint: 'video-alpha-gen',
			matte_url: expect.any(String),
		});
		expect(ltx.server.billedJobs).toBe(1);
	});
});
