import type { Response } from 'express';

/** What a request gets, before anything goes wrong on the way. */
export interface ServerAnswer {
	status: number;
	headers?: Record<string, string>;
	body?: string | Buffer | object;
}

export function bytesOf({ body }: ServerAnswer): Buffer {
	if (body === undefined) return Buffer.alloc(0);
	if (Buffer.isBuffer(body)) return body;
	return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

export function headersOf(answer: ServerAnswer): Record<string, string> {
	const { body, headers } = answer;
	const isJson = typeof body === 'object' && !Buffer.isBuffer(body);
	return {
		...(isJson && { 'Content-Type': 'application/json' }),
		'Content-Length': String(bytesOf(answer).length),
		...headers,
	};
}

export function send(response: Response, answer: ServerAnswer): void {
	response.writeHead(answer.status, headersOf(answer));
	response.end(bytesOf(answer));
}
