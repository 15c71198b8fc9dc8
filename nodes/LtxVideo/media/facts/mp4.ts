import { bytesAt, type MediaFacts, type MediaFile } from './mediaFile';

/** A file that is cut into boxes may have its header at the end, behind all of its content. */
const HEADER_BOX = 'moov';
const LARGEST_HEADER_BYTES = 8 * 1024 * 1024;
const SHORTEST_BOX_BYTES = 8;
const LONG_BOX_BYTES = 16;

interface Box {
	type: string;
	/** With its head. */
	sizeBytes: number;
	headBytes: number;
}

/** `undefined` for a box whose end is not told, or that cannot be one. */
function readBox(bytes: Buffer): Box | undefined {
	const type = bytes.toString('latin1', 4, 8);
	const size = bytes.readUInt32BE(0);
	const isLong = size === 1;
	if (isLong && bytes.length < LONG_BOX_BYTES) return undefined;
	const headBytes = isLong ? LONG_BOX_BYTES : SHORTEST_BOX_BYTES;
	const sizeBytes = isLong ? Number(bytes.readBigUInt64BE(8)) : size;
	return sizeBytes < headBytes ? undefined : { type, sizeBytes, headBytes };
}

/** Finds the header in the head of a file, or behind what the head shows the length of. */
async function findHeader(file: MediaFile): Promise<Buffer | undefined> {
	let view = file.head;
	let viewStart = 0;
	let isLastView = false;
	for (let at = 0; at < file.sizeBytes;) {
		const rest = view.subarray(at - viewStart);
		const isInView = rest.length >= LONG_BOX_BYTES;
		const box = isInView ? readBox(rest) : undefined;
		if (box && box.type !== HEADER_BOX) {
			at += box.sizeBytes;
		} else if (box && box.sizeBytes <= rest.length) {
			return rest.subarray(box.headBytes, box.sizeBytes);
		} else if (isLastView || (isInView && !box)) {
			return undefined;
		} else {
			view = await bytesAt(file, at, LARGEST_HEADER_BYTES);
			viewStart = at;
			isLastView = true;
		}
	}
	return undefined;
}

/** The contents of the boxes of one type. */
function boxesIn(bytes: Buffer, type: string): Buffer[] {
	const found: Buffer[] = [];
	for (let rest = bytes; rest.length >= SHORTEST_BOX_BYTES;) {
		const box = readBox(rest);
		if (!box) break;
		if (box.type === type) found.push(rest.subarray(box.headBytes, box.sizeBytes));
		rest = rest.subarray(box.sizeBytes);
	}
	return found;
}

/** The content of the box at the end of a path of types. */
function boxAt(bytes: Buffer, ...path: string[]): Buffer | undefined {
	return path.reduce<Buffer | undefined>((box, type) => box && boxesIn(box, type)[0], bytes);
}

/** Version 1 of a box has 64-bit times before what is read here. */
const isVersion1 = (box: Buffer) => box[0] === 1;

/** As much of a file as an index must tell of to be that of all; the rest is no picture or sound. */
const INDEXED_SHARE = 0.98;

/** With fewer, most of the fragments are in other files. */
const FEWEST_BYTES_PER_SECOND = 50;

/** What a length of all ones means. */
const UNKNOWN_LENGTHS = [0xffffffff, Number(0xffffffffffffffffn)];

/** A length in the unit of its file or track; `undefined` where it is not told. */
function lengthAt(box: Buffer, offset: number): number | undefined {
	const endOffset = offset + (isVersion1(box) ? 8 : 4);
	if (box.length < endOffset) return undefined;
	const length = isVersion1(box) ? Number(box.readBigUInt64BE(offset)) : box.readUInt32BE(offset);
	return length > 0 && !UNKNOWN_LENGTHS.includes(length) ? length : undefined;
}

/** The unit and the length of a file (`mvhd`), or of all that a track holds (`mdhd`). */
function timesOf(box: Buffer | undefined): { unitsPerSecond: number; length: number } | undefined {
	const length = box && lengthAt(box, isVersion1(box) ? 24 : 16);
	if (!box || length === undefined) return undefined;
	const unitsPerSecond = box.readUInt32BE(isVersion1(box) ? 20 : 12);
	return unitsPerSecond > 0 ? { unitsPerSecond, length } : undefined;
}

const PICTURE = 'vide';
const SOUND = 'soun';

/** What a track holds: others than picture and sound are subtitles, chapters and data of cameras. */
const kindOf = (track: Buffer) => boxAt(track, 'mdia', 'hdlr')?.toString('latin1', 8, 12) ?? '';

/**
 * The length of a file that is cut into fragments, of which the header tells nothing but, at best, the
 * sum (`mehd`), or an index behind it (`sidx`) which may be one of many.
 */
