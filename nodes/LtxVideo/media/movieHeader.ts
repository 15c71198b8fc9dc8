import type { ByteStream } from './byteStreams';

/** What the header of an MP4, MOV or M4A file tells. Left out where it does not tell. */
export interface MediaFacts {
	seconds?: number;
	/** False for sound alone. */
	hasPicture?: boolean;
	framesPerSecond?: number;
	/** Width times height of the picture, as stored or as shown, whichever is more. */
	pixels?: number;
}

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

/** Reads through a file once, keeping nothing but its header. */
async function findHeader(chunks: AsyncIterable<Buffer> | Buffer[]): Promise<Buffer | undefined> {
	const header: Buffer[] = [];
	let missingBytes = 0;
	let skipBytes = 0;
	let rest = Buffer.alloc(0);
	for await (const chunk of chunks) {
		if (missingBytes > 0) {
			header.push(chunk.subarray(0, missingBytes));
			missingBytes -= chunk.length;
			if (missingBytes <= 0) return Buffer.concat(header);
			continue;
		}
		if (skipBytes >= chunk.length) {
			skipBytes -= chunk.length;
			continue;
		}
		rest = Buffer.concat([rest, chunk.subarray(skipBytes)]);
		skipBytes = 0;
		while (rest.length >= LONG_BOX_BYTES) {
			const box = readBox(rest);
			if (!box) return undefined;
			const { type, sizeBytes, headBytes } = box;
			if (type === HEADER_BOX) {
				if (sizeBytes > LARGEST_HEADER_BYTES) return undefined;
				header.push(rest.subarray(headBytes, sizeBytes));
				missingBytes = sizeBytes - rest.length;
				if (missingBytes <= 0) return header[0];
				break;
			}
			skipBytes = Math.max(0, sizeBytes - rest.length);
			rest = rest.subarray(sizeBytes);
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

/** A file is as long as its longest track, whatever it says of itself. */
function secondsOf(header: Buffer, tracks: Buffer[]): number | undefined {
	const times = timesOf(boxAt(header, 'mvhd'));
	// Files that are cut into fragments have the length of their first part here, or none.
	const isFragmented = boxAt(header, 'mvex') !== undefined;
	if (!times || isFragmented) return undefined;
	const lengths = tracks.flatMap((track) => {
		const box = boxAt(track, 'tkhd');
		return (box && lengthAt(box, isVersion1(box) ? 28 : 20)) ?? [];
	});
	return Math.max(times.length, ...lengths) / times.unitsPerSecond;
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

function factsOf(header: Buffer): MediaFacts {
	const tracks = boxesIn(header, 'trak');
	const seconds = secondsOf(header, tracks);
	// Nothing to tell sound from picture by.
	if (tracks.length === 0) return { seconds };
	const pictures = tracks
		.filter((track) => boxAt(track, 'mdia', 'hdlr')?.toString('latin1', 8, 12) === 'vide')
		.map((track) => ({ track, frames: framesOf(track) }))
		// A cover is a track of a single frame, and may stand before the film.
		.filter(({ frames }) => frames !== 1)
		.sort((a, b) => b.frames - a.frames);
	if (pictures.length === 0) return { seconds, hasPicture: false };
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
 * Reads length and size of an MP4, MOV or M4A file from its header, wherever that stands. Holds no
 * more than the header in memory.
 *
 * @param stop ends the reading at once
 * @returns nothing that the header does not tell; nothing at all for a file that is damaged
 */
export async function readMediaFacts(
	file: ByteStream | Buffer,
	stop?: AbortSignal,
): Promise<MediaFacts> {
	if (Buffer.isBuffer(file)) return await readFacts([file]);
	const end = () => file.destroy();
	if (stop?.aborted) end();
	stop?.addEventListener('abort', end, { once: true });
	try {
		return await readFacts(file);
	} finally {
		stop?.removeEventListener('abort', end);
		file.destroy();
	}
}

async function readFacts(chunks: AsyncIterable<Buffer> | Buffer[]): Promise<MediaFacts> {
	try {
		const header = await findHeader(chunks);
		return header ? factsOf(header) : {};
	} catch {
		// Buffer throws where a number lies beyond the end.
		return {};
	}
}
