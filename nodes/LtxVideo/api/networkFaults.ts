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
	['EPROTO', 'the other side does not speak TLS (https)'],
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
// As Node.js, and the library that n8n speaks to proxies with, say it.
const NEVER_CONNECTED = /before secure TLS connection|before receiving CONNECT response/;

const DEEPEST_CAUSE = 6;

interface Fault {
	code?: unknown;
	syscall?: unknown;
	name?: unknown;
	message?: unknown;
	/** Whether the request never got a connection, or one that was not secure yet. */
	isUnconnected?: boolean;
}

/** A proxy refused to connect to the host. n8n's HTTP library gives its answer in the host's place. */
class ProxyRefusal extends Error {
	constructor(readonly status: unknown) {
		super('A proxy refused to connect');
	}
}

const MESSAGE_OF_SYSTEM = /^([a-z]+) [A-Z]/;

/** n8n 1 loses the cause of what it throws, but keeps its code and, in a list, its message. */
function faultOf(error: Record<string, unknown>): Fault {
	const { code, syscall, httpCode, messages, name } = error;
	const [message]: unknown[] = Array.isArray(messages) ? messages : [error.message];
	// Without any is one thing; that n8n does not give it is another.
	const socket = isRecord(error.request) ? error.request.socket : undefined;
	return {
		name,
		message,
		code: code ?? httpCode,
		syscall: syscall ?? MESSAGE_OF_SYSTEM.exec(String(message))?.[1],
		isUnconnected:
			// Plain text answered TLS, before the request was written to its end.
			(code ?? httpCode) === 'EPROTO' ||
			NEVER_CONNECTED.test(String(message)) ||
			socket === null ||
			(isRecord(socket) && socket.secureConnecting === true),
	};
}

function* errorsOf(error: unknown): Generator<Record<string, unknown>> {
	let current = error;
	for (let depth = 0; depth < DEEPEST_CAUSE && isRecord(current); depth++) {
		yield current;
		const first: unknown = Array.isArray(current.errors) ? current.errors[0] : undefined;
		current = current.cause ?? first;
	}
}

/** The error and what caused it. n8n and its HTTP library each wrap what they throw. */
export function causesOf(error: unknown): Fault[] {
	return [...errorsOf(error)].map(faultOf);
}

/**
 * The answer that n8n threw as an error because of its status.
 *
 * @throws the error where it holds no answer, or one that a proxy gave instead of connecting: it came
 * over a connection without TLS, though the address asks for it
 */
export function answerIn(error: unknown, url: string): unknown {
	for (const { request, response } of errorsOf(error)) {
		if (!isRecord(response)) continue;
		const { status: statusCode, headers, data: body } = response;
		const socket = isRecord(request) ? request.socket : undefined;
		const isInsecure = isRecord(socket) && socket.encrypted !== true;
		if (isInsecure && /^https:/i.test(url)) throw new ProxyRefusal(statusCode);
		return { statusCode, headers, body };
	}
	throw error;
}

/** n8n itself did not let the request out: its protection of private addresses, or the credential's list of domains. */
export function isBlockedByN8n(error: unknown): boolean {
	return causesOf(error).some(
		({ name, message }) =>
			/^SsrfBlocked/.test(String(name)) || /^Domain not allowed/.test(String(message)),
	);
}

/** Why a request got no answer, in words, without addresses. */
export function describeNetworkFault(error: unknown): string {
	if (error instanceof LtxError) return error.message;
	if (isBlockedByN8n(error)) return "n8n's settings do not allow this address";
	if (error instanceof ProxyRefusal) {
		return `a proxy refused to connect to it (HTTP ${String(error.status)})`;
	}
	const causes = causesOf(error);
	for (const { code } of causes) {
		if (typeof code !== 'string') continue;
		if (code === 'ECONNRESET' && causes.some(({ isUnconnected }) => isUnconnected)) {
			return 'the connection was closed before it was secure';
		}
		if (CERTIFICATE_CODE.test(code)) return 'the certificate of the host is not trusted';
		const words = WORDS_BY_CODE.get(code);
		if (words !== undefined) return words;
	}
	return 'the connection failed';
}

/** True where it is certain that no byte of the request reached the server. */
export function neverLeft(error: unknown): boolean {
	if (isBlockedByN8n(error) || error instanceof ProxyRefusal) return true;
	const causes = causesOf(error);
	if (causes.some(({ isUnconnected }) => isUnconnected)) return true;
	const isAny = (known: string[], value: unknown) => known.includes(value as string);
	if (causes.some(({ syscall }) => isAny(CONNECTED_SYSCALLS, syscall))) return false;
	return causes.some(
		({ code, syscall }) =>
			isAny(NEVER_LEFT_CODES, code) ||
			isAny(NEVER_LEFT_SYSCALLS, syscall) ||
			(typeof code === 'string' && CERTIFICATE_CODE.test(code)),
	);
}
