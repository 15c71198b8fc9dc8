import {
	answerWith,
	apiError,
	malformedJson,
	proxyPage,
	resetBefore,
	silence,
	type Fault,
} from '../../tools/ltx-server/faults';
import { GOOD_REQUEST, QUICK } from '../../tools/engine/runNode';
import { PNG } from '../../tools/samples/samples';
import { useLtx } from './useLtx';

const MEBIBYTE = 1024 * 1024;
const JPEG = Buffer.concat([
	Buffer.from('ffd8ffe000104a464946000101', 'hex'),
	Buffer.alloc(2_000, 7),
]);
const WEBP = Buffer.concat([Buffer.from('RIFF....WEBPVP8 ', 'latin1'), Buffer.alloc(2_000, 7)]);
const BINARY = { ...GOOD_REQUEST, operation: 'submit', imageSource: 'binary' };

/** A PNG by its first bytes, of any size. */
function pngOf(bytes: number): Buffer {
	return Buffer.concat([PNG.subarray(0, 64), Buffer.alloc(bytes - 64, 3)]);
}

describe.each(['filesystem', 'default'] as const)(
	'files that n8n keeps in mode %s',
	(binaryMode) => {
		const ltx = useLtx({ binaryMode });

		it.each([
			['PNG', PNG, 'image/png'],
			['JPEG', JPEG, 'image/jpeg'],
			['WEBP', WEBP, 'image/webp'],
			['a PNG of exactly 15 MiB', pngOf(15 * MEBIBYTE), 'image/png'],
		])(
			'are uploaded byte for byte, labeled by what they are: %s',
			async (_name, bytes, contentType) => {
				const { items, error } = await ltx.run({
					parameters: BINARY,
					items: [{ binary: { data: await ltx.file(bytes) } }],
				});
				expect(error).toBeUndefined();
				const [[uri, stored]] = [...ltx.server.files];
				expect(stored.bytes.equals(bytes)).toBe(true);
				expect(stored.contentType).toBe(contentType);
				expect(ltx.server.of('put')[0].headers['content-length']).toBe(String(bytes.length));
				expect(items[0].json.image_uri).toBe(uri);
				expect(ltx.server.jobs[0].body.image_uri).toBe(uri);
			},
		);

		it('come out as the finished video', async () => {
			const { items } = await ltx.run({
				parameters: { ...BINARY, operation: 'submitAndWait', options: QUICK },
				items: [{ binary: { data: await ltx.file(PNG) } }],
			});
			expect((await ltx.engine.readFile(items[0].binary!.data)).equals(ltx.server.video)).toBe(
				true,
			);
			expect(items[0].binary?.data).toMatchObject({ mimeType: 'video/mp4', fileSize: '72.4 kB' });
		});

		it('are fetched again when what came was cut or no video', async () => {
			ltx.server.fail(
				'download',
				answerWith({ status: 200, body: '<html>busy, try again</html>' }),
			);
			ltx.server.fail('download', resetBefore);
			const { items } = await ltx.run({
				parameters: { ...BINARY, operation: 'submitAndWait', options: { ...QUICK, maxWait: 0.5 } },
				items: [{ binary: { data: await ltx.file(PNG) } }],
			});
			expect((await ltx.engine.readFile(items[0].binary!.data)).equals(ltx.server.video)).toBe(
				true,
			);
			expect(ltx.server.count('download')).toBe(3);
		});

		it.each<[string, Buffer, RegExp]>([
			[
				'GIF',
				Buffer.from('GIF89a'.padEnd(64)),
				/holds a GIF image, but LTX takes PNG, JPEG or WEBP/,
			],
			['an MP4', Buffer.from('\0\0\0\x18ftypisom'.padEnd(64), 'latin1'), /holds an MP4 video/],
			['a web page', Buffer.from('<!doctype html><p>no</p>'), /holds a web page/],
			['JSON', Buffer.from('{"error":"no image"}'), /holds JSON text/],
			[
				'noise',
				Buffer.from('0102030405060708090a', 'hex'),
				/unknown kind of file \(it begins with 0102030405060708\)/,
			],
			['nothing', Buffer.alloc(0), /is empty \(0 bytes\)/],
			[
				'more than 15 MiB',
				pngOf(15 * MEBIBYTE + 1),
				/holds a PNG image of 15\.1 MiB, but LTX takes at most 15 MiB/,
			],
		])('are refused before anything is sent when they hold %s', async (_name, bytes, message) => {
			const { error } = await ltx.run({
				parameters: BINARY,
				items: [{ binary: { data: await ltx.file(bytes) } }],
			});
			expect(error?.message).toMatch(message);
			expect(ltx.server.requests).toEqual([]);
		});
	},
);

