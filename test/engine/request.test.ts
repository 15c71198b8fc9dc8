import type { INodeParameters } from 'n8n-workflow';

import { apiError } from '../../tools/ltx-server/faults';
import { GOOD_REQUEST, QUICK } from '../../tools/engine/runNode';
import { PNG } from '../../tools/samples/samples';
import { useLtx } from './useLtx';

const ltx = useLtx();

const SUBMITTING: INodeParameters = { ...GOOD_REQUEST, operation: 'submit' };

async function submittedBody(changes: INodeParameters): Promise<unknown> {
	const { error } = await ltx.run({ parameters: { ...SUBMITTING, ...changes } });
	expect(error).toBeUndefined();
	return ltx.server.jobs[0]?.body && ltx.server.of('submit')[0].body;
}

describe('the request', () => {
	it('holds the required fields and nothing else when no other is set', async () => {
		expect(await submittedBody({})).toEqual({
			image_uri: 'https://images.example.com/lighthouse.png',
			prompt: 'Waves roll in',
			model: 'ltx-2-3-fast',
			duration: 6,
			resolution: '1280x720',
		});
	});

	it('holds every optional field that is set', async () => {
		const additionalFields = {
			fps: 25,
			generateAudio: false,
			cameraMotion: 'jib_up',
			lastFrameSource: 'url',
			lastFrameUri: 'ltx://uploads/last',
		};
		ltx.server.files.set('ltx://uploads/last', {
			bytes: Buffer.alloc(1),
			contentType: 'image/png',
		});
		expect(await submittedBody({ additionalFields })).toMatchObject({
			fps: 25,
			generate_audio: false,
			camera_motion: 'jib_up',
			last_frame_uri: 'ltx://uploads/last',
		});
	});

	it('says null for an automatic duration', async () => {
		const body = await submittedBody({ model: 'ltx-2-5-fast', duration: 'auto' });
		expect(body).toMatchObject({ duration: null });
	});

	it.each(['ltx://uploads/first', 'data:image/png;base64,iVBORw0KGgo='])(
		'takes the image %s',
		async (imageUri) => {
			ltx.server.files.set('ltx://uploads/first', {
				bytes: Buffer.alloc(1),
				contentType: 'image/png',
			});
			expect(await submittedBody({ imageUri: ` ${imageUri} ` })).toMatchObject({
				image_uri: imageUri,
			});
		},
	);

	it('takes its source and model from expressions, with nothing else filled in', async () => {
		const { error } = await ltx.run({
			parameters: {
				...SUBMITTING,
				imageSource: '={{ "url" }}',
				imageUri: '={{ "https://images.example.com/a.png" }}',
				model: '={{ "ltx-2-3-pro" }}',
			},
		});
		expect(error).toBeUndefined();
		expect(ltx.server.jobs[0].body).toMatchObject({ model: 'ltx-2-3-pro' });
		const binary = await ltx.run({
			parameters: { ...SUBMITTING, imageSource: '={{ "binary" }}', imageUri: '' },
			items: [{ binary: { data: await ltx.file(PNG) } }],
		});
		expect(binary.error).toBeUndefined();
	});

	it('takes a model that this package does not know', async () => {
		ltx.server.fail('submit', apiError('invalid_request_error', 'unknown model'));
		await ltx.run({ parameters: { ...SUBMITTING, model: 'custom', customModel: ' ltx-9 ' } });
		expect(ltx.server.of('submit')[0].body).toMatchObject({ model: 'ltx-9' });
	});

	it.each<[string, INodeParameters, object]>([
		['"8"', { duration: '={{ "8" }}' }, { duration: 8 }],
		['" 10 "', { duration: '={{ " 10 " }}' }, { duration: 10 }],
		[
			'"false"',
			{ additionalFields: { generateAudio: '={{ "false" }}' } },
			{ generate_audio: false },
		],
		['"TRUE"', { additionalFields: { generateAudio: '={{ "TRUE" }}' } }, { generate_audio: true }],
		['"48"', { additionalFields: { fps: '={{ "48" }}' } }, { fps: 48 }],
		['a static "25"', { additionalFields: { fps: '25' } }, { fps: 25 }],
	])('takes %s from an expression for what it means', async (_name, changes, expected) => {
		expect(await submittedBody(changes)).toMatchObject(expected);
	});

	it.each<[string, INodeParameters, object]>([
		['duration', { duration: '={{ 7 }}' }, { duration: 7 }],
		['a fractional duration', { duration: '={{ 7.5 }}' }, { duration: 7.5 }],
		['resolution', { resolution: '={{ "1024x1024" }}' }, { resolution: '1024x1024' }],
		['frames per second', { additionalFields: { fps: '={{ 30 }}' } }, { fps: 30 }],
		[
			'camera motion',
			{ additionalFields: { cameraMotion: '={{ "orbit" }}' } },
			{ camera_motion: 'orbit' },
		],
		['model', { model: '={{ "ltx-9-max" }}' }, { model: 'ltx-9-max' }],
	])(
		'passes on an undocumented %s: the API has the last word',
		async (_name, changes, expected) => {
			const { error } = await ltx.run({ parameters: { ...SUBMITTING, ...changes } });
			expect(ltx.server.of('submit')[0].body).toMatchObject(expected);
			expect(error?.message).toMatch(/^LTX refused the request: /);
		},
	);

	it('adds the documented values of the model to the advice when the combination is refused', async () => {
		const { error } = await ltx.run({
			parameters: { ...SUBMITTING, model: 'ltx-2-5-pro', duration: '={{ 20 }}' },
		});
		expect(error?.message).toContain('Unsupported combination');
		expect(error?.description).toMatch(
			/LTX documents for ltx-2-5-pro .*: 6, 8, 10 s or auto .*at 720p/,
		);
	});
});

