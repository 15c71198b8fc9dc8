import {
	apiErrorOf,
	describeAnswer,
	errorOfAnswer,
	isOwnErrorBody,
	isPassingStatus,
	requestIdOf,
	retryAfterMsOf,
	type Action,
	type Answer,
} from '../../../nodes/LtxVideo/api/answers';
import { LtxError } from '../../../nodes/LtxVideo/api/errors';
import { errorText } from '../../../nodes/LtxVideo/api/errorTexts';

const SUBMIT: Action = { name: 'Submit' };
const GET_STATUS: Action = { name: 'Get Status', isAboutJob: true };

function answer(status: number, body: unknown = '', headers: Answer['headers'] = {}): Answer {
	return { status, body, headers };
}

function errorBody(type: string, message = 'The words of the API') {
	return { type: 'error', error: { type, message } };
}

const HTML = '<!doctype html><title>Bad gateway</title>';

// The error table of the API: what a user must be told for each kind.
const ERROR_TABLE = [
	{ status: 400, type: 'invalid_request_error', what: /refused/, advice: /Correct/ },
	{ status: 401, type: 'authentication_error', what: /API key/, advice: /console\.ltx\.io/ },
	{ status: 402, type: 'insufficient_funds_error', what: /credits/, advice: /Add credits/ },
	{ status: 403, type: 'permission_error', what: /account/, advice: /account/ },
	{ status: 404, type: 'not_found_error', what: /job/, advice: /24 hours/ },
	{ status: 422, type: 'content_filtered_error', what: /filter/, advice: /Change/ },
	{
		status: 429,
		type: 'concurrency_limit_error',
		what: /at once/,
		advice: /other jobs of the account/,
	},
	{ status: 429, type: 'rate_limit_error', what: /queue/, advice: /Max Wait/ },
	{ status: 500, type: 'api_error', what: /internal error/, advice: /later/ },
	{ status: 503, type: 'service_unavailable_error', what: /down/, advice: /later/ },
	{ status: 503, type: 'service_unavailable', what: /down/, advice: /later/ },
	{ status: 529, type: 'overloaded_error', what: /overloaded/, advice: /later/ },
];

