import sharp, { type Sharp } from 'sharp';

import { readImageSize } from '../../../nodes/LtxVideo/media/imageSize';

const blank = { width: 30, height: 20, channels: 3, background: 'teal' } as const;
const picture = (orientation?: number) => {
	const image = sharp({ create: blank });
	return orientation === undefined ? image : image.withMetadata({ orientation });
};

const WRITERS: Array<[string, string, (image: Sharp) => Sharp]> = [
	['a PNG', 'image/png', (image) => image.png()],
	['a JPEG', 'image/jpeg', (image) => image.jpeg()],
	['a progressive JPEG', 'image/jpeg', (image) => image.jpeg({ progressive: true })],
	['a WEBP', 'image/webp', (image) => image.webp()],
	['a lossless WEBP', 'image/webp', (image) => image.webp({ lossless: true })],
];

const UPRIGHT = { width: 30, height: 20 };
const SIDEWAYS = { width: 20, height: 30 };

describe.each(WRITERS)('%s', (_what, mimeType, write) => {
	const save = async (orientation?: number) => await write(picture(orientation)).toBuffer();

	it.each([undefined, 1, 2, 3, 4])('stands as it is (orientation %p)', async (orientation) => {
		expect(readImageSize(await save(orientation), mimeType)).toEqual(UPRIGHT);
	});

	it.each([5, 6, 7, 8])('is turned by a quarter (orientation %i)', async (orientation) => {
		expect(readImageSize(await save(orientation), mimeType)).toEqual(SIDEWAYS);
	});

	it('has no size where it is cut off, and never fails', async () => {
		const bytes = await save(6);
		for (let length = 0; length < bytes.length; length++) {
			expect(() => readImageSize(bytes.subarray(0, length), mimeType)).not.toThrow();
		}
		expect(readImageSize(bytes.subarray(0, 16), mimeType)).toBeUndefined();
	});

	it('is told by its own size however large', async () => {
		const image = sharp({ create: { ...blank, width: 4_100, height: 3 } });

		expect(readImageSize(await write(image).toBuffer(), mimeType)).toEqual({
			width: 4_100,
			height: 3,
		});
	});
});

it('reads a JPEG whose EXIF is written in the other byte order', async () => {
	const tiff = Buffer.from(
		'MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0',
		'latin1',
	);
	const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
	const marker = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
	const jpeg = await picture().jpeg().toBuffer();
	const turned = Buffer.concat([jpeg.subarray(0, 2), marker, exif, jpeg.subarray(2)]);

	expect(readImageSize(turned, 'image/jpeg')).toEqual(SIDEWAYS);
});

it('reads a JPEG with stray bytes before a marker, as other readers do', async () => {
	const jpeg = await picture().jpeg().toBuffer();
	const stray = Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0, 7, 0]), jpeg.subarray(2)]);

	expect(readImageSize(stray, 'image/jpeg')).toEqual(UPRIGHT);
});

const ORIENTATION = 0x112;

/** EXIF data with these tags and values, as a JPEG holds it. */
function exifOf(tags: Array<[number, number]>, directory = 8): Buffer {
	const tiff = Buffer.alloc(10 + 12 * tags.length);
	tiff.write('II*\0', 'latin1');
	tiff.writeUInt32LE(directory, 4);
	tiff.writeUInt16LE(tags.length, 8);
	tags.forEach(([tag, value], index) => {
		tiff.writeUInt16LE(tag, 10 + 12 * index);
		tiff.writeUInt16LE(value, 18 + 12 * index);
	});
	return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
}

/** A JPEG with these segments for applications before its picture. */
async function jpegWith(...segments: Buffer[]): Promise<Buffer> {
	const jpeg = await picture().jpeg().toBuffer();
	const marked = segments.flatMap((segment) => [
		Buffer.from([0xff, 0xe1, 0, segment.length + 2]),
		segment,
	]);
	return Buffer.concat([jpeg.subarray(0, 2), ...marked, jpeg.subarray(2)]);
}

