import type { MediaFacts, MediaFile } from './mediaFile';

/** Of PCM in numbers, floats, A-law and mu-law, and of what names its codec elsewhere. */
const UNCOMPRESSED = [1, 3, 6, 7, 0xfffe];

/**
 * Reads the length of a WAV: its bytes by those that are played in a second. Compressed, that is no
 * more than an average, and what counts is the number of samples where there is one.
 */
export function readWav({ head, sizeBytes }: MediaFile): MediaFacts {
	let codec = 0;
	let samplesPerSecond = 0;
	let bytesPerSecond = 0;
	let samples = 0;
	for (let at = 12; at + 8 <= head.length;) {
		const name = head.toString('latin1', at, at + 4);
		const length = head.readUInt32LE(at + 4);
		if (name === 'fmt ') {
			codec = head.readUInt16LE(at + 8);
			samplesPerSecond = head.readUInt32LE(at + 12);
			bytesPerSecond = head.readUInt32LE(at + 16);
		}
		if (name === 'fact') samples = head.readUInt32LE(at + 8);
		if (name === 'data') {
			if (samples > 0 && !UNCOMPRESSED.includes(codec)) {
				return { seconds: samples / samplesPerSecond };
			}
			// What is written as it is made has no length here, or the longest.
			const soundBytes = Math.min(length || Infinity, sizeBytes - at - 8);
			return { seconds: soundBytes / bytesPerSecond };
		}
		// Chunks begin at even offsets.
		at += 8 + length + (length % 2);
	}
	return {};
}
