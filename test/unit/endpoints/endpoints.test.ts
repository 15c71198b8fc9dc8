import { ENDPOINTS } from '../../../nodes/LtxVideo/endpoints';
import { endpointOf } from '../../../nodes/LtxVideo/endpoints/endpoint';
import type { BodyValue } from '../../../nodes/LtxVideo/endpoints/fields/field';
import { EVERY_KIND } from '../../../nodes/LtxVideo/media/kinds';
import { ALL_RESULTS } from '../../../nodes/LtxVideo/media/resultFile';
import { refusalOf } from '../refusalOf';
import { readerOf } from './readerOf';

const DOCUMENTED: Array<[string, Record<string, unknown>, RegExp]> = [
	[
		'imageToVideo',
		{ model: 'ltx-2-3-fast' },
		/ltx-2-3-fast.*up to 20 s in steps of 2 at 720p or 1080p with 24 or 25/,
	],
	[
		'imageToVideo',
		{ model: 'ltx-2-5-fast' },
		/6, 8, 10 s or auto \(not with a last frame\) at 720p.*up to 20 s/,
	],
	[
		'textToVideo',
		{ model: 'ltx-2-3-pro' },
		/6, 8, 10 s at 720p, 1080p, 1440p or 4K with 24, 25, 48, 50 frames per second\.$/,
	],
	[
		'textToVideo',
		{ model: 'ltx-9' },
		/models ltx-2-3-fast, ltx-2-3-pro, ltx-2-5-fast, ltx-2-5-pro/,
	],
	['imageToVideo', {}, /models ltx-2-3-fast/],
	['audioToVideo', {}, /models ltx-2-3-pro, ltx-2-5-fast, ltx-2-5-pro, and sound of 2 to 20 s/],
	['retake', {}, /ltx-2-3-pro.*73 frames.*4K.*2 s.*1920x1080 and 1080x1920/],
	['extend', {}, /ltx-2-3-pro.*16:9 or 9:16 up to 100 MB, 2 to 20 s.*1 to 20 s.*505 frames/],
	['videoToVideoHdr', {}, /273 frames at 1080p, 193 frames at 1440p, 65 frames at 4K/],
	['videoToVideoReframe', {}, /60 s and 1800 frames.*64 to 4096.*720x720, 1080x1080, .*1920x1080/],
	[
		'videoUpscale',
		{},
		/partners.*2 to 2401 frames for 1080p, 601 .* 4K, 241 .* 8K, .*480.*7680x4320/,
	],
	['videoAlphaGen', {}, /partners.*at most 3072 frames within 3840x2160 or 2160x3840/],
];

it.each(DOCUMENTED)('%s documents for %j, with the date', (resource, body, words) => {
	const documented = ENDPOINTS[resource].describeDocumented?.(body);

	expect(documented).toMatch(/^LTX.*2026-(09|11)-27.*\.$/);
	expect(documented).toMatch(words);
});

it('every endpoint but Other Endpoint documents something', () => {
	const tested = new Set(DOCUMENTED.map(([resource]) => resource));

	expect(Object.keys(ENDPOINTS).filter((resource) => !tested.has(resource))).toEqual([
		'otherEndpoint',
	]);
	expect(ENDPOINTS.otherEndpoint.describeDocumented).toBeUndefined();
});

const { audioToVideo, otherEndpoint, videoToVideoHdr, videoToVideoReframe } = ENDPOINTS;

it.each<[Record<string, unknown>, RegExp | undefined]>([
	[{ prompt: 'x' }, undefined],
	[{ image_uri: 'x' }, undefined],
	[{ image_uri: 'x', last_frame_uri: 'y' }, undefined],
	[{}, /neither a prompt nor an image/],
	[{ prompt: 'x', last_frame_uri: 'y' }, /last frame needs an image/],
])('Audio to Video has a request in %j, or says why not', (body, words) => {
	const gap = audioToVideo.findGap?.(body);

	if (words) expect(gap).toMatch(words);
	else expect(gap).toBeUndefined();
});

const JSON_OF_FRAMES = { mimeType: 'application/zip', extension: 'zip' };

it.each<[unknown, string, object | undefined]>([
	[undefined, 'exr_frames_url', JSON_OF_FRAMES],
	['frames', 'exr_frames_url', JSON_OF_FRAMES],
	['Frames (ZIP)', 'exr_frames_url', JSON_OF_FRAMES],
	['video', 'video_url', undefined],
	['VIDEO', 'video_url', undefined],
])('Video to HDR with the result file %p gives the file under %s', (resultFile, key, type) => {
	const { path, result } = endpointOf(videoToVideoHdr, readerOf({ resultFile }));

	expect(path).toBe('video-to-video-hdr');
	expect(result.key).toBe(key);
	expect(result.typeOf(Buffer.from('PK\u0003\u0004'))).toEqual(
		type && expect.objectContaining(type),
	);
});

