import type { MediaFacts } from './movieHeader';

/** What LTX takes of one kind of file. */
export interface MediaKind {
	/** As in "LTX takes …". */
	types: string;
	/** By the content of the file. */
	mimeTypes: readonly string[];
	largestMebibytes: number;
	/** Of files that LTX fetches itself. */
	urlMegabytes: number;
	/** Of files that stand in the request, encoded. */
	dataUriMegabytes: number;
	/** As in "convert the file to …". */
	commonest: string;
	/** What to do about a file that is too large. */
	tooLargeAdvice: string;
}

/*
 * Source: the input formats of the LTX API documentation, 2026-09-27.
 */
export const IMAGE: MediaKind = {
	types: 'PNG, JPEG or WEBP',
	commonest: 'PNG or JPEG',
	mimeTypes: ['image/png', 'image/jpeg', 'image/webp'],
	largestMebibytes: 15,
	urlMegabytes: 15,
	dataUriMegabytes: 7,
	tooLargeAdvice: 'Make the image smaller first. More pixels than the video has do not help.',
};

export const VIDEO: MediaKind = {
	types: 'MP4, MOV or MKV with H.264 or H.265',
	commonest: 'MP4 with H.264',
	mimeTypes: ['video/mp4', 'video/quicktime', 'video/x-matroska'],
	largestMebibytes: 200,
	urlMegabytes: 32,
	dataUriMegabytes: 15,
	tooLargeAdvice: 'Cut the video or save it at a lower quality first.',
};

export const AUDIO: MediaKind = {
	types: 'MP3, M4A, OGG or compressed WAV',
	commonest: 'MP3',
	mimeTypes: ['audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/wav'],
	largestMebibytes: 200,
	urlMegabytes: 32,
	dataUriMegabytes: 15,
	tooLargeAdvice: 'Cut the sound or save it at a lower quality first.',
};

/**
 * What an endpoint asks of a file beside its kind.
 *
 * @returns what is wrong with it, as in "the file …"; `undefined` where nothing is, or not for certain
 */
export type MediaLimit = (facts: MediaFacts) => string | undefined;

/** A file that a request refers to: by an address that LTX understands, or in the item. */
export type MediaInput =
	{ uri: string } | { binaryProperty: string; kind: MediaKind; limit?: MediaLimit };

export function isMediaInput(value: unknown): value is MediaInput {
	return (
		typeof value === 'object' && value !== null && ('uri' in value || 'binaryProperty' in value)
	);
}