describe('a binary image', () => {
	const ltx = useLtx();

	it('is refused with the fields that are there when its field is not', async () => {
		const file = await ltx.file(PNG);
		const { error } = await ltx.run({
			parameters: { ...BINARY, imageBinaryProperty: 'photo' },
			items: [{ binary: { data: file, thumbnail: file } }],
		});
		expect(error?.message).toBe(
			'The input item has no binary field "photo"; it has: "data", "thumbnail"',
		);
		expect(ltx.server.requests).toEqual([]);
	});

	it('is refused when the item has no file at all', async () => {
		const { error } = await ltx.run({ parameters: BINARY });
		expect(error?.message).toMatch(/no binary field "data"; it has no binary data at all/);
	});

	it('can be two: the first and the last frame from two fields of one item', async () => {
		const { items } = await ltx.run({
			parameters: {
				...BINARY,
				imageBinaryProperty: 'start',
				additionalFields: { lastFrameSource: 'binary', lastFrameBinaryProperty: 'end' },
			},
			items: [{ binary: { start: await ltx.file(PNG), end: await ltx.file(JPEG) } }],
		});
		const [first, last] = [...ltx.server.files.keys()];
		expect(ltx.server.jobs[0].body).toMatchObject({ image_uri: first, last_frame_uri: last });
		expect(items[0].json).toMatchObject({ image_uri: first, last_frame_uri: last });
	});

	it('can be the last frame only, from the default field', async () => {
		const { items } = await ltx.run({
			parameters: {
				...GOOD_REQUEST,
				operation: 'submit',
				additionalFields: { lastFrameSource: 'binary' },
			},
			items: [{ binary: { data: await ltx.file(PNG) } }],
		});
		expect(items[0].json).not.toHaveProperty('image_uri');
		expect(items[0].json.last_frame_uri).toBe([...ltx.server.files.keys()][0]);
	});

	it('is uploaded once when it is both frames', async () => {
		await ltx.run({
			parameters: { ...BINARY, additionalFields: { lastFrameSource: 'binary' } },
			items: [{ binary: { data: await ltx.file(PNG) } }],
		});
		expect(ltx.server.count('put')).toBe(1);
	});

	it.each<[string, 'upload' | 'put', Fault]>([
		['a lost slot', 'upload', resetBefore],
		['a 502 for a slot', 'upload', proxyPage(502)],
		['a broken slot', 'upload', malformedJson],
		['a slot without address', 'upload', answerWith({ status: 200, body: {} })],
		['a full API', 'upload', apiError('rate_limit_error')],
		['a reset while sending', 'put', resetBefore],
		['a 500 of the storage', 'put', answerWith({ status: 500 })],
		['a slot that was used already', 'put', answerWith({ status: 403 })],
	])('is uploaded again, into a new slot, after %s', async (_name, kind, fault) => {
		ltx.server.fail(kind, fault);
		const { error } = await ltx.run({
			parameters: BINARY,
			items: [{ binary: { data: await ltx.file(PNG) } }],
		});
		expect(error).toBeUndefined();
		expect(ltx.server.count('upload')).toBe(2);
		const putPaths = ltx.server.of('put').map(({ path }) => path);
		expect(new Set(putPaths).size).toBe(putPaths.length);
	});

	it('fails for good when the API refuses the upload, in its words', async () => {
		ltx.server.fail('upload', apiError('authentication_error', 'Key expired'), { times: 9 });
		const { error } = await ltx.run({
			parameters: BINARY,
			items: [{ binary: { data: await ltx.file(PNG) } }],
		});
		expect(error?.message).toBe('LTX does not accept the API key: Key expired');
		expect(ltx.server.count('upload')).toBe(1);
		expect(ltx.server.count('submit')).toBe(0);
	});

	it('does not hold up other items while its upload hangs', async () => {
		ltx.server.fail('put', silence);
		const { finished, stop } = ltx.start({
			parameters: { ...BINARY, imageSource: '={{ $json.from }}', imageUri: GOOD_REQUEST.imageUri },
			items: [
				{ json: { from: 'binary' }, binary: { data: await ltx.file(PNG) } },
				{ json: { from: 'url' } },
			],
		});
		await new Promise((resolve) => setTimeout(resolve, 300));
		expect(ltx.server.jobs).toHaveLength(1);
		stop();
		await finished;
	});
});