describe('an error answer', () => {
	it.each(ERROR_TABLE)(
		'$status $type says what happened, in the words of the API too, and what to do',
		({ status, type, what, advice }) => {
			const error = errorOfAnswer(GET_STATUS, answer(status, errorBody(type)));

			expect(error).toBeInstanceOf(LtxError);
			expect(error.type).toBe(type);
			expect(error.httpStatus).toBe(status);
			expect(error.message).toMatch(what);
			expect(error.message).toMatch(/: The words of the API$/);
			expect(error.advice).toMatch(advice);
			expect(error.advice).toMatch(/^[A-Z].*\.$/);
		},
	);

	// Only the API itself knows of keys, accounts, credits and filters. And 429 has two types.
	const CAUSES = [401, 402, 403, 404, 422];
	const toldByStatus = ERROR_TABLE.filter(
		({ status, type }) => type !== 'concurrency_limit_error' && !CAUSES.includes(status),
	);

	it.each(toldByStatus)(
		'$status is explained by its status where the type is missing',
		({ status, type }) => {
			const error = errorOfAnswer(GET_STATUS, answer(status, HTML));

			expect(error.type).toBe('unexpected_answer');
			expect(error.message).toBe(
				`${errorText(type)?.what}: HTTP ${status} with a web page, not the API's answer`,
			);
			expect(error.advice).toBe(errorText(type)?.advice);
		},
	);

	it.each([...CAUSES, 407])(
		'%i of a web page is told as the answer of something before LTX',
		(status) => {
			for (const action of [SUBMIT, GET_STATUS, { name: 'Upload' }]) {
				expect(errorOfAnswer(action, answer(status, HTML))).toMatchObject({
					type: 'unexpected_answer',
					message: `${action.name} failed, because something before LTX answered: HTTP ${status} with a web page, not the API's answer`,
					advice: expect.stringMatching(
						/^This is not how LTX itself answers: .*base URL/,
					) as unknown,
				});
			}
		},
	);

	const VALIDATION = {
		detail: [
			{ loc: ['body', 'duration'], msg: 'Input should be 6, 8 or 10', type: 'enum' },
			{ loc: ['body', 'fps'], msg: 'Input should be a number' },
		],
	};

	it.each([
		[
			403,
			{ detail: 'Insufficient credits' },
			/before LTX answered: HTTP 403: Insufficient credits$/,
		],
		[
			422,
			VALIDATION,
			/HTTP 422: duration: Input should be 6, 8 or 10; fps: Input should be a number$/,
		],
		[401, { message: 'No route', error: 'Unauthorized' }, /HTTP 401: No route; Unauthorized$/],
		[400, { error: 'resolution not available' }, /^LTX refused the request: resolution not avail/],
		[400, { message: 'no such size' }, /^LTX refused the request: no such size$/],
		[400, 'Plain words', /^LTX refused the request: Plain words$/],
		[418, { error: { message: 'Teapot' } }, /^Submit failed: HTTP 418: Teapot$/],
		[400, {}, /^LTX refused the request: HTTP 400$/],
	])('%i %j has the words of whoever answered, and names no cause', (status, body, message) => {
		const error = errorOfAnswer(SUBMIT, answer(status, body));

		expect(error.message).toMatch(message);
		expect(`${error.message} ${error.advice}`).not.toMatch(/filter|your account|Add credits/);
	});

	it('looks for words in a body of any depth without end', () => {
		let body: unknown = 'deep';
		for (let depth = 0; depth < 100_000; depth++) body = { error: body };

		expect(errorOfAnswer(SUBMIT, answer(400, body)).message).toBe(
			'LTX refused the request: HTTP 400',
		);
	});

	it('of a type that is new keeps its own type, and no cause is guessed', () => {
		const error = errorOfAnswer(SUBMIT, answer(402, errorBody('spending_cap_error')));

		expect(error.type).toBe('spending_cap_error');
		expect(error.message).toBe('Submit failed: The words of the API');
	});

	it('of a submit that is not found points at the base URL and at the path of Other Endpoint, not at a job', () => {
		const error = errorOfAnswer(SUBMIT, answer(404, errorBody('not_found_error')));

		expect(error.message).not.toMatch(/job/);
		expect(error.advice).toMatch(/base URL.* Endpoint Path too\.$/);
	});

	it('of a type and a status that are new keeps the words', () => {
		const error = errorOfAnswer(SUBMIT, answer(451, errorBody('legal_error')));

		expect(error.message).toBe('Submit failed: The words of the API');
		expect(error.advice).toMatch(/request ID/);
	});

	it('carries request id and Retry-After', () => {
		const error = errorOfAnswer(
			SUBMIT,
			answer(429, errorBody('rate_limit_error'), { 'x-request-id': 'req-7', 'retry-after': '3' }),
		);

		expect(error).toMatchObject({ requestId: 'req-7', retryAfterMs: 3_000 });
	});

	it('is taken for neither passing nor a refusal unless its caller says so', () => {
		const refused = answer(429, errorBody('rate_limit_error'));

		expect(errorOfAnswer(SUBMIT, refused)).toMatchObject({ isPassing: false, wasRefused: false });
		expect(errorOfAnswer(SUBMIT, refused, { isPassing: true, wasRefused: true })).toMatchObject({
			isPassing: true,
			wasRefused: true,
		});
	});

	it("has the server's words on one line, without markup and signatures", () => {
		const error = errorOfAnswer(
			SUBMIT,
			answer(
				400,
				errorBody(
					'bad\ntype',
					'No\r\nimage at https://s.example/a.png?X-Signature=secret <img src=x onerror=alert(1)>',
				),
				{ 'x-request-id': 'req\u001b[31m<b>' },
			),
		);

		expect(error.type).toBe('bad type');
		expect(error.message).toBe(
			'LTX refused the request: No image at https://s.example/… ‹img src=x onerror=alert(1)>',
		);
		expect(error.requestId).toBe('req [31m‹b>');
	});
});

describe('an answer that is no error, but not what was asked for', () => {
	it.each([
		[200, {}, "Get Status got an unexpected answer: HTTP 200 with a body that is not the API's"],
		[204, '', "Get Status got an unexpected answer: HTTP 204 with a body that is not the API's"],
		[302, '', 'Get Status got an unexpected answer: HTTP 302, a redirect, which is not followed'],
	])('names its status %i and points at the base URL', (status, body, message) => {
		const error = errorOfAnswer(GET_STATUS, answer(status, body));

		expect(error).toMatchObject({ type: 'unexpected_answer', message, httpStatus: status });
		expect(error.advice).toMatch(/base URL/);
		expect(error.advice).not.toMatch(/Endpoint Path/);
	});
});

