import { isRecord } from './answers';
import { LtxError } from './errors';

// Codes are kept out of the words: n8n replaces a message that holds one by a stock sentence.
const WORDS_BY_CODE: Record<string, string> = {
	ECONNREFUSED: 'the connection was refused',
	ECONNRESET: 'the connection was closed before the answer was complete',
	EPIPE: 'the connection was closed while sending',
	ECONNABORTED: 'the connection timed out',
	ETIMEDOUT: 'the connection timed out',
	ENOTFOUND: 'the host name was not found',
	EAI_AGAIN: 'the host name could not be looked up',
	EHOSTUNREACH: 'the host cannot be reached',
	ENETUNREACH: 'the network cannot be reached',
	ERR_INVALID_URL: 'the address is not valid',
	ERR_INVALID_CHAR: 'the API key holds characters that a header cannot carry',
	ENOSPC: 'n8n has no disk space left',
	CERT_HAS_EXPIRED: 'the certificate of the host has expired',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate of the host is self-signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'the certificate of the host is self-signed',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate of the host cannot be verified',
	ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
};

// Failures that come before the first byte of a request is written.
const NEVER_LEFT_CODES = [
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ERR_INVALID_URL',
	'ERR_INVALID_CHAR',
	'CERT_HAS_EXPIRED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'ERR_TLS_CERT_ALTNAME_INVALID',
];
const NEVER_LEFT_SYSCALLS = ['connect', 'getaddrinfo'];

const DEEPEST_CAUSE = 6;

/** The error and what caused it. n8n and its HTTP library each wrap what they throw. */
function* causesOf(error: unknown): Generator<Record<string, unknown>> {
	let current = error;
	for (let depth = 0; depth < DEEPEST_CAUSE && isRecord(current); depth++) {
		yield current;
		const first: unknown = Array.isArray(current.errors) ? current.errors[0] : undefined;
		current = current.cause ?? first;
	}
}

/** Why a request got no answer, in words, without addresses. */
export function describeNetworkFault(error: unknown): string {
	if (error instanceof LtxError) return error.message;
	for (const { code } of causesOf(error)) {
		if (typeof code === 'string' && WORDS_BY_CODE[code]) return WORDS_BY_CODE[code];
	}
	return 'the connection failed';
}

/** True where it is certain that no byte of the request reached the server. */
export function neverLeft(error: unknown): boolean {
	for (const { code, syscall } of causesOf(error)) {
		if (typeof code === 'string' && NEVER_LEFT_CODES.includes(code)) return true;
		if (typeof syscall === 'string' && NEVER_LEFT_SYSCALLS.includes(syscall)) return true;
	}
	return false;
}
