import { AxiosError } from 'axios';
import { NodeApiError, NodeOperationError, type JsonObject } from 'n8n-workflow';

import { LtxError } from '../../../nodes/LtxVideo/api/errors';
import {
	answerIn,
	describeNetworkFault,
	isBlockedByN8n,
	neverLeft,
} from '../../../nodes/LtxVideo/api/networkFaults';
import { NODE } from '../node';

function systemError(code: string, syscall?: string): Error {
	return Object.assign(new Error(`${syscall} ${code} 10.0.0.7:443`), { code, syscall });
}

/** As the HTTP library throws it. */
function inAxios(cause: Error, code?: string): AxiosError {
	const error = new AxiosError(cause.message, code ?? (cause as { code?: string }).code);
	error.cause = cause;
	return error;
}

/** As n8n throws it for a request with a credential. */
function inN8n(error: Error): NodeApiError {
	return new NodeApiError(NODE, error as unknown as JsonObject);
}

/** n8n 1 loses the cause: what is left of it are its code and its message, in other places. */
function inN8n1(error: Error): NodeApiError {
	const wrapped = inN8n(inAxios(error));
	return Object.assign(wrapped, {
		cause: undefined,
		httpCode: (error as { code?: string }).code,
		messages: [error.message],
	});
}

const WRAPPINGS: Array<[string, (error: Error) => unknown]> = [
	['by itself', (error) => error],
	['in an error of the HTTP library', (error) => inAxios(error)],
	['in an error of n8n', (error) => inN8n(inAxios(error))],
	['in an error of n8n 1', (error) => inN8n1(error)],
	['as the first of several addresses that were tried', (error) => new AggregateError([error])],
	['behind all of these', (error) => inN8n(inAxios(new AggregateError([error]), 'ERR_NETWORK'))],
];

const BEFORE_THE_FIRST_BYTE: Array<[string, string | undefined]> = [
	['ECONNREFUSED', 'connect'],
	['ECONNREFUSED', undefined],
	['EHOSTUNREACH', 'connect'],
	['ENETUNREACH', 'connect'],
	['ETIMEDOUT', 'connect'],
	['ENOTFOUND', 'getaddrinfo'],
	['ENOTFOUND', undefined],
	['EHOSTUNREACH', undefined],
	['ENETUNREACH', undefined],
	['EAI_AGAIN', 'getaddrinfo'],
	['EAI_AGAIN', undefined],
	['EAI_FAIL', 'getaddrinfo'],
	['ERR_INVALID_URL', undefined],
	['ERR_INVALID_CHAR', undefined],
	['CERT_HAS_EXPIRED', undefined],
	['DEPTH_ZERO_SELF_SIGNED_CERT', undefined],
	['SELF_SIGNED_CERT_IN_CHAIN', undefined],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined],
	['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', undefined],
	['ERR_TLS_CERT_ALTNAME_INVALID', undefined],
	['EPROTO', 'write'],
];

const AFTER_THE_FIRST_BYTE: Array<[string, string | undefined]> = [
	['ECONNRESET', 'read'],
	['ECONNRESET', undefined],
	['EPIPE', 'write'],
	['ETIMEDOUT', 'read'],
	['ECONNABORTED', undefined],
	['EHOSTUNREACH', 'read'],
	['ECONNREFUSED', 'write'],
	['ERR_CANCELED', undefined],
	['ERR_BAD_RESPONSE', undefined],
	['HPE_INVALID_CONSTANT', undefined],
	['NOT_CERT_HAS_EXPIRED', undefined],
];

describe.each(WRAPPINGS)('a fault that comes %s', (_where, wrap) => {
	it.each(BEFORE_THE_FIRST_BYTE)('never left with %s of %s', (code, syscall) => {
		expect(neverLeft(wrap(systemError(code, syscall)))).toBe(true);
	});

	it.each(AFTER_THE_FIRST_BYTE)(
		'may have reached the server with %s of %s, so that a submit is lost',
		(code, syscall) => {
			expect(neverLeft(wrap(systemError(code, syscall)))).toBe(false);
		},
	);

	it('is told in words, without codes and addresses', () => {
		const words = describeNetworkFault(wrap(systemError('ENOTFOUND', 'getaddrinfo')));

		expect(words).toBe('the host name was not found');
	});
});

describe('what n8n itself does not let out', () => {
	const BLOCKED = [
		Object.assign(new Error('10.0.0.7'), { name: 'SsrfBlockedIpError' }),
		new Error('Domain not allowed: This credential is restricted'),
	];

	it.each(BLOCKED.flatMap((error) => [error, inAxios(error), inN8n(error)]))(
		'never left, and is told in words: %p',
		(error) => {
			expect(isBlockedByN8n(error)).toBe(true);
			expect(neverLeft(error)).toBe(true);
			expect(describeNetworkFault(error)).toBe("n8n's settings do not allow this address");
		},
	);

	it.each([
		new Error('The server said: Domain not allowed'),
		Object.assign(new Error('x'), { name: 'NotSsrfBlockedError' }),
		systemError('ECONNRESET', 'read'),
	])('is not %p', (error) => {
		expect(isBlockedByN8n(error)).toBe(false);
	});
});

