import { readMediaFacts } from '../../../../nodes/LtxVideo/media/facts/facts';
import type { MediaFacts } from '../../../../nodes/LtxVideo/media/facts/mediaFile';

/** What is read of a file whose first bytes are seen, and the others where they are asked for. */
export async function readFacts(
	mimeType: string,
	bytes: Buffer,
	headBytes = 256 * 1024,
): Promise<MediaFacts> {
	return await readMediaFacts(mimeType, {
		sizeBytes: bytes.length,
		head: bytes.subarray(0, headBytes),
		readOn: async (start, length) => bytes.subarray(start, start + length),
	});
}

/** The same where nothing but the head is read. */
export async function readHead(
	mimeType: string,
	bytes: Buffer,
	headBytes = 256 * 1024,
): Promise<MediaFacts> {
	const head = bytes.subarray(0, headBytes);
	return await readMediaFacts(mimeType, { sizeBytes: bytes.length, head });
}