describe('input that makes no sense is refused before any call', () => {
	const refused: Array<[string, INodeParameters, RegExp]> = [
		['an empty prompt', { prompt: '={{ "" }}' }, /Prompt is empty/],
		['a prompt of spaces', { prompt: '   ' }, /Prompt is empty/],
		[
			'a prompt over 5000 characters',
			{ prompt: 'x'.repeat(5001) },
			/5001 characters.*at most 5000/,
		],
		[
			'an object for a prompt',
			{ prompt: '={{ ({ a: 1 }) }}' },
			/Prompt must be a text, but is an object/,
		],
		['a list for a prompt', { prompt: '={{ ["a"] }}' }, /Prompt must be a text, but is a list/],
		['no prompt at all', { prompt: '={{ $json.nothing }}' }, /Prompt is empty/],
		['no image', { imageUri: '={{ "" }}' }, /Image URL is empty/],
		['an http image', { imageUri: 'http://example.com/a.png' }, /Image URL must begin with https/],
		['a path for an image', { imageUri: '/tmp/a.png' }, /Image URL must begin with https/],
		[
			'an unknown image source',
			{ imageSource: '={{ "ftp" }}' },
			/Image Source must be one of url, binary/,
		],
		[
			'text for a number',
			{ duration: '={{ "eight" }}' },
			/Duration must be a number above 0, but is "eight"/,
		],
		['zero', { duration: '={{ 0 }}' }, /Duration must be a number above 0/],
		['a negative number', { duration: '={{ -6 }}' }, /Duration must be a number above 0/],
		['NaN', { duration: '={{ NaN }}' }, /Duration must be a number above 0/],
		['Infinity', { duration: '={{ Infinity }}' }, /Duration must be a number above 0/],
		['null', { duration: '={{ null }}' }, /Duration must be a number above 0, but is empty/],
		[
			'an object for a number',
			{ duration: '={{ ({}) }}' },
			/Duration must be a number above 0, but is an object/,
		],
		[
			'text for frames',
			{ additionalFields: { fps: '={{ "fast" }}' } },
			/Frames per Second must be a number/,
		],
		['zero frames', { additionalFields: { fps: 0 } }, /Frames per Second must be a number above 0/],
		[
			'null frames',
			{ additionalFields: { fps: '={{ null }}' } },
			/Frames per Second must be a number/,
		],
		[
			'text for yes or no',
			{ additionalFields: { generateAudio: '={{ "loud" }}' } },
			/true or false, but is "loud"/,
		],
		[
			'an object for a choice',
			{ additionalFields: { cameraMotion: '={{ ({}) }}' } },
			/Camera Motion must be a text/,
		],
		['an empty model', { model: '={{ "" }}' }, /Model is empty/],
		['an empty custom model', { model: 'custom', customModel: '={{ "" }}' }, /Model ID is empty/],
		['an empty resolution', { resolution: '={{ "" }}' }, /Resolution is empty/],
		[
			'a last frame without address',
			{ additionalFields: { lastFrameSource: 'url' } },
			/Last Frame URL is empty/,
		],
		[
			'zero concurrency',
			{ options: { maxConcurrency: '={{ 0 }}' } },
			/Max Concurrency must be a number above 0/,
		],
		[
			'half an item at once',
			{ options: { maxConcurrency: '={{ 1.5 }}' } },
			/Max Concurrency must be a whole number/,
		],
	];

	it.each(refused)('%s', async (_name, changes, message) => {
		const { error } = await ltx.run({ parameters: { ...SUBMITTING, ...changes } });
		expect(error?.message).toMatch(message);
		expect(ltx.server.requests).toEqual([]);
	});

	it.each<[string, INodeParameters, RegExp]>([
		[
			'a negative poll interval',
			{ pollInterval: '={{ -1 }}' },
			/Poll Interval must be a number above 0/,
		],
		[
			'a text for the longest wait',
			{ maxWait: '={{ "long" }}' },
			/Max Wait must be a number above 0/,
		],
		['an unknown choice on time-out', { onTimeout: '={{ "panic" }}' }, /On Timeout must be one of/],
		['an empty field name', { binaryPropertyOutput: '={{ " " }}' }, /Put Output in Field is empty/],
	])('%s', async (_name, options, message) => {
		const { error } = await ltx.run({ parameters: { ...GOOD_REQUEST, options } });
		expect(error?.message).toMatch(message);
		expect(ltx.server.requests).toEqual([]);
	});

	it('checks every item before the first is submitted', async () => {
		const { error } = await ltx.run({
			parameters: { ...SUBMITTING, prompt: '={{ $json.prompt }}' },
			items: [{ json: { prompt: 'good' } }, { json: { prompt: 'good' } }, { json: { prompt: '' } }],
		});
		expect(error?.context.itemIndex).toBe(2);
		expect(ltx.server.requests).toEqual([]);
	});

	it('lets the good items through when the node is set to continue', async () => {
		const { items } = await ltx.run({
			parameters: { ...SUBMITTING, prompt: '={{ $json.prompt }}' },
			settings: { onError: 'continueRegularOutput' },
			items: [{ json: { prompt: '' } }, { json: { prompt: 'good' } }],
		});
		expect(items[0].json.error).toMatchObject({ type: 'invalid_input' });
		expect(items[1].json.status).toBe('pending');
	});

	it('takes a prompt of exactly 5000 characters', async () => {
		const body = await submittedBody({ prompt: 'é'.repeat(5000) });
		expect(body).toHaveProperty('prompt', 'é'.repeat(5000));
	});
});

