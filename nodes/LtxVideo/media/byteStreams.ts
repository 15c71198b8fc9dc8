import type { IExecuteFunctions } from 'n8n-workflow';

/** A stream of Node.js, by the type that n8n gives it: nodes may not import Node's own modules. */
export type ByteStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/** What has come into a stream so far. */
export interface Intake {
	bytes: number;
	/** Whether its source has given all that it has. */
	hasEnded: boolean;
}

/**
 * Watches what comes into a stream, without reading from it. Every kind of stream takes its data in
 * through `push`; the connection below is out of reach, since n8n's HTTP library wraps the answers
 * that it streams.
 */
export function watchIntake(stream: ByteStream): Intake {
	const intake: Intake = { bytes: stream.readableLength, hasEnded: false };
	const push = stream.push.bind(stream);
	stream.push = (chunk: unknown, ...rest: [BufferEncoding?]) => {
		if (Buffer.isBuffer(chunk)) intake.bytes += chunk.length;
		if (chunk === null) intake.hasEnded = true;
		return push(chunk, ...rest);
	};
	return intake;
}
