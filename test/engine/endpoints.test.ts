import type { INodeParameters } from 'n8n-workflow';

import { ENDPOINTS } from '../../nodes/LtxVideo/endpoints';
import { apiError } from '../../tools/ltx-server/faults';
import { REQUESTS, withFiles } from './requests';
import { QUICK } from '../../tools/engine/runNode';
import { PNG, sample } from '../../tools/samples/samples';
import { useLtx } from './useLtx';

const ltx = useLtx();

it('has a request of every endpoint to test with', () => {
	expect(Object.keys(REQUESTS)).toEqual(Object.keys(ENDPOINTS));
});

describe.each(Object.entries(REQUESTS))('%s', (resource, request) => {
	const { endpoint, parameters, body, more } = request;
	const isHdr = endpoint === 'video-to-video-hdr';
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
		const key = isHdr ? 'exr_frames_url' : 'video_url';
		expect(json.result).toEqual({ [key]: expect.stringContaining(url) });
		expect(json).toMatchObject({ status: 'completed', endpoint, [key]: expect.any(String) });
		expect(binary?.data).toMatchObject(
			isHdr
				? { fileName: `${id}.zip`, fileExtension: 'zip', mimeType: 'application/zip' }
				: { fileName: `${id}.mp4`, fileExtension: 'mp4', mimeType: 'video/mp4' },
		);
		const expected = isHdr ? ltx.server.frames : ltx.server.video;
		expect((await ltx.engine.readFile(binary!.data)).equals(expected)).toBe(true);
	});

	it.each(['getStatus', 'wait'])('finds its job with %s', async (operation) => {
		await submit();
		const jobId = ltx.server.jobs[0].id;
		const options = operation === 'wait' ? QUICK : {};
		const { items, error } = await ltx.run({
			parameters: { resource, operation, jobId, downloadVideo: operation === 'wait', options },
		});
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ id: jobId, endpoint });
		expect(ltx.server.of('poll')[0].path).toBe(`/v2/${endpoint}/${jobId}`);
		expect(Object.keys(items[0].binary ?? {})).toEqual(operation === 'wait' ? ['data'] : []);
	});

	it('says that a job it does not know may belong to another resource', async () => {
		const { error } = await ltx.run({
			parameters: { resource, operation: 'getStatus', jobId: 'job-of-another' },
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
			const wrong = name === 'image' ? sample('sound.mp3') : PNG;
			const { error } = await ltx.run({
				parameters: { resource, ...withFiles(request), operation: 'submit' },
				items: [{ binary: await ltx.files({ ...request.files, [name]: wrong }) }],
			});
			expect(error?.message).toMatch(/holds (a PNG image|MP3 sound), but LTX takes/);
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
		[
			'an automatic duration with a last frame',
			'imageToVideo',
			{ model: 'ltx-2-5-pro', duration: 'auto', additionalFields: lastFrame },
			/^An automatic duration does not work together with a last frame/,
		],
		[
			'more context and duration than LTX takes',
			'extend',
			{ duration: 12, additionalFields: { context: 10 } },
			/^Context and Duration are 22 seconds together, but LTX takes at most 505 frames/,
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
		[
			'a video of more than 15 MB as a data URI',
			{ videoUri: `data:video/mp4;base64,${'A'.repeat(16 << 20)}` },
			/more than 15 MB/,
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
			{ mode: '={{ "" }}', model: '={{ null }}', prompt: '={{ null }}' },
			['mode', 'model'],
		],
		['extend', { mode: '={{ null }}', model: '={{ "" }}' }, ['mode', 'model']],
		['audioToVideo', { model: '={{ "" }}', resolution: '={{ null }}' }, ['model', 'resolution']],
		['audioToVideo', { imageSource: '={{ null }}' }, ['image_uri']],
		['audioToVideo', { imageSource: '={{ "" }}' }, ['image_uri']],
		['textToVideo', { additionalFields: { cameraMotion: '={{ "" }}' } }, ['camera_motion']],
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

describe('the cost of a job', () => {
	const cost = async (resource: string, changes: INodeParameters = {}) => {
		const { items, error } = await ltx.run({
			parameters: { resource, operation: 'submit', ...REQUESTS[resource].parameters, ...changes },
		});
		return error?.message ?? items[0].json.estimated_cost_usd;
	};

	it('is known for text to video', async () => {
		expect(await cost('textToVideo')).toBe(1.36);
	});

	it('counts sound as the longest that LTX takes, at 1080p if the size is automatic', async () => {
		expect(await cost('audioToVideo')).toBe(1.6);
		expect(await cost('audioToVideo', { model: 'ltx-2-5-pro', resolution: '1080x1920' })).toBe(3.4);
	});

	it.each(['retake', 'extend', 'videoToVideoHdr', 'videoToVideoReframe'])(
		'is not known for %s, and Max Cost says so',
		async (resource) => {
			expect(await cost(resource)).toBeUndefined();
			const before = ltx.server.requests.length;
			expect(await cost(resource, { options: { maxCostUsd: 100 } })).toBe(
				'The price of this job is not known, so Max Cost cannot be kept',
			);
			expect(ltx.server.requests).toHaveLength(before);
		},
	);
});
