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
