import type { MediaFacts, MediaFile } from './mediaFile';

const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const TIMESTAMP_SCALE = 0x2ad7b1;
const DURATION = 0x4489;
const TRACKS = 0x1654ae6b;
const TRACK = 0xae;
const TRACK_TYPE = 0x83;
const NANOSECONDS_PER_FRAME = 0x23e383;
const VIDEO = 0xe0;
const SIZES = [
	{ width: 0xb0, height: 0xba },
	// As shown: smaller where it is not in pixels.
	{ width: 0x54b0, height: 0x54ba },
];
const PICTURE = 1;
const SOUND = 2;

/** What is in an element, by name. */
type Elements = Map<number, Buffer[]>;

const numberIn = (bytes: Buffer, first = 0) =>
	bytes.reduce((number, byte) => number * 256 + byte, first);

/**
 * Elements begin with their name and their length; leading zeros tell how long both are.
 *
 * @returns those that are all there; of the segment, which holds all others, as much as there is
 */
function elementsIn(bytes: Buffer = Buffer.alloc(0)): Elements {
	const elements: Elements = new Map();
	for (let at = 0; at < bytes.length;) {
		const lengthAt = at + Math.clz32(bytes[at]) - 23;
		const lengthBytes = Math.clz32(bytes[lengthAt]) - 23;
		const start = lengthAt + lengthBytes;
		if (lengthAt - at > 4 || lengthBytes > 8 || start > bytes.length) break;
		const lengthBits = bytes[lengthAt] - (0x100 >> lengthBytes);
		const length = numberIn(bytes.subarray(lengthAt + 1, start), lengthBits);
		// All ones where it was not known yet.
		const end = length === 2 ** (7 * lengthBytes) - 1 ? bytes.length : start + length;
		const name = bytes.readUIntBE(at, lengthAt - at);
		if (end > bytes.length && name !== SEGMENT) break;
		const others = elements.get(name) ?? [];
		others.push(bytes.subarray(start, end));
		elements.set(name, others);
		at = end;
	}
	return elements;
}

const firstOf = (elements: Elements, name: number) => elements.get(name)?.[0];

function numberOf(elements: Elements, name: number): number | undefined {
	const content = firstOf(elements, name);
	return content && numberIn(content);
}

function secondsOf(info: Elements): number | undefined {
	const duration = firstOf(info, DURATION);
	if (!duration) return undefined;
	const units = duration.length === 4 ? duration.readFloatBE(0) : duration.readDoubleBE(0);
	return (units * (numberOf(info, TIMESTAMP_SCALE) ?? 1_000_000)) / 1e9;
}

/** Reads length and picture of MKV and WEBM from what stands before the content. */
export function readMatroska({ head }: MediaFile): MediaFacts {
	const segment = elementsIn(firstOf(elementsIn(head), SEGMENT));
	const seconds = secondsOf(elementsIn(firstOf(segment, INFO)));
	const tracks = (elementsIn(firstOf(segment, TRACKS)).get(TRACK) ?? []).map((track) =>
		elementsIn(track),
	);
	const ofType = (type: number) => tracks.filter((track) => numberOf(track, TRACK_TYPE) === type);
	const [picture] = ofType(PICTURE);
	if (!picture) return { seconds, ...(ofType(SOUND).length > 0 && { hasPicture: false }) };
	const nanoseconds = numberOf(picture, NANOSECONDS_PER_FRAME);
	const video = elementsIn(firstOf(picture, VIDEO));
	const pixels = SIZES.map(
		({ width, height }) => (numberOf(video, width) ?? 0) * (numberOf(video, height) ?? 0),
	);
	return {
		seconds,
		hasPicture: true,
		framesPerSecond: nanoseconds && 1e9 / nanoseconds,
		pixels: Math.max(...pixels) || undefined,
	};
}