it('Video to HDR gives both files with the result file all', () => {
	const { result } = endpointOf(videoToVideoHdr, readerOf({ resultFile: 'All' }));

	expect(result).toEqual({ ...ALL_RESULTS, others: ['exr_frames_url'] });
});

it.each(['videoUpscale', 'videoAlphaGen'])(
	'%s has no price and says who documents it',
	(resource) => {
		const { price, caveat, fields } = ENDPOINTS[resource];
		const [{ hint }] = fields[0].properties;

		expect(price({ body: {}, factsOf: () => ({}) })).toEqual({
			unknown: expect.stringMatching(/ has no known price$/) as unknown,
			advice: expect.stringMatching(
				/^LTX's partners charge USD \d\.\d\d a second .*\.$/,
			) as unknown,
		});
		const NOT_LISTED =
			"LTX's own documentation did not list this yet on 2026-11-27, only its partners";
		expect(hint).toBe(NOT_LISTED);
		expect(caveat).toBe(
			`${NOT_LISTED}: your account may not have it, or its path may be another one by now. Other Endpoint takes any path.`,
		);
	},
);

it.each([
	['1080p', '1080p'],
	['Full HD', '1080p'],
	['4K', '4k'],
	['UHD', '4k'],
	['4K UHD', '4k'],
	['2160p', '4k'],
	['8K', '8k'],
	['4320p', '8k'],
	['16K', '16K'],
	['4K 8K', '4K 8K'],
	['3840x2160', '3840x2160'],
])('Upscale takes %p for %p', (given, value) => {
	const [, resolution] = ENDPOINTS.videoUpscale.fields;

	expect(resolution.read(readerOf({ resolution: given }))).toEqual({
		resolution: { is: 'plain', value },
	});
});

it.each<unknown>(['zip', '', null])('Video to HDR has no result file %p', (resultFile) => {
	expect(refusalOf(() => endpointOf(videoToVideoHdr, readerOf({ resultFile }))).message).toMatch(
		/^Result File /,
	);
});

