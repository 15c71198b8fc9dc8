import { readMatroska } from './matroska';
import type { MediaFacts, MediaFile } from './mediaFile';
import { readMp3 } from './mp3';
import { readMp4 } from './mp4';
import { readOgg } from './ogg';
import { readWav } from './wav';

type Reader = (file: MediaFile) => MediaFacts | Promise<MediaFacts>;

const READERS: Record<string, Reader> = {
	'audio/mp4': readMp4,
	'audio/mpeg': readMp3,
	'audio/ogg': readOgg,
	'audio/wav': readWav,
	'video/mp4': readMp4,
	'video/quicktime': readMp4,
	'video/webm': readMatroska,
	'video/x-matroska': readMatroska,
};

// What is more than that is no length and no frame rate, but damage.
const LONGEST_SECONDS = 7 * 24 * 60 * 60;
const MOST_FRAMES_PER_SECOND = 1_000;

const within = (most: number, value: number | undefined): number | undefined =>
	value !== undefined && value > 0 && value <= most ? value : undefined;

/**
 * Reads what a file tells of its length and picture.
 *
 * @returns nothing that the file does not tell; nothing at all of other types and of damaged files
 */
export async function readMediaFacts(mimeType: string, file: MediaFile): Promise<MediaFacts> {
	try {
		const facts = (await READERS[mimeType]?.(file)) ?? {};
		return {
			...facts,
			seconds: within(LONGEST_SECONDS, facts.seconds),
			framesPerSecond: within(MOST_FRAMES_PER_SECOND, facts.framesPerSecond),
		};
	} catch {
		// Buffer throws where a number lies beyond the end.
		return {};
	}
}
