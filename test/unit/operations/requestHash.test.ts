import type { PreparedRequest } from '../../../nodes/LtxVideo/operations/request';
import { ENDPOINTS } from '../../../nodes/LtxVideo/endpoints';
import { hashAsSent, hashAsWritten } from '../../../nodes/LtxVideo/operations/requestHash';

const BODY = { prompt: 'The sea', duration: 6 };
const FILE = { name: 'a.png', sizeBytes: 7 };

function hashOf(
	given: {
		path?: string;
		body?: object;
		apiName?: string;
		file?: Partial<typeof FILE> | null;
	} = {},
) {
	const { path = 'image-to-video', body = BODY, apiName = 'image_uri', file = FILE } = given;
	const files = new Map(file ? [[apiName, { source: 'data', file: { ...FILE, ...file } }]] : []);
	return hashAsSent(path, { body, files } as unknown as PreparedRequest);
}

it('is the same for the same request, and short enough to be stored', () => {
	expect(hashOf({ body: { ...BODY } })).toEqual(hashOf());
	expect(hashOf()).toMatch(/^[0-9a-f]{16}$/);
});

it.each([
	['endpoint', { path: 'text-to-video' }],
	['value', { body: { ...BODY, duration: 8 } }],
	['kind of value', { body: { ...BODY, duration: '6' } }],
	['field more', { body: { ...BODY, fps: 24 } }],
	['field of the file', { apiName: 'last_frame_uri' }],
	['file name', { file: { name: 'b.png' } }],
	['file size', { file: { sizeBytes: 8 } }],
	['file less', { file: null }],
])('tells another %s', (_what, given) => {
	expect(hashOf(given)).not.toBe(hashOf());
});

it('tells thousands of requests apart, by each of its halves', () => {
	const hashes = Array.from({ length: 5_000 }, (_, seed) => hashOf({ body: { seed } }));

	for (const part of [
		hashes.map((hash) => hash.slice(0, 8)),
		hashes.map((hash) => hash.slice(8)),
	]) {
		expect(new Set(part).size).toBe(hashes.length);
	}
});

describe('what is written in the node', () => {
	const WRITTEN = {
		resource: 'imageToVideo',
		operation: 'submitAndWait',
		imageSource: 'url',
		imageUri: '={{ $json.image }}',
		prompt: '={{ $now }}',
		options: { maxWait: 20 },
		downloadVideo: true,
		additionalFields: { fps: 24 },
	};
	const written = (parameters: object = {}, endpoint = ENDPOINTS.imageToVideo) =>
		hashAsWritten({ ...WRITTEN, ...parameters }, endpoint);

	it.each([
		['prompt', { prompt: '={{ $json.idea }}' }],
		['address of a file', { imageUri: 'https://example.com/a.png' }],
		['source of a file', { imageSource: 'binary' }],
		['field more', { additionalFields: { fps: 24, cameraMotion: 'static' } }],
		['collection by an expression', { additionalFields: '={{ $json.more }}' }],
	])('is another with another %s', (_what, parameters) => {
		expect(written(parameters)).not.toBe(written());
	});

	it.each([
		['way to wait', { operation: 'submit', options: { maxWait: 5, onTimeout: 'returnJob' } }],
		['download', { downloadVideo: false }],
		['parameter of another resource', { videoUri: 'https://example.com/a.mp4' }],
	])('is the same with another %s', (_what, parameters) => {
		expect(written(parameters)).toBe(written());
	});

	it('tells the path of another endpoint', () => {
		const pathOf = (endpointPath: string) =>
			written({ resource: 'otherEndpoint', endpointPath }, ENDPOINTS.otherEndpoint);

		expect(pathOf('video-upscale')).not.toBe(pathOf('video-next'));
		expect(written({ resource: 'textToVideo' })).not.toBe(written());
	});
});
