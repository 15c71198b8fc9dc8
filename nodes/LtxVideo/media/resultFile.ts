import { detectFileType, isMp4 } from './fileTypes';

/** The finished file of a job. */
export interface ResultFile {
	/** The label under which `result` of the job holds its URL. */
	key: string;
	/** The labels of what the job gives beside it. */
	others?: string[];
	/** As in "what came is not …". */
	name: string;
	/** What it is by its first bytes; `undefined` where they are of something else. */
	typeOf(head: Buffer): { mimeType: string; extension: string } | undefined;
}

export const MP4_RESULT: ResultFile = {
	key: 'video_url',
	name: 'an MP4 video',
	typeOf: (head) => (isMp4(head) ? { mimeType: 'video/mp4', extension: 'mp4' } : undefined),
};

/** A file of any type, named by its bytes. */
export function anyResult(key: string): ResultFile {
	return { key, name: 'a file', typeOf: detectFileType };
}

/** A ZIP archive. */
export function zipResult(key: string, others?: string[]): ResultFile {
	return {
		key,
		others,
		name: 'a ZIP archive',
		typeOf: (head) => [detectFileType(head)].find(({ extension }) => extension === 'zip'),
	};
}
