import { useLtx } from './useLtx';
import { answerWith, proxyPage } from '../../tools/ltx-server/faults';
import { REQUESTS } from './requests';
import { PNG, sample } from '../../tools/samples/samples';

describe.each(['filesystem', 'default'] as const)('Upload of a file in mode %s', (binaryMode) => {
	const ltx = useLtx({ binaryMode });
	const upload = async (bytes: Buffer, binaryProperty = 'data') =>
		await ltx.run({
			parameters: { resource: 'file', operation: 'upload', binaryProperty },
			items: [{ binary: { data: await ltx.file(bytes) } }],
		});

	it.each<[string, Buffer, string]>([
		['an image', PNG, 'image/png'],
		['MP3', sample('sound.mp3'), 'audio/mpeg'],
		['M4A', sample('sound.m4a'), 'audio/mp4'],
		['M4A with the brand of a video', sample('sound-in-mp4.m4a'), 'audio/mp4'],
		['OGG', sample('sound.ogg'), 'audio/ogg'],
		['compressed WAV', sample('sound-adpcm.wav'), 'audio/wav'],
		['uncompressed WAV', sample('sound-pcm.wav'), 'audio/wav'],
		['FLAC', sample('sound.flac'), 'audio/flac'],
		['AVI', sample('video.avi'), 'video/x-msvideo'],
		['WEBM', sample('video.webm'), 'video/webm'],
		['MOV', sample('video.mov'), 'video/quicktime'],
		['MKV', sample('video.mkv'), 'video/x-matroska'],
	])('takes %s', async (_name, bytes, mimeType) => {
		const { items, error } = await upload(bytes);
		expect(error).toBeUndefined();
		const { json, pairedItem } = items[0];
		expect(json).toEqual({
			storage_uri: expect.stringMatching(/^ltx:/),
			expires_at: expect.stringMatching(/^\d{4}-.*Z$/),
			mime_type: mimeType,
			file_size: bytes.length,
		});
		expect(pairedItem).toEqual({ item: 0 });
		const stored = ltx.server.files.get(json.storage_uri as string);
		expect(stored?.bytes.equals(bytes)).toBe(true);
		expect(stored?.contentType).toBe(mimeType);
		expect(ltx.server.jobs).toEqual([]);
	});

	it.each<[string, Buffer, RegExp]>([
		['a GIF', Buffer.from('GIF89a, and what follows'), /holds a GIF image/],
		['a PDF', Buffer.from('%PDF-1.7 and so on'), /holds a PDF document/],
		['a ZIP', Buffer.from('PK\u0003\u0004 and so on'), /holds a ZIP archive/],
		['a web page', Buffer.from('<!doctype html>'), /holds a web page/],
		['a text', Buffer.from('hello there, this is text'), /holds text/],
		['nothing', Buffer.alloc(0), /is empty/],
	])('refuses %s before any call, and says what to do', async (_name, bytes, message) => {
		const { error } = await upload(bytes);
		expect(error?.message).toMatch(message);
		if (bytes.length > 0)
			expect(error?.description).toMatch(/Convert the file first|came instead of a file/);
		expect(ltx.server.requests).toEqual([]);
	});

	it('names the fields that are there when the one asked for is not', async () => {
		const { error } = await upload(PNG, 'photo');
		expect(error?.message).toMatch(/no binary field "photo"; it has: "data"/);
	});
});

describe('an uploaded file', () => {
	const ltx = useLtx();

	it('can be used in several jobs', async () => {
		const { items } = await ltx.run({
			parameters: { resource: 'file', operation: 'upload' },
			items: [{ binary: { data: await ltx.file(sample('video.mov')) } }],
		});
		const videoUri = items[0].json.storage_uri as string;
		for (const resource of ['videoToVideoReframe', 'extend']) {
			const { error } = await ltx.run({
				parameters: { resource, operation: 'submit', ...REQUESTS[resource].parameters, videoUri },
			});
			expect(error).toBeUndefined();
		}
		expect(ltx.server.jobs.map(({ body }) => body.video_uri)).toEqual([videoUri, videoUri]);
		expect(ltx.server.count('put')).toBe(1);
	});

	it('is sent again when the storage is down for a moment', async () => {
		ltx.server.fail('put', proxyPage(502));
		const { items } = await ltx.run({
			parameters: { resource: 'file', operation: 'upload' },
			items: [{ binary: { data: await ltx.file(PNG) } }],
		});
		expect(ltx.server.files.has(items[0].json.storage_uri as string)).toBe(true);
		expect(ltx.server.count('upload')).toBe(2);
	});

	it('is not sent again when the storage says that it is too large', async () => {
		ltx.server.fail('put', answerWith({ status: 413 }));
		const { error } = await ltx.run({
			parameters: { resource: 'file', operation: 'upload' },
			items: [{ binary: { data: await ltx.file(PNG) } }],
		});
		expect(error?.message).toMatch(/the storage answered HTTP 413/);
		expect(error?.description).toMatch(/does not take a file of this size/);
		expect(ltx.server.count('put')).toBe(1);
	});

	it.each([
		[
			'XML',
			'<?xml version="1.0"?><Error><Code>Skewed</Code><Message>Clock is off</Message></Error>',
		],
		['a text', 'Clock is off'],
		['JSON', { message: 'Clock is off' }],
	])('that the storage refuses with %s tells its words', async (_what, body) => {
		ltx.server.fail('put', answerWith({ status: 413, body }));
		const { error } = await ltx.run({
			parameters: { resource: 'file', operation: 'upload' },
			items: [{ binary: { data: await ltx.file(PNG) } }],
		});
		expect(error?.message).toMatch(/the storage answered HTTP 413: Clock is off$/);
	});

	it('tells which item failed, when the node is set to continue', async () => {
		const { items } = await ltx.run({
			parameters: { resource: 'file', operation: 'upload' },
			settings: { onError: 'continueRegularOutput' },
			items: [{ json: {} }, { binary: { data: await ltx.file(PNG) } }],
		});
		expect(items[0].json.error).toMatchObject({ type: 'invalid_input', endpoint: 'file' });
		expect(items[1].json.storage_uri).toMatch(/^ltx:/);
	});
});
