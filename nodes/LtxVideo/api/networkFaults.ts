import { LtxError } from './errors';
import { isRecord } from './json';

/** What to do about a request that did not get through. */
export const CHECK_NETWORK = 'Check the network and the base URL in the LTX API credential.';

// Codes are kept out of the words: n8n replaces a message that holds one by a stock sentence.
const WORDS_BY_CODE = new Map([
	['ECONNREFUSED', 'the connection was refused'],
	['ECONNRESET', 'the connection was closed before the answer was complete'],
	['EPIPE', 'the connection was closed while sending'],
	['ECONNABORTED', 'the connection timed out'],
	['ETIMEDOUT', 'the connection timed out'],
	['ENOTFOUND', 'the host name was not found'],
	['EAI_AGAIN', 'the host name could not be looked up'],
	['EHOSTUNREACH', 'the host cannot be reached'],
	['ENETUNREACH', 'the network cannot be reached'],
	['ERR_INVALID_URL', 'the address is not valid'],
	['ERR_INVALID_CHAR', 'the API key holds characters that a header cannot carry'],
]);

// A host whose certificate is not trusted is not sent anything.
const CERTIFICATE_CODE =
	/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_|ERR_TLS_CERT_|HOSTNAME_MISMATCH)/;

// Failures that come before the first byte of a request is written.
const NEVER_LEFT_CODES = [
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ERR_INVALID_URL',
	'ERR_INVALID_CHAR',
];
const NEVER_LEFT_SYSCALLS = ['connect', 'getaddrinfo'];
// The same codes can come up on a connection that has carried the request.
const CONNECTED_SYSCALLS = ['read', 'write'];

const DEEPEST_CAUSE = 6;

interface Fault {
	code?: unknown;
	syscall?: unknown;
	name?: unknown;
	message?: unknown;
}

const MESSAGE_OF_SYSTEM = /^([a-z]+) [A-Z]/;

/** n8n 1 loses the cause of what it throws, but keeps its code and, in a list, its message. */
function faultOf(error: Record<string, unknown>): Fault {
	const { code, syscall, httpCode, messages, name } = error;
	const [message]: unknown[] = Array.isArray(messages) ? messages : [error.message];
	return {
		name,
		message,
		code: code ?? httpCode,
		syscall: syscall ?? MESSAGE_OF_SYSTEM.exec(String(message))?.[1],
	};
}

/** The error and what caused it. n8n and its HTTP library each wrap what they throw. */
export function* causesOf(error: unknown): Generator<Fault> {
	let current = error;
	for (let depth = 0; depth < DEEPEST_CAUSE && isRecord(current); depth++) {
		yield faultOf(current);
		const first: unknown = Array.isArray(current.errors) ? current.errors[0] : undefined;
		current = current.cause ?? first;
	}
}

/** n8n itself did not let the request out: its protection of private addresses, or the credential's list of domains. */
export function isBlockedByN8n(error: unknown): boolean {
	return [...causesOf(error)].some(
		({ name, message }) =>
			/^SsrfBlocked/.test(String(name)) || /^Domain not allowed/.test(String(message)),
	);
}

/** Why a request got no answer, in words, without addresses. */
export function describeNetworkFault(error: unknown): string {
	if (error instanceof LtxError) return error.message;
	if (isBlockedByN8n(error)) return "n8n's settings do not allow this address";
	for (const { code } of causesOf(error)) {
		if (typeof code !== 'string') continue;
		if (CERTIFICATE_CODE.test(code)) return 'the certificate of the host is not trusted';
		const words = WORDS_BY_CODE.get(code);
		if (words !== undefined) return words;
	}
	return 'the connection failed';
}

/** True where it is certain that no byte of the request reached the server. */
export function neverLeft(error: unknown): boolean {
	if (isBlockedByN8n(error)) return true;
	const causes = [...causesOf(error)];
	const isAny = (known: string[], value: unknown) => known.includes(value as string);
	if (causes.some(({ syscall }) => isAny(CONNECTED_SYSCALLS, syscall))) return false;
	return causes.some(
		({ code, syscall }) =>
			isAny(NEVER_LEFT_CODES, code) ||
			isAny(NEVER_LEFT_SYSCALLS, syscall) ||
			(typeof code === 'string' && CERTIFICATE_CODE.test(code)),
	);
}
