import type { Item } from '../../../nodes/LtxVideo/operations/item';
import { uploadFiles, type PreparedRequest } from '../../../nodes/LtxVideo/operations/request';
import { createFakeClock } from '../fakeClock';

const HOUR_MS = 60 * 60_000;

/** A request with one file in two fields, and an LTX that counts its uploads. */
function setUp() {
	const clock = createFakeClock({ startMs: 5_000 });
	let uploads = 0;
	const item = {
		clock,
		stop: new AbortController().signal,
		helpers: { httpRequest: async () => ({ statusCode: 200 }) },
		client: {
			createUpload: async () => ({
				upload_url: 'https://storage.example/slot',
				storage_uri: `ltx://uploads/${++uploads}`,
			}),
		},
	} as unknown as Item;
	const source = { is: 'binary', field: 'Image Binary Field', name: 'data' };
	const file = { open: async () => Buffer.from('PNG'), sizeBytes: 3, mimeType: 'image/png' };
	const prepared = {
		body: { prompt: 'The sea' },
		files: new Map(['image_uri', 'last_frame_uri'].map((apiName) => [apiName, { source, file }])),
	} as unknown as PreparedRequest;
	return { clock, upload: async () => await uploadFiles(item, prepared) };
}

const requestWith = (uri: string) => ({
	body: { prompt: 'The sea', image_uri: uri, last_frame_uri: uri },
	uploadedUris: { image_uri: uri, last_frame_uri: uri },
});

it('a file that stands in two fields is uploaded once, and used as long as LTX keeps it', async () => {
	const { clock, upload } = setUp();
	const { fresh } = await upload();
	expect(await fresh()).toMatchObject(requestWith('ltx://uploads/1'));

	clock.advance(23 * HOUR_MS);

	expect(await fresh()).toMatchObject(requestWith('ltx://uploads/1'));
});

it('a file that LTX may not have any more is uploaded anew, and that one used from then on', async () => {
	const { clock, upload } = setUp();
	const { fresh } = await upload();

	clock.advance(23 * HOUR_MS + 1);

	expect(await fresh()).toMatchObject(requestWith('ltx://uploads/2'));
	clock.advance(22 * HOUR_MS);
	expect(await fresh()).toMatchObject(requestWith('ltx://uploads/2'));
});