describe('a connection that was cut', () => {
	const cut = (socket: object | null, message = 'read ECONNRESET') =>
		inN8n(Object.assign(inAxios(new Error(message), 'ECONNRESET'), { request: { socket } }));

	it.each<[string, unknown]>([
		['before TLS was agreed on', cut({ secureConnecting: true, encrypted: true })],
		['before there was one', cut(null)],
		[
			'before TLS was agreed on, as Node.js says it',
			inN8n1(
				new Error(
					'Client network socket disconnected before secure TLS connection was established',
				),
			),
		],
		[
			'by the proxy that was to make it',
			inN8n1(new Error('Proxy connection ended before receiving CONNECT response')),
		],
	])('%s never carried a request', (_what, error) => {
		expect(neverLeft(error)).toBe(true);
	});

	it('before it was secure is told so', () => {
		expect(describeNetworkFault(cut({ secureConnecting: true }))).toBe(
			'the connection was closed before it was secure',
		);
	});

	it.each([
		['after TLS was agreed on', cut({ secureConnecting: false, encrypted: true })],
		['without TLS', cut({})],
	])('%s may have carried one', (_what, error) => {
		expect(neverLeft(error)).toBe(false);
		expect(describeNetworkFault(error)).toMatch(/before the answer was complete/);
	});
});

describe('an answer that n8n throws because of its status', () => {
	const thrown = (socket?: object | null) =>
		inN8n(
			Object.assign(new AxiosError('Request failed'), {
				response: { status: 503, headers: { 'retry-after': '3' }, data: { detail: 'x' } },
				request: { socket },
			}),
		);
	const ANSWER = { statusCode: 503, headers: { 'retry-after': '3' }, body: { detail: 'x' } };

	it.each<[string, string, object | null | undefined]>([
		['of a host over TLS', 'https://api.ltx.io/v2', { encrypted: true }],
		['of a host without TLS', 'http://127.0.0.1:1/v2', {}],
		['over a connection that n8n does not show', 'https://api.ltx.io/v2', undefined],
	])('%s is given as it came', (_what, url, socket) => {
		expect(answerIn(thrown(socket), url)).toEqual(ANSWER);
	});

	it('of a proxy in place of a host over TLS never left', () => {
		let refusal: unknown;
		try {
			answerIn(thrown({ writable: false }), 'https://api.ltx.io/v2');
		} catch (error) {
			refusal = error;
		}

		expect(neverLeft(refusal)).toBe(true);
		expect(describeNetworkFault(refusal)).toBe('a proxy refused to connect to it (HTTP 503)');
	});

	it('is not looked for in a fault', () => {
		const fault = inN8n(systemError('ECONNRESET', 'read'));

		expect(() => answerIn(fault, 'https://api.ltx.io/v2')).toThrow(fault);
	});
});

it.each([
	['the limit of the node', new LtxError('network_error', 'no answer for 60 s')],
	['an error without a code', new Error('socket hang up')],
	['a text', 'ECONNREFUSED'],
	['nothing', undefined],
])('%s does not prove that a request never left', (_what, error) => {
	expect(neverLeft(error)).toBe(false);
});

it.each([...BEFORE_THE_FIRST_BYTE, ...AFTER_THE_FIRST_BYTE])(
	'%s of %s is told in words that n8n does not replace',
	(code, syscall) => {
		const words = describeNetworkFault(systemError(code, syscall));

		expect(words).toMatch(/^(the|n8n has) [a-z0-9A-Z ()-]+$/);
		expect(new NodeOperationError(NODE, words).message).toBe(words);
	},
);

it.each([
	['ECONNREFUSED', /refused/],
	['ECONNRESET', /closed before the answer/],
	['EPIPE', /closed while sending/],
	['ECONNABORTED', /timed out/],
	['ETIMEDOUT', /timed out/],
	['ENOTFOUND', /host name/],
	['EAI_AGAIN', /host name/],
	['EHOSTUNREACH', /host cannot be reached/],
	['ENETUNREACH', /network cannot be reached/],
	['ERR_INVALID_URL', /address/],
	['ERR_INVALID_CHAR', /API key/],
	['EPROTO', /does not speak TLS/],
	['CERT_HAS_EXPIRED', /certificate/],
	['DEPTH_ZERO_SELF_SIGNED_CERT', /certificate/],
	['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /certificate/],
	['ERR_TLS_CERT_ALTNAME_INVALID', /certificate/],
])('%s is told by what it means', (code, words) => {
	expect(describeNetworkFault(systemError(code))).toMatch(words);
});

it('a limit of the node keeps its words', () => {
	expect(describeNetworkFault(new LtxError('network_error', 'no answer for 30 s'))).toBe(
		'no answer for 30 s',
	);
});

it.each([new Error('x at 10.0.0.7'), systemError('E_NEW', 'read'), 'text', undefined, null])(
	'what nobody knows is told without its own words: %p',
	(error) => {
		expect(describeNetworkFault(error)).toBe('the connection failed');
	},
);

it('an error that is its own cause ends the search', () => {
	const error: Error & { code?: string } = new Error('round');
	error.cause = error;

	expect(describeNetworkFault(error)).toBe('the connection failed');
	expect(neverLeft(error)).toBe(false);
});
