import { bytesAt, type MediaFacts, type MediaFile } from './mediaFile';

const PAGE_MARK = 'OggS';
const PAGE_HEAD_BYTES = 27;
// The longest page has 65,307 bytes, and the last one may end no packet, and so tell no time.
const END_BYTES = 128 * 1024;

interface Page {
	/** Of the stream that it belongs to. */
	serial: number;
	/** How many samples have been played at its end; 0 or less where it does not tell. */
	samples: number;
}

/** Those that are all there: the end of a file that was cut off is not played. */
function pagesIn(bytes: Buffer): Page[] {
	const pages: Page[] = [];
	let at = bytes.indexOf(PAGE_MARK);
	while (at >= 0 && at + PAGE_HEAD_BYTES <= bytes.length) {
		const lengths = bytes.subarray(at + PAGE_HEAD_BYTES, at + PAGE_HEAD_BYTES + bytes[at + 26]);
		const end = lengths.reduce(
			(sum, length) => sum + length,
			at + PAGE_HEAD_BYTES + lengths.length,
		);
		const samples = Number(bytes.readBigInt64LE(at + 6));
		if (end <= bytes.length) pages.push({ samples, serial: bytes.readUInt32LE(at + 14) });
		at = bytes.indexOf(PAGE_MARK, at + PAGE_HEAD_BYTES);
	}
	return pages;
}

/** Opus is always counted at this rate. */
const OPUS_SAMPLES_PER_SECOND = 48_000;

/** The head of the sound; nothing of other codecs. */
function readCodec(packet: Buffer): { samplesPerSecond: number; skipped: number } | undefined {
	if (packet.toString('latin1', 0, 8) === 'OpusHead') {
		return { samplesPerSecond: OPUS_SAMPLES_PER_SECOND, skipped: packet.readUInt16LE(10) };
	}
	return packet.toString('latin1', 0, 7) === '\x01vorbis'
		? { samplesPerSecond: packet.readUInt32LE(12), skipped: 0 }
		: undefined;
}

/** Reads the length of Vorbis and Opus: the time at which the last page ends. */
export async function readOgg(file: MediaFile): Promise<MediaFacts> {
	const { head, sizeBytes } = file;
	const codec = readCodec(head.subarray(PAGE_HEAD_BYTES + head[PAGE_HEAD_BYTES - 1]));
	if (!codec) return {};
	const end = pagesIn(await bytesAt(file, Math.max(0, sizeBytes - END_BYTES), END_BYTES));
	const start = pagesIn(head);
	// Several streams, beside or behind one another, each have a time of their own.
	if ([...start, ...end].some(({ serial }) => serial !== start[0].serial)) return {};
	const [first, second] = start.filter(({ samples }) => samples > 0);
	const last = end.filter(({ samples }) => samples > 0).at(-1);
	const { samplesPerSecond, skipped } = codec;
	// What was cut out of a longer stream goes on with its time, which is more than that of a page.
	const pageSamples = second ? second.samples - first.samples : Infinity;
	if (!last || first?.samples > 4 * pageSamples + samplesPerSecond) return {};
	return { seconds: (last.samples - skipped) / samplesPerSecond };
}