function secondsOfFragments(
	header: Buffer,
	{ head, sizeBytes }: MediaFile,
	unitsPerSecond: number,
): number | undefined {
	const sum = boxAt(header, 'mvex', 'mehd');
	const length = sum && lengthAt(sum, 4);
	if (length !== undefined) {
		const seconds = length / unitsPerSecond;
		return seconds * FEWEST_BYTES_PER_SECOND <= sizeBytes ? seconds : undefined;
	}
	const [fragment] = boxesIn(head, 'moof');
	const lengths = boxesIn(head, 'sidx').flatMap((index) => {
		if (fragment && index.byteOffset > fragment.byteOffset) return [];
		const entriesAt = isVersion1(index) ? 32 : 24;
		let coveredBytes = index.byteOffset - head.byteOffset + index.length;
		let units = 0;
		for (let at = entriesAt; at + 12 <= index.length; at += 12) {
			coveredBytes += index.readUInt32BE(at) & 0x7fffffff;
			units += index.readUInt32BE(at + 4);
		}
		return coveredBytes >= INDEXED_SHARE * sizeBytes ? units / index.readUInt32BE(8) : [];
	});
	return lengths.length > 0 ? Math.max(...lengths) : undefined;
}

/** A file is as long as the longest of its pictures and sounds, whatever it says of itself. */
function secondsOf(header: Buffer, tracks: Buffer[], file: MediaFile): number | undefined {
	const box = boxAt(header, 'mvhd');
	const isFragmented = boxAt(header, 'mvex') !== undefined;
	if (box && isFragmented) {
		return secondsOfFragments(header, file, box.readUInt32BE(isVersion1(box) ? 20 : 12));
	}
	const times = timesOf(box);
	if (!times) return undefined;
	const lengths = tracks
		.filter((track) => [PICTURE, SOUND].includes(kindOf(track)))
		.map((track) => {
			const shown = boxAt(track, 'tkhd');
			return (shown && lengthAt(shown, isVersion1(shown) ? 28 : 20)) ?? times.length;
		});
	return (lengths.length > 0 ? Math.max(...lengths) : times.length) / times.unitsPerSecond;
}

/** Width times height, as stored (`stsd`) or as shown (`tkhd`), whichever is more; 0 where neither tells. */
function pixelsOf(track: Buffer): number {
	const shown = boxAt(track, 'tkhd') ?? Buffer.alloc(0);
	// In parts of a pixel, of which the first half are whole ones.
	const size = shown.subarray(isVersion1(shown) ? 88 : 76);
	const shownPixels = size.length >= 6 ? size.readUInt16BE(0) * size.readUInt16BE(4) : 0;
	const stored = boxAt(track, 'mdia', 'minf', 'stbl', 'stsd')?.subarray(40, 44);
	const storedPixels = stored?.length === 4 ? stored.readUInt16BE(0) * stored.readUInt16BE(2) : 0;
	return Math.max(shownPixels, storedPixels);
}

const framesOf = (track: Buffer) =>
	boxAt(track, 'mdia', 'minf', 'stbl', 'stsz')?.readUInt32BE(8) ?? 0;

function factsOf(header: Buffer, file: MediaFile): MediaFacts {
	const tracks = boxesIn(header, 'trak');
	const seconds = secondsOf(header, tracks, file);
	const hasSound = tracks.some((track) => kindOf(track) === SOUND);
	const pictures = tracks
		.filter((track) => kindOf(track) === PICTURE)
		.map((track) => ({ track, frames: framesOf(track) }))
		// The cover of a sound is a track of a single frame, and may stand before the film.
		.filter(({ frames }) => frames !== 1 || !hasSound)
		.sort((a, b) => b.frames - a.frames);
	if (pictures.length === 0) return { seconds, ...(hasSound && { hasPicture: false }) };
	const [{ track, frames }] = pictures;
	// A video that was cut without being encoded anew holds more than it shows, and so has more frames.
	const stored = timesOf(boxAt(track, 'mdia', 'mdhd'));
	const storedSeconds = stored ? stored.length / stored.unitsPerSecond : seconds;
	const pixels = pixelsOf(track);
	return {
		seconds,
		hasPicture: true,
		...(frames > 0 && storedSeconds && { framesPerSecond: frames / storedSeconds }),
		...(pixels > 0 && { pixels }),
	};
}

/**
 * Reads length and picture of an MP4, MOV or M4A file from its header, wherever that stands. Holds no
 * more than 8 MiB in memory.
 */
export async function readMp4(file: MediaFile): Promise<MediaFacts> {
	const header = await findHeader(file);
	return header ? factsOf(header, file) : {};
}
