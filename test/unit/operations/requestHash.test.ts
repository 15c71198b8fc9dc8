import type { PreparedRequest } from '../../../nodes/LtxVideo/operations/request';
import { hashRequest } from '../../../nodes/LtxVideo/operations/requestHash';

const BODY = { prompt: 'The sea', duration: 6 };
const FILE = { name: 'a.png', sizeBytes: 7, storedId: 'id-1' };

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
	return hashRequest(path, { body, files } as unknown as PreparedRequest);
}

it('is the same for the same request, and short enough to be stored', () => {
	expect(hashOf({ body: { ...BODY } })).toEqual(hashOf());
	expect(hashOf().exact).toMatch(/^[0-9a-f]{16}$/);
	expect(hashOf().alike).toMatch(/^[0-9a-f]{16}$/);
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
])('tells another %s, in both forms', (_what, given) => {
	expect(hashOf(given).exact).not.toBe(hashOf().exact);
	expect(hashOf(given).alike).not.toBe(hashOf().alike);
});

it('tells another file of the same name and size by its id, in the exact form alone', () => {
	expect(hashOf({ file: { storedId: 'id-2' } }).exact).not.toBe(hashOf().exact);
	expect(hashOf({ file: { storedId: 'id-2' } }).alike).toBe(hashOf().alike);
});

it('tells thousands of requests apart, by each of its halves', () => {
	const hashes = Array.from({ length: 5_000 }, (_, seed) => hashOf({ body: { seed } }).exact);

	for (const part of [
		hashes.map((hash) => hash.slice(0, 8)),
		hashes.map((hash) => hash.slice(8)),
	]) {
		expect(new Set(part).size).toBe(hashes.length);
	}
});
