import type { FileType } from './fileTypes';

/** What LTX takes of one kind of file. */
export interface MediaKind {
	/** As in "LTX takes …". */
	types: string;
	/**
	 * False for what is known to be of another kind. Unknown bytes pass for video and sound: LTX has
	 * the last word.
	 */
	takes(type: FileType): boolean;
	largestMebibytes: number;
	/** How large a file may be that LTX fetches itself. */
	largestByUrl: string;
	/** Of files that stand in the request, encoded. */
	dataUriMegabytes: number;
	/** As in "convert the file to …". */
	commonest: string;
	/** The fields that take the same by address or as text. */
	urlFields: string;
	/** What to do about a file that is too large. */
	tooLargeAdvice: string;
}

/*
 * Source: the input formats of the LTX API documentation, 2026-09-27; for Video to HDR, Upscale
 * and Cut Out by URL, partners of November 2026.
 */
export const IMAGE: MediaKind = {
	types: 'PNG, JPEG or WEBP',
	commonest: 'PNG or JPEG',
	takes: ({ mimeType }) => ['image/png', 'image/jpeg', 'image/webp'].includes(mimeType),
	largestMebibytes: 15,
	largestByUrl: '15 MB',
	dataUriMegabytes: 7,
	urlFields: 'Image URL or Last Frame URL',
	tooLargeAdvice: 'Make the image smaller first. More pixels than the video has do not help.',
};

export const VIDEO: MediaKind = {
	types: 'MP4, MOV or MKV with H.264 or H.265',
	commonest: 'MP4 with H.264',
	takes: ({ medium }) => ['video', 'container', 'unknown'].includes(medium),
	largestMebibytes: 200,
	largestByUrl: '32 MB, in Video to HDR, Reframe, Upscale and Cut Out 200 MB',
	dataUriMegabytes: 15,
	urlFields: 'Video URL',
	tooLargeAdvice: 'Cut the video or save it at a lower quality first.',
};

export const AUDIO: MediaKind = {
	types: 'MP3, M4A, OGG or compressed WAV',
	commonest: 'MP3',
	takes: ({ medium }) => ['audio', 'container', 'unknown'].includes(medium),
	largestMebibytes: 200,
	largestByUrl: '32 MB',
	dataUriMegabytes: 15,
	urlFields: 'Audio URL',
	tooLargeAdvice: 'Cut the sound or save it at a lower quality first.',
};

export const EVERY_KIND: readonly MediaKind[] = [IMAGE, VIDEO, AUDIO];