describe('Other Endpoint', () => {
	it.each([
		['video-upscale', undefined, 'video-upscale', 'video_url'],
		[' A_b-9 ', ' mask_url ', 'A_b-9', 'mask_url'],
	])('takes the path %p and the key %p', (endpointPath, resultKey, path, key) => {
		const parameter = readerOf({ endpointPath, resultKey });

		expect(endpointOf(otherEndpoint, parameter)).toMatchObject({ path, result: { key } });
	});

	it.each<[unknown, unknown, RegExp]>([
		['', 'a', /^Endpoint Path is empty/],
		['/v2/x', 'a', /^Endpoint Path may hold/],
		['a/b', 'a', /^Endpoint Path may hold/],
		['..', 'a', /^Endpoint Path may hold/],
		['a?b', 'a', /^Endpoint Path may hold/],
		['a%2Fb', 'a', /^Endpoint Path may hold/],
		['ü', 'a', /^Endpoint Path may hold/],
		[undefined, 'a', /^Endpoint Path is empty/],
		['x', '', /^Result Key is empty/],
		['x', null, /^Result Key is empty/],
	])('refuses the path %p with the key %p', (endpointPath, resultKey, message) => {
		const choose = () => endpointOf(otherEndpoint, readerOf({ endpointPath, resultKey }));
		expect(refusalOf(choose).message).toMatch(message);
	});

	const [requestBody, files] = otherEndpoint.fields;
	const file = (source: unknown): BodyValue =>
		({ is: 'file', source, kinds: EVERY_KIND }) as BodyValue;
	const plain = (value: unknown): BodyValue => ({ is: 'plain', value });

	it.each<[unknown, Record<string, BodyValue>]>([
		['{"a": null, "b": {"c": [1]}}', { a: plain(null), b: plain({ c: [1] }) }],
		[{ a: 1 }, { a: plain(1) }],
		[{}, {}],
	])('sends the body %j as it is', (given, read) => {
		expect(requestBody.read(readerOf({ requestBody: given }))).toEqual(read);
	});

	it.each<unknown>(['', '{', '[1]', 'null', '7', [1], null, undefined])(
		'refuses the body %j',
		(given) => {
			expect(refusalOf(() => requestBody.read(readerOf({ requestBody: given }))).message).toBe(
				'Request Body must be a JSON object',
			);
		},
	);

	it.each<[unknown, string]>([
		[{ prompt: 'x', size: undefined }, 'size is empty'],
		[{ deep: [{ size: undefined }] }, 'size is empty'],
		[{ size: () => 1 }, 'size is empty'],
		[{ seconds: NaN }, 'seconds is not a number'],
		[{ seconds: Infinity }, 'seconds is not a number'],
		[{ scale: -Infinity }, 'scale is not a number'],
	])('refuses the body %p, of which JSON would lose a part', (given, what) => {
		expect(refusalOf(() => requestBody.read(readerOf({ requestBody: given })))).toMatchObject({
			message: `Request Body: ${what}`,
			advice: `Fill in ${what.split(' ')[0]}, or leave it out.`,
		});
	});

	it('refuses a number of which digits would be lost, and none that is sent as it is', () => {
		const read = (given: string) => requestBody.read(readerOf({ requestBody: given }));

		expect(refusalOf(() => read('{"seed": 12345678901234567890}'))).toMatchObject({
			message: 'Request Body: seed has more digits than can be sent',
			advice: 'Use a shorter number or, if LTX takes it, a text in quotes.',
		});
		expect(read('{"seed": 9007199254740991}')).toEqual({ seed: plain(9007199254740991) });
	});

	it.each<[unknown, Record<string, BodyValue>]>([
		[undefined, {}],
		[{}, {}],
		[{ file: [{ apiField: 'constructor', binaryProperty: 'x' }] }, { constructor: file('x') }],
		[{ file: [{ apiField: ' video_uri ', binaryProperty: 'data' }] }, { video_uri: file('data') }],
		[
			{
				file: [
					{ apiField: 'a', binaryProperty: 'x' },
					{ apiField: 'b', binaryProperty: 'y' },
				],
			},
			{ a: file('x'), b: file('y') },
		],
	])('uploads the files %j', (given, read) => {
		expect(files.read(readerOf({ files: given }))).toEqual(read);
	});

	const a = { apiField: 'a', binaryProperty: 'x' };

	it.each<[unknown, string]>([
		[null, 'Files must be a list of files'],
		['data', 'Files must be a list of files'],
		[{ file: ['data'] }, 'API Field is empty'],
		[{ file: [{ binaryProperty: 'data' }] }, 'API Field is empty'],
		[{ file: [{ ...a, binaryProperty: '' }] }, 'Binary Field is empty'],
		[{ file: [{ apiField: 'a' }] }, 'Binary Field is empty'],
		[{ file: [a, { ...a, binaryProperty: 'y' }] }, 'API Field a has two files'],
	])('refuses the files %j', (given, message) => {
		expect(refusalOf(() => files.read(readerOf({ files: given }))).message).toBe(message);
	});
});

describe('the placement of Reframe', () => {
	const placement = videoToVideoReframe.fields.find(({ isAdditional }) => isAdditional)!;
	const read = (values: object) => placement.read(readerOf(values));

	it.each<[object, object | undefined]>([
		[{}, undefined],
		[{ placement: 'top_left' }, { anchor: 'top_left' }],
		[{ placement: 'Top Left' }, { anchor: 'top_left' }],
		[{ placement: 'CUSTOM', placementX: 0 }, { x: 0 }],
		[{ placement: 'new_anchor' }, { anchor: 'new_anchor' }],
		[
			{ placement: 'custom', placementX: 0, placementY: '0.25' },
			{ x: 0, y: 0.25 },
		],
		[
			{ placementWidth: 0.5, placementHeight: 1 },
			{ width: 0.5, height: 1 },
		],
	])('of %j is sent as %j', (values, value) => {
		expect(read(values)).toEqual(value ? { placement: { is: 'plain', value } } : {});
	});

	it.each<[object, RegExp]>([
		[{ placement: 'custom' }, /^Placement is Custom, but says nothing/],
		[{ placement: '' }, /^Placement is empty/],
		[{ placement: null }, /^Placement is empty/],
		[
			{ placement: 'center', placementX: 0 },
			/^Placement is "center", but there is also Placement X/,
		],
		[{ placementX: null }, /^Placement X must be a number of at least 0/],
		[{ placementY: -0.1 }, /^Placement Y must be a number of at least 0/],
		[{ placementWidth: 0 }, /^Placement Width must be a number above 0/],
		[{ placementHeight: '' }, /^Placement Height must be a number above 0/],
	])('of %j is refused', (values, message) => {
		expect(refusalOf(() => read(values)).message).toMatch(message);
	});
});
