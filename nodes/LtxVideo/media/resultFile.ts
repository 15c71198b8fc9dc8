import { isRecord, textOf } from '../api/json';
import { detectFileType, isMp4 } from './fileTypes';

/** Which finished files of a job are fetched, and what they must be. */
export interface ResultFiles {
	/** The label under which `result` of the job holds the URL of the one; left out for all there are. */
	key?: string;
	/** The labels of what the job gives beside it, where they are known. */
	others?: string[];
	/** As in "what came is not …". */
	name: string;
	/** What it is by its first bytes; `undefined` where they are of something else. */
	typeOf(head: Buffer): { mimeType: string; extension: string } | undefined;
}

export const MP4_RESULT = {
	key: 'video_url',
	name: 'an MP4 video',
	typeOf: (head) => (isMp4(head) ? { mimeType: 'video/mp4', extension: 'mp4' } : undefined),
} satisfies ResultFiles;

/** Every file that the job has, of any type, named by its bytes. */
export const ALL_RESULTS: ResultFiles = { name: 'a file', typeOf: detectFileType };

/** A file of any type, named by its bytes. */
export function anyResult(key: string): ResultFiles {
	return { ...ALL_RESULTS, key };
}

/** A ZIP archive. */
export function zipResult(key: string, others?: string[]): ResultFiles {
	return {
		key,
		others,
		name: 'a ZIP archive',
		typeOf: (head) => [detectFileType(head)].find(({ extension }) => extension === 'zip'),
	};
}

const WEB_ADDRESS = /^\s*https?:\/\//i;

/** The URLs of the files that are wanted, by their labels in the `result` of a job. */
export function urlsIn(result: unknown, { key }: ResultFiles): Map<string, string> {
	const isWanted = (label: string, url: string) =>
		key === undefined ? WEB_ADDRESS.test(url) : label === key;
	const entries = Object.entries(isRecord(result) ? result : {});
	return new Map(
		entries.flatMap(([label, value]) => {
			const url = textOf(value);
			return url !== undefined && isWanted(label, url) ? [[label, url]] : [];
		}),
	);
}