describe('describeAnswer', () => {
	it.each([
		[answer(502, HTML), "HTTP 502 with a web page, not the API's answer"],
		[answer(504, ` \n${HTML}`), "HTTP 504 with a web page, not the API's answer"],
		[answer(502, 'upstream < 1'), 'HTTP 502: upstream < 1'],
		[answer(500, {}), 'HTTP 500'],
		[answer(308, HTML), 'HTTP 308, a redirect, which is not followed'],
		[answer(300, HTML), 'HTTP 300, a redirect, which is not followed'],
		[answer(200, HTML), "HTTP 200 with a body that is not the API's"],
	])('tells of %j: %s', (given, words) => {
		expect(describeAnswer(given)).toBe(words);
	});
});

describe('a status', () => {
	it.each([301, 307, 408, 429, 500, 502, 503, 504, 529, 599])('%i may pass', (status) => {
		expect(isPassingStatus(status)).toBe(true);
	});

	it.each([400, 401, 402, 403, 404, 409, 410, 413, 422, 451])('%i does not pass', (status) => {
		expect(isPassingStatus(status)).toBe(false);
	});
});

describe("the API's own error body", () => {
	it('is told by its shape', () => {
		expect(isOwnErrorBody(errorBody('api_error'))).toBe(true);
		expect(isOwnErrorBody({ type: 'error', error: { type: 'an_error_of_tomorrow' } })).toBe(true);
	});

	it.each([
		[HTML],
		[''],
		[undefined],
		[null],
		[[errorBody('api_error')]],
		[JSON.stringify(errorBody('api_error'))],
		[{ error: { type: 'api_error', message: 'a proxy that copies half of the shape' } }],
		[{ type: 'about:blank', error: { type: 'api_error' } }],
		[{ type: 'error' }],
		[{ type: 'error', error: 'api_error' }],
		[{ type: 'error', error: null }],
		[{ type: 'error', error: { type: ' ' } }],
		[{ type: 'error', error: { type: 500 } }],
		[{ type: 'error', error: { message: 'Internal server error' } }],
	])('is not %j: whether a submit was accepted, that does not say', (body) => {
		expect(isOwnErrorBody(body)).toBe(false);
	});

	it.each([
		[
			{ type: 'api_error', message: 'Oh' },
			{ type: 'api_error', message: 'Oh' },
		],
		[{ type: 7, message: {} }, {}],
		[{ type: '', message: ' ' }, {}],
		['api_error', {}],
		[null, {}],
		[undefined, {}],
		[['api_error'], {}],
	])('has of %j no other parts than texts', (error, expected) => {
		expect(apiErrorOf(error)).toEqual(expected);
	});
});

describe('Retry-After', () => {
	const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);

	beforeEach(() => {
		jest.spyOn(Date, 'now').mockReturnValue(NOW);
	});

	afterEach(() => {
		jest.restoreAllMocks();
	});

	it.each([
		['7', 7_000],
		[' 7 ', 7_000],
		['0', 0],
		['0.5', 500],
		['86400', 86_400_000],
		['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
		['Sun, 22 Nov 2026 13:00:00 GMT', 3_600_000],
		['Sun, 22 Nov 2026 11:59:00 GMT', 0],
	])('%p asks for a pause of %p ms', (value, expected) => {
		expect(retryAfterMsOf(answer(429, '', { 'retry-after': value }))).toBe(expected);
	});

	it.each([
		['by the clock of the server, which is an hour ahead', 'Sun, 22 Nov 2026 13:00:00 GMT', 30_000],
		['by our own where the server tells no time', undefined, 3_630_000],
		['by our own where what the server tells is no time', '12', 3_630_000],
	])('as a date is read %s', (_how, date, expected) => {
		const headers = { 'retry-after': 'Sun, 22 Nov 2026 13:00:30 GMT', date };

		expect(retryAfterMsOf(answer(429, '', headers))).toBe(expected);
	});

	it.each(['', ' ', 'soon', '+5', '.5', '5;', '-1', undefined])('%p asks for nothing', (value) => {
		expect(retryAfterMsOf(answer(429, '', { 'retry-after': value }))).toBeUndefined();
	});
});

describe('the request id', () => {
	it.each([
		[{ 'x-request-id': 'req-7' }, 'req-7'],
		[{ 'x-request-id': '' }, undefined],
		[{}, undefined],
	])('of the headers %j is %p', (headers, expected) => {
		expect(requestIdOf(answer(500, '', headers))).toBe(expected);
	});
});