it.each<[string, Buffer[], object]>([
	[
		'after other tags',
		[
			exifOf([
				[0x10f, 1],
				[0x110, 2],
				[ORIENTATION, 6],
			]),
		],
		SIDEWAYS,
	],
	[
		'before other tags',
		[
			exifOf([
				[ORIENTATION, 6],
				[0x132, 1],
			]),
		],
		SIDEWAYS,
	],
	[
		'among tags of other sides',
		[
			exifOf([
				[0x10f, 6],
				[ORIENTATION, 1],
			]),
		],
		UPRIGHT,
	],
	['that there is not', [exifOf([[ORIENTATION, 9]])], UPRIGHT],
	['nowhere', [exifOf([[0x10f, 6]])], UPRIGHT],
	['in a directory without entries', [exifOf([])], UPRIGHT],
	['beyond the end', [exifOf([[ORIENTATION, 6]], 9_999)], UPRIGHT],
	[
		'in an entry that is cut off',
		[
			exifOf([
				[0x10f, 1],
				[ORIENTATION, 6],
			]).subarray(0, 36),
		],
		UPRIGHT,
	],
	['in a block that is too short', [exifOf([]).subarray(0, 12)], UPRIGHT],
	[
		'after other data of applications',
		[Buffer.from('http://ns.adobe.com/xap/1.0/\0 6 6 6 6'), exifOf([[ORIENTATION, 6]])],
		SIDEWAYS,
	],
	[
		'twice, of which the first counts',
		[exifOf([[ORIENTATION, 6]]), exifOf([[ORIENTATION, 1]])],
		SIDEWAYS,
	],
])('reads a JPEG whose orientation stands %s', async (_where, segments, size) => {
	expect(readImageSize(await jpegWith(...segments), 'image/jpeg')).toEqual(size);
});

it('takes no table of a JPEG for the frame', async () => {
	const tables = [0xc4, 0xc8, 0xcc].map((marker) =>
		Buffer.from([0xff, marker, 0, 11, 8, 0, 99, 0, 99, 1, 0, 0, 0]),
	);
	const jpeg = await picture().jpeg().toBuffer();

	expect(
		readImageSize(Buffer.concat([jpeg.subarray(0, 2), ...tables, jpeg.subarray(2)]), 'image/jpeg'),
	).toEqual(UPRIGHT);
});

it('knows no size of a JPEG whose picture comes before its size', () => {
	const frame = [0xff, 0xc0, 0, 11, 8, 0, 20, 0, 30, 1, 0, 0, 0];

	expect(readImageSize(Buffer.from([0xff, 0xd8, ...frame]), 'image/jpeg')).toEqual(UPRIGHT);
	expect(
		readImageSize(Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 4, 0, 0, ...frame]), 'image/jpeg'),
	).toBeUndefined();
});

it.each([
	[0, 20],
	[30, 0],
])('knows no size of a picture of %i by %i', (width, height) => {
	const png = Buffer.alloc(24);
	png.writeUInt32BE(width, 16);
	png.writeUInt32BE(height, 20);

	expect(readImageSize(png, 'image/png')).toBeUndefined();
});

/** A WEBP file of these chunks. */
function webpOf(...chunks: Array<[string, Buffer]>): Buffer {
	const parts = chunks.flatMap(([name, content]) => {
		const length = Buffer.alloc(4);
		length.writeUInt32LE(content.length);
		return [Buffer.from(name, 'latin1'), length, content, Buffer.alloc(content.length % 2)];
	});
	return Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP', 'latin1'), ...parts]);
}

const VP8X = Buffer.from([0, 0, 0, 0, 29, 0, 0, 19, 0, 0]);

it.each<[string, Array<[string, Buffer]>, object]>([
	['alone', [['VP8X', VP8X]], UPRIGHT],
	[
		'after a chunk of odd length',
		[
			['ICCP', Buffer.alloc(3)],
			['VP8X', VP8X],
		],
		UPRIGHT,
	],
	[
		'with EXIF',
		[
			['VP8X', VP8X],
			['EXIF', exifOf([[ORIENTATION, 8]])],
		],
		SIDEWAYS,
	],
	[
		'with EXIF in another chunk',
		[
			['VP8X', VP8X],
			['XMP ', exifOf([[ORIENTATION, 8]])],
		],
		UPRIGHT,
	],
])('reads the size of the canvas of a WEBP %s', (_what, chunks, size) => {
	expect(readImageSize(webpOf(...chunks), 'image/webp')).toEqual(size);
});

it('reads a JPEG with bytes of filling before its markers', async () => {
	const jpeg = await picture().jpeg().toBuffer();
	const filled = Buffer.concat([jpeg.subarray(0, 2), Buffer.alloc(3, 0xff), jpeg.subarray(2)]);

	expect(readImageSize(filled, 'image/jpeg')).toEqual(UPRIGHT);
});

it('reads the size of a WEBP that moves from its head', async () => {
	const pages = Buffer.alloc(3 * 30 * 40, 200);
	const webp = await sharp(pages, { raw: { width: 30, height: 40, channels: 3, pageHeight: 20 } })
		.webp({ delay: [100, 100] })
		.toBuffer();

	expect(readImageSize(webp, 'image/webp')).toEqual(UPRIGHT);
});

it.each<[string, Buffer, string]>([
	['no bytes', Buffer.alloc(0), 'image/png'],
	['a picture of nothing', Buffer.alloc(100), 'image/png'],
	['another type', Buffer.alloc(100, 0xff), 'image/gif'],
	['nothing but filling', Buffer.alloc(100, 0xff), 'image/jpeg'],
])('knows no size of %s', (_what, bytes, mimeType) => {
	expect(readImageSize(bytes, mimeType)).toBeUndefined();
});
