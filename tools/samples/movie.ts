/** What a movie file of the tests says of itself. */
export interface Movie {
	seconds?: number;
	frames?: number;
	width?: number;
	height?: number;
	/** Whether players turn the picture by a quarter. */
	isTurned?: boolean;
	/** The header stands behind this many bytes of content. */
	contentBytes?: number;
	/** Times and box lengths of 64 bits. */
	isLong?: boolean;
}

function u32(...values: number[]): Buffer {
	const bytes = Buffer.alloc(4 * values.length);
	values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
	return bytes;
}

function box(type: string, ...contents: Buffer[]): Buffer {
	const content = Buffer.concat(contents);
	return Buffer.concat([u32(8 + content.length), Buffer.from(type, 'latin1'), content]);
}

function longBox(type: string, content: Buffer): Buffer {
	const length = u32(0, 16 + content.length);
	return Buffer.concat([u32(1), Buffer.from(type, 'latin1'), length, content]);
}

const TIMESCALE = 1000;

/** The table of frames that are all as long, of one byte each, in H.264. */
function framesOf(frames: number, length: number, width: number, height: number): Buffer {
	const avcC = box('avcC', Buffer.from('0142c00cffe000', 'hex'));
	const avc1 = box('avc1', u32(0, 1, 0, 0, 0, 0, (width << 16) | height), Buffer.alloc(50), avcC);
	return box(
		'stbl',
		box('stsd', u32(0, 1), avc1),
		box('stts', u32(0, 1, frames, length)),
		box('stsz', u32(0, 1, frames)),
		box('stsc', u32(0, 1, 1, frames, 1)),
		box('stco', u32(0, 1, 40)),
	);
}

/** An MP4 whose header says what is asked for, and whose content is nothing. */
export function movieOf({
	seconds = 4,
	frames = 96,
	width = 1920,
	height = 1080,
	isTurned = false,
	contentBytes = 0,
	isLong = false,
}: Movie = {}): Buffer {
	const length = Math.round(seconds * TIMESCALE);
	const version = isLong ? u32(1 << 24) : u32(0);
	const times = isLong ? u32(0, 0, 0, 0) : u32(0, 0);
	const one = 65_536;
	const upright = u32(one, 0, 0, 0, one, 0, 0, 0, 0x40000000);
	const turned = u32(0, one, 0, 0xffff0000, 0, 0, 0, 0, 0x40000000);
	const mvhd = box(
		'mvhd',
		version,
		times,
		u32(TIMESCALE),
		isLong ? u32(0, length) : u32(length),
		u32(one, 0x01000000, 0, 0),
		upright,
		u32(0, 0, 0, 0, 0, 0, 3),
	);
	const tkhd = box(
		'tkhd',
		version,
		times,
		u32(1, 0),
		isLong ? u32(0, length) : u32(length),
		u32(0, 0, 0, 0),
		isTurned ? turned : upright,
		u32(width * one, height * one),
	);
	const hdlr = (kind: string) => box('hdlr', u32(0, 0), Buffer.from(kind), u32(0, 0, 0));
	const sound = box('trak', tkhd, box('mdia', hdlr('soun')));
	// In this timescale every frame lasts a whole number, whatever the rate.
	const mdhd = box('mdhd', u32(0, 0, 0, frames * TIMESCALE, frames * length, 0));
	const picture = box(
		'trak',
		tkhd,
		box('mdia', mdhd, hdlr('vide'), box('minf', framesOf(frames, length, width, height))),
	);
	const ftyp = box('ftyp', Buffer.from('isom'), u32(512), Buffer.from('isommp42'));
	const content = Buffer.alloc(contentBytes, 7);
	const mdat = isLong ? longBox('mdat', content) : box('mdat', content);
	return Buffer.concat([ftyp, mdat, box('moov', mvhd, sound, picture)]);
}
