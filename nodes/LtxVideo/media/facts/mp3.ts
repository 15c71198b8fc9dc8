import { bytesAt, type MediaFacts, type MediaFile } from './mediaFile';

// By version: 2.5, none, 2 and 1.
const SAMPLES_PER_SECOND = [
	[11_025, 12_000, 8_000],
	[],
	[22_050, 24_000, 16_000],
	[44_100, 48_000, 32_000],
];
const KBPS = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const KBPS_OF_VERSION_1 = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

const FRAME_HEAD_BYTES = 4;
/** More than the longest sound that LTX takes. */
const VIEW_BYTES = 1024 * 1024;
// Tags behind the sound count as sound.
const TOLERANCE = 0.02;

/** A part of the sound that is decoded by itself. */
interface Frame {
	sizeBytes: number;
	samples: number;
	samplesPerSecond: number;
	kbps: number;
	/** Where an encoder may tell how many frames there are. */
	tag: Buffer;
}

function frameAt(bytes: Buffer, at: number): Frame | undefined {
	if (at + FRAME_HEAD_BYTES > bytes.length) return undefined;
	const head = bytes.readUInt32BE(at);
	const bits = (shift: number, count: number) => (head >>> shift) & ((1 << count) - 1);
	if (bits(21, 11) !== 0x7ff || bits(17, 2) !== 1) return undefined;
	const isVersion1 = bits(19, 2) === 3;
	const kbps = (isVersion1 ? KBPS_OF_VERSION_1 : KBPS)[bits(12, 4) - 1];
	const samplesPerSecond = SAMPLES_PER_SECOND[bits(19, 2)][bits(10, 2)];
	if (!kbps || !samplesPerSecond) return undefined;
	const samples = isVersion1 ? 1152 : 576;
	const sizeBytes = Math.floor((samples * kbps * 125) / samplesPerSecond) + bits(9, 1);
	return { sizeBytes, samples, samplesPerSecond, kbps, tag: bytes.subarray(at, at + sizeBytes) };
}

/** Where the next frame begins: other bytes may look like one, but are not followed by another. */
function findFrame(bytes: Buffer, from: number): number | undefined {
	for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
		const frame = frameAt(bytes, at);
		const next = frame && frameAt(bytes, at + frame.sizeBytes);
		if (next && next.samplesPerSecond === frame.samplesPerSecond) return at;
	}
	return undefined;
}

/** How many frames the encoder says there are in how many bytes, in the first of them. */
function readTag(tag: Buffer): { frames: number; sizeBytes: number } | undefined {
	const vbri = tag.subarray(36);
	if (vbri.toString('latin1', 0, 4) === 'VBRI') {
		return { frames: vbri.readUInt32BE(14), sizeBytes: vbri.readUInt32BE(10) };
	}
	const xing = ['Xing', 'Info']
		.map((mark) => tag.subarray(0, 44).indexOf(mark))
		.find((at) => at > 0);
	// Bit 0 says that frames are told, bit 1 that bytes are.
	return xing !== undefined && (tag[xing + 7] & 3) === 3
		? { frames: tag.readUInt32BE(xing + 8), sizeBytes: tag.readUInt32BE(xing + 12) }
		: undefined;
}

/** The length of all frames, and how large they are; what is none is skipped. */
function walkFrames(bytes: Buffer, start: number): { seconds: number; kbps: Set<number> } {
	const kbps = new Set<number>();
	let seconds = 0;
	for (let at: number | undefined = start; at !== undefined;) {
		const frame = frameAt(bytes, at);
		if (frame) {
			seconds += frame.samples / frame.samplesPerSecond;
			kbps.add(frame.kbps);
			at += frame.sizeBytes;
		} else {
			at = findFrame(bytes, at);
		}
	}
	return { seconds, kbps };
}

/** How many bytes an ID3 tag before the sound has. */
function tagBytesOf(head: Buffer): number {
	if (head.toString('latin1', 0, 3) !== 'ID3') return 0;
	// Of each byte, the first bit is none.
	return 10 + head.subarray(6, 10).reduce((size, byte) => size * 128 + (byte & 0x7f), 0);
}

/**
 * The length by the frames where all are in sight, else by what the encoder tells, else by the size
 * where all frames in sight are as large.
 *
 * @param endBytes how many bytes there are up to the end of the file
 */
function lengthOf(view: Buffer, endBytes: number): number | undefined {
	const start = findFrame(view, 0);
	const first = start === undefined ? undefined : frameAt(view, start);
	if (start === undefined || !first) return undefined;
	const tag = readTag(first.tag);
	const inView = walkFrames(view, tag ? start + first.sizeBytes : start);
	if (view.length >= endBytes) return inView.seconds;
	const soundBytes = endBytes - start;
	// Of files that were put together or cut, the tag tells of another one.
	if (tag && Math.abs(tag.sizeBytes - soundBytes) <= TOLERANCE * soundBytes) {
		return (tag.frames * first.samples) / first.samplesPerSecond;
	}
	const [kbps, ...others] = inView.kbps;
	return others.length === 0 ? (soundBytes * 8) / (kbps * 1000) : undefined;
}

/** Reads the length of an MP3, from its first MiB where the head does not tell. */
export async function readMp3(file: MediaFile): Promise<MediaFacts> {
	const tagBytes = tagBytesOf(file.head);
	const endBytes = file.sizeBytes - tagBytes;
	const seconds =
		lengthOf(file.head.subarray(tagBytes), endBytes) ??
		lengthOf(await bytesAt(file, tagBytes, VIEW_BYTES), endBytes);
	return { seconds };
}