describe('the job ID', () => {
	const getStatus = (jobId: string) => ({
		parameters: { resource: 'imageToVideo', operation: 'getStatus', jobId },
	});

	it('is trimmed', async () => {
		await ltx.run({ parameters: SUBMITTING });
		const { items } = await ltx.run(getStatus(`  ${ltx.server.jobs[0].id}\n`));
		expect(items[0].json.id).toBe(ltx.server.jobs[0].id);
	});

	it.each([
		'a/b',
		'../x',
		'a?b=c',
		'a#b',
		'a b',
		'ä',
		'%2e%2e',
		'..%2f..',
		'a\\b',
		';',
		'../../v1/upload',
	])('stays one segment of the path: %s', async (jobId) => {
		const { error } = await ltx.run(getStatus(jobId));
		const [{ kind, path }] = ltx.server.requests;
		expect(kind).toBe('poll');
		expect(path).toBe(`/v2/image-to-video/${encodeURIComponent(jobId)}`);
		expect(error?.message).toContain('LTX does not know this job');
	});

	it.each(['={{ "" }}', '   ', '.', '..', '={{ null }}', '={{ ({}) }}', '={{ "\\ud800" }}'])(
		'is refused before any call: %s',
		async (jobId) => {
			const { error } = await ltx.run(getStatus(jobId));
			expect(error?.message).toMatch(/^Job ID/);
			expect(ltx.server.requests).toEqual([]);
		},
	);
});

describe('the credential', () => {
	const WAITING = { ...GOOD_REQUEST, options: QUICK };

	it.each([
		(url: string) => `${url}/`,
		(url: string) => `${url}///`,
		(url: string) => `  ${url}/ \n`,
		(url: string) => url.replace('http:', 'HTTP:'),
	])('takes the base URL in form %#', async (change) => {
		const { items } = await ltx.run({
			parameters: WAITING,
			credentials: { baseUrl: change(ltx.server.apiUrl) },
		});
		expect(items[0].json.status).toBe('completed');
	});

	it('puts a path prefix of the base URL before every path', async () => {
		await ltx.run({
			parameters: SUBMITTING,
			credentials: { baseUrl: `${ltx.server.apiUrl}/proxy/ltx/` },
		});
		expect(ltx.server.requests.map(({ path }) => path)).toEqual(['/proxy/ltx/v2/image-to-video']);
		// The stand-in has no such path; that it was asked there is the point.
		ltx.server.violations.length = 0;
	});

	it.each([
		'ftp://api.ltx.io',
		'api.ltx.io',
		'file:///etc/passwd',
		'javascript:alert(1)',
		'https://',
		'',
		'https://user:pass@api.ltx.io',
		'https://api.ltx.io/?a=b',
		'https://api.ltx.io/#a',
	])('is refused with the base URL %s', async (baseUrl) => {
		const { error } = await ltx.run({ parameters: SUBMITTING, credentials: { baseUrl } });
		expect(error?.message).toMatch(/base URL of the LTX API credential/);
		expect(ltx.server.requests).toEqual([]);
	});

	it('takes a key with spaces around it', async () => {
		const { items } = await ltx.run({
			parameters: SUBMITTING,
			credentials: { apiKey: ` ${ltx.server.apiKey}\n` },
		});
		expect(items[0].json.status).toBe('pending');
	});

	it('is refused without a key', async () => {
		const { error } = await ltx.run({ parameters: SUBMITTING, credentials: { apiKey: ' ' } });
		expect(error?.message).toMatch(/API key of the LTX API credential is empty/);
		expect(ltx.server.requests).toEqual([]);
	});
});
