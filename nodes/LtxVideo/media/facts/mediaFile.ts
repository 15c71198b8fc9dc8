/** What a video or sound says of itself. Left out where it does not tell. */
export interface MediaFacts {
	seconds?: number;
	/** False for sound alone. */
	hasPicture?: boolean;
	framesPerSecond?: number;
	/** Width times height of the picture, as stored or as shown, whichever is more. */
	pixels?: number;
}

/** A video or sound as its readers see it. */
export interface MediaFile {
	sizeBytes: number;
	/** Its first bytes; all of them where it is small. */
	head: Buffer;
	/** Reads what lies behind the head. Left out where the file is not to be read on. */
	readOn?(start: number, length: number): Promise<Buffer>;
}

/** Some bytes of a file: fewer where it ends, none where they would have to be read on. */
export async function bytesAt(file: MediaFile, start: number, length: number): Promise<Buffer> {
	const end = Math.min(start + length, file.sizeBytes);
	if (end <= file.head.length) return file.head.subarray(start, end);
	return (await file.readOn?.(start, length)) ?? Buffer.alloc(0);
}
