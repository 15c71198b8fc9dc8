/** Width and height of a picture as a viewer shows it, in pixels. */
export interface ImageSize {
	width: number;
	height: number;
}

// Of EXIF orientations; others than 1 to 8 mean nothing.
const SIDEWAYS_ORIENTATIONS = [5, 6, 7, 8];
const ORIENTATION_TAG = 0x0112;

/** @returns true where the TIFF block of EXIF data says that the picture lies on its side */
function isSideways(tiff: Buffer): boolean {
	if (tiff.length < 14) return false;
	const isLittleEndian = tiff.toString('latin1', 0, 2) === 'II';
	const read16 = (offset: number) =>
		isLittleEndian ? tiff.readUInt16LE(offset) : tiff.readUInt16BE(offset);
	const directory = isLittleEndian ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
	if (directory + 2 > tiff.length) return false;
	const entries = read16(directory);
	for (let index = 0; index < entries; index++) {
		const entry = directory + 2 + 12 * index;
		if (entry + 12 > tiff.length) return false;
		if (read16(entry) === ORIENTATION_TAG) {
			return SIDEWAYS_ORIENTATIONS.includes(read16(entry + 8));
		}
	}
	return false;
}

function asShown(width: number, height: number, exif: Buffer | undefined): ImageSize {
	return exif && isSideways(exif) ? { width: height, height: width } : { width, height };
}

const EXIF_MARK = 'Exif\0\0';

/** Some writers put the mark of JPEG before the TIFF block in other formats too. */
function withoutMark(exif: Buffer): Buffer {
	return exif.toString('latin1', 0, EXIF_MARK.length) === EXIF_MARK
		? exif.subarray(EXIF_MARK.length)
		: exif;
}

function readPng(bytes: Buffer): ImageSize {
	const width = bytes.readUInt32BE(16);
	const height = bytes.readUInt32BE(20);
	for (let offset = 8; offset + 8 <= bytes.length;) {
		const length = bytes.readUInt32BE(offset);
		if (bytes.toString('latin1', offset + 4, offset + 8) === 'eXIf') {
			return asShown(width, height, withoutMark(bytes.subarray(offset + 8, offset + 8 + length)));
		}
		offset += 12 + length;
	}
	return { width, height };
}

const JPEG_START_OF_SCAN = 0xda;
const JPEG_APP1 = 0xe1;
// C4, C8 and CC are tables that lie among the frame headers.
const JPEG_NO_FRAMES = [0xc4, 0xc8, 0xcc];

function readJpeg(bytes: Buffer): ImageSize | undefined {
	let exif: Buffer | undefined;
	for (let offset = 2; offset + 9 < bytes.length;) {
		const marker = bytes[offset + 1];
		// Any number of fill bytes may stand before a marker, and readers skip stray bytes too.
		if (bytes[offset] !== 0xff || marker === 0xff) {
			offset += 1;
			continue;
		}
		if (marker === JPEG_START_OF_SCAN) return undefined;
		const length = bytes.readUInt16BE(offset + 2);
		if (marker >= 0xc0 && marker <= 0xcf && !JPEG_NO_FRAMES.includes(marker)) {
			return asShown(bytes.readUInt16BE(offset + 7), bytes.readUInt16BE(offset + 5), exif);
		}
		const segment = bytes.subarray(offset + 4, offset + 2 + length);
		const isExif = segment.toString('latin1', 0, EXIF_MARK.length) === EXIF_MARK;
		if (marker === JPEG_APP1 && isExif && !exif) exif = withoutMark(segment);
		offset += 2 + length;
	}
	return undefined;
}

function readWebp(bytes: Buffer): ImageSize | undefined {
	let size: ImageSize | undefined;
	let exif: Buffer | undefined;
	for (let offset = 12; offset + 8 <= bytes.length;) {
		const name = bytes.toString('latin1', offset, offset + 4);
		const length = bytes.readUInt32LE(offset + 4);
		const chunk = bytes.subarray(offset + 8, offset + 8 + length);
		if (name === 'VP8X') {
			size = { width: chunk.readUIntLE(4, 3) + 1, height: chunk.readUIntLE(7, 3) + 1 };
		} else if (name === 'VP8 ') {
			size ??= { width: chunk.readUInt16LE(6) & 0x3fff, height: chunk.readUInt16LE(8) & 0x3fff };
		} else if (name === 'VP8L') {
			const bits = chunk.readUInt32LE(1);
			size ??= { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
		} else if (name === 'EXIF') {
			exif = withoutMark(chunk);
		}
		// Chunks begin at even offsets.
		offset += 8 + length + (length % 2);
	}
	return size && asShown(size.width, size.height, exif);
}

/**
 * Reads the size of a PNG, JPEG or WEBP picture, with its EXIF rotation.
 *
 * @returns `undefined` where the headers do not hold a size
 */
export function readImageSize(bytes: Buffer, mimeType: string): ImageSize | undefined {
	const readers: Record<string, (bytes: Buffer) => ImageSize | undefined> = {
		'image/png': readPng,
		'image/jpeg': readJpeg,
		'image/webp': readWebp,
	};
	let size: ImageSize | undefined;
	try {
		size = readers[mimeType]?.(bytes);
	} catch {
		// A header that is cut off: Buffer throws where a number lies beyond the end.
		size = undefined;
	}
	return size && size.width > 0 && size.height > 0 ? size : undefined;
}
