import type { IExecuteFunctions } from 'n8n-workflow';

/** A stream of Node.js, by the type that n8n gives it: nodes may not import Node's own modules. */
export type ByteStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/**
 * Counts the bytes that come into a stream, without reading from it. Every kind of stream takes
 * its data in through `push`; the connection below is out of reach, since n8n's HTTP library wraps
 * the answers that it streams.
 *
 * @returns a function that gives the count so far
 */
export function countBytes(stream: ByteStream): () => number {
	let bytes = stream.readableLength;
	const push = stream.push.bind(stream);
	stream.push = (chunk: unknown, ...rest: [BufferEncoding?]) => {
		if (Buffer.isBuffer(chunk)) bytes += chunk.length;
		return push(chunk, ...rest);
	};
	return () => bytes;
}
