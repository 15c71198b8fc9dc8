import { gzipSync } from 'node:zlib';

import type { Response } from 'express';

import { bytesOf, headersOf, send, type ServerAnswer } from './answer';
import { ERROR_STATUS, errorBody, type ErrorType } from './contract';

/** One request while it is being answered. */
export interface Exchange {
	response: Response;
	/** Does what the request asks for (accepts the job, stores the file) and gives the answer. */
	process(): ServerAnswer;
}

/** A way for a request to go wrong, or to be answered other than usual. */
export type Fault = (exchange: Exchange) => void;

/** The request is answered like this, and what it asks for is not done. */
export function answerWith(answer: ServerAnswer): Fault {
	return ({ response }) => send(response, answer);
}

/** A row of the API's error table. `Retry-After` in seconds or as a date. */
export function apiError(
	type: ErrorType,
	message = `scripted ${type}`,
	retryAfter?: number | string,
): Fault {
	return answerWith({
		status: ERROR_STATUS[type],
		headers: {
			'x-request-id': `req-${type}`,
			...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
		},
		body: errorBody(type, message),
	});
}

/**
 * The API is overloaded, and says when to come again as a date of its own clock, which stands in its
 * `Date` header and runs ahead of ours by `skewMs` (behind it, if negative).
 */
export function retryAtDate(inMs: number, skewMs = 0): Fault {
	return (exchange) => {
		const nowMs = Date.now() + skewMs;
		const answer = {
			status: ERROR_STATUS.overloaded_error,
			headers: {
				Date: new Date(nowMs).toUTCString(),
				'Retry-After': new Date(nowMs + inMs).toUTCString(),
			},
			body: errorBody('overloaded_error', 'come again later'),
		};
		answerWith(answer)(exchange);
	};
}

/** A proxy before the API answers with a web page. */
export function proxyPage(status: number): Fault {
	return answerWith({
		status,
		headers: { 'Content-Type': 'text/html' },
		body: '<html><h1>Bad Gateway</h1></html>',
	});
}

export const malformedJson: Fault = answerWith({
	status: 200,
	headers: { 'Content-Type': 'application/json' },
	body: '{"id": "cut of',
});

/** The request is done, but its answer is replaced. */
export function processThenAnswer(answer: ServerAnswer): Fault {
	return ({ process, response }) => {
		process();
		send(response, answer);
	};
}

/** The connection is reset before the request is looked at. */
export const resetBefore: Fault = ({ response }) => {
	response.socket?.resetAndDestroy();
};

/** The request is done (a job is accepted and billed), but the connection is reset. */
export const processThenReset: Fault = ({ process, response }) => {
	process();
	response.socket?.resetAndDestroy();
};

/** The request is done, and nothing is ever answered. */
export const processThenSilence: Fault = ({ process }) => {
	process();
};

/** Nothing is done and nothing is answered. */
export const silence: Fault = () => {};

/** The answer begins, announces its full length, and the connection ends half way. */
export const truncated: Fault = ({ process, response }) => {
	const answer = process();
	const bytes = bytesOf(answer);
	response.writeHead(answer.status, headersOf(answer));
	response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.destroy());
};

/** The answer begins and then stops, with the connection open. */
export const stalled: Fault = ({ process, response }) => {
	const answer = process();
	const bytes = bytesOf(answer);
	response.writeHead(answer.status, headersOf(answer));
	response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)));
};

/** Half of the answer, sent as if it were all of it. */
export const cutShort: Fault = ({ process, response }) => {
	const answer = process();
	const bytes = bytesOf(answer);
	send(response, { ...answer, body: bytes.subarray(0, Math.ceil(bytes.length / 2)) });
};

/** All of the answer comes, but more was announced, and the connection ends. */
export const wrongLength: Fault = ({ process, response }) => {
	const answer = process();
	const bytes = bytesOf(answer);
	const tooLong = String(bytes.length + 100);
	response.writeHead(answer.status, { ...headersOf(answer), 'Content-Length': tooLong });
	response.write(bytes, () => response.destroy());
};

export function redirect(location: string, status = 302): Fault {
	return answerWith({ status, headers: { Location: location } });
}

/** The answer comes complete, but in small pieces with pauses between them. */
export function slowDrip(pieces: number, pauseMs: number): Fault {
	return ({ process, response }) => {
		const answer = process();
		const bytes = bytesOf(answer);
		const size = Math.ceil(bytes.length / pieces);
		response.writeHead(answer.status, headersOf(answer));
		const drip = (offset: number) => {
			if (response.destroyed) return;
			if (offset >= bytes.length) {
				response.end();
				return;
			}
			response.write(bytes.subarray(offset, offset + size));
			setTimeout(() => drip(offset + size), pauseMs);
		};
		drip(0);
	};
}

/** The answer comes after a while. */
export function delayed(ms: number): Fault {
	return ({ process, response }) => {
		const answer = process();
		setTimeout(() => send(response, answer), ms);
	};
}

/**
 * The answer is compressed, though nobody asked for it: `Content-Length` counts the compressed bytes,
 * which may be fewer or more than those that it becomes.
 */
export const gzipped: Fault = ({ process, response }) => {
	const answer = process();
	const headers = { ...headersOf(answer), 'Content-Encoding': 'gzip' };
	const body = gzipSync(bytesOf(answer));
	send(response, {
		...answer,
		headers: { ...headers, 'Content-Length': String(body.length) },
		body,
	});
};

/** The answer comes at once, with its length, but for its last byte. */
export function lastByteLate(ms: number): Fault {
	return ({ process, response }) => {
		const answer = process();
		const bytes = bytesOf(answer);
		response.writeHead(answer.status, headersOf(answer));
		response.write(bytes.subarray(0, -1));
		setTimeout(() => response.end(bytes.subarray(-1)), ms);
	};
}
