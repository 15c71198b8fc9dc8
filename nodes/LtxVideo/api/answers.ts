import { LtxError, type LtxErrorDetails } from './errors';
import { ASK_SUPPORT, errorText, type ErrorText } from './errorTexts';
import { isRecord, textOf } from './json';
import { cleanText } from './redact';

/** What was tried. */
export interface Action {
	/** As in "Get Status failed". */
	name: string;
	/** Whether the answer 404 can mean that a job is unknown. */
	isAboutJob?: boolean;
}

const CHECK_BASE_URL =
	'Check the base URL in the LTX API credential: it must lead to the LTX API itself.';
const CHECK_PATH = 'With Other Endpoint, check the Endpoint Path too.';

/** An HTTP answer, whatever its status. */
export interface Answer {
	status: number;
	headers: Record<string, string | undefined>;
	body: unknown;
}

/** The part of an error answer that the API itself wrote. */
interface ApiErrorBody {
	type?: string;
	message?: string;
}

/** Statuses that a repeat may cure. A redirect counts: it comes from something before the API. */
export function isPassingStatus(status: number): boolean {
	return status === 408 || status === 429 || status >= 500 || status < 400;
}

/** Reads `{ type, message }` of an API error, as in error answers and in failed jobs. */
export function apiErrorOf(error: unknown): ApiErrorBody {
	if (!isRecord(error)) return {};
	return { type: textOf(error.type), message: textOf(error.message) };
}

/** True for `{ type: "error", error: { type } }`: the API, and no proxy before it, answered. */
export function isOwnErrorBody(body: unknown): boolean {
	return isRecord(body) && body.type === 'error' && apiErrorOf(body.error).type !== undefined;
}

export function requestIdOf(answer: Answer): string | undefined {
	const requestId = textOf(answer.headers['x-request-id']);
	return requestId && cleanText(requestId);
}

/**
 * The pause that `Retry-After` asks for, in milliseconds; given there in seconds or as a date.
 */
export function retryAfterMsOf(answer: Pick<Answer, 'headers'>): number | undefined {
	const value = textOf(answer.headers['retry-after'])?.trim();
	if (value === undefined) return undefined;
	if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
	const dateMs = parseHttpDate(value);
	// By the server's own clock, which need not be ours.
	const nowMs = parseHttpDate(textOf(answer.headers.date) ?? '') ?? Date.now();
	return dateMs === undefined ? undefined : Math.max(0, dateMs - nowMs);
}

/** Without the name of a month it is no HTTP date, whatever `Date.parse` makes of it. */
function parseHttpDate(text: string): number | undefined {
	const dateMs = /[a-z]{3}/i.test(text) ? Date.parse(text) : NaN;
	return Number.isNaN(dateMs) ? undefined : dateMs;
}

/** In the order in which people want to read them. */
const KEYS_OF_WORDS = ['message', 'msg', 'detail', 'error'];
const DEEPEST_WORDS = 5;

/**
 * What an answer or a failed job says, whoever wrote it: a text, a list, or the usual keys for words
 * in an object; `undefined` where it says nothing.
 */
export function wordsOf(said: unknown, depth = 0): string | undefined {
	if (depth > DEEPEST_WORDS) return undefined;
	const joined = (parts: unknown[]) => {
		const words = parts.flatMap((part) => wordsOf(part, depth + 1) ?? []);
		return textOf([...new Set(words)].join('; '));
	};
	if (Array.isArray(said)) return joined(said);
	if (!isRecord(said)) return textOf(said);
	const words = joined(KEYS_OF_WORDS.map((key) => said[key]));
	// As validators name the field that they speak of.
	const field = Array.isArray(said.loc) ? textOf(said.loc.at(-1)) : undefined;
	return words && field ? `${field}: ${words}` : words;
}

/** Whether a body is markup, as web pages and the errors of object stores are. */
export const isMarkup = (body: unknown): body is string =>
	typeof body === 'string' && /^\s*</.test(body);

/** How people call an answer that is not the API's own. */
export function describeAnswer(answer: Answer): string {
	const { status } = answer;
	if (status >= 300 && status < 400) return `HTTP ${status}, a redirect, which is not followed`;
	if (status >= 200 && status < 300) {
		return `HTTP ${status} with a body that is not the API's`;
	}
	if (isMarkup(answer.body)) return `HTTP ${status} with a web page, not the API's answer`;
	const words = wordsOf(answer.body);
	return words === undefined ? `HTTP ${status}` : `HTTP ${status}: ${cleanText(words)}`;
}

/**
 * The error for an answer that is not a success, in the words of whoever answered.
 *
 * @param action for answers without words
 */
export function errorOfAnswer(
	action: Action,
	answer: Answer,
	details: LtxErrorDetails = {},
): LtxError {
	const { type } = isRecord(answer.body) ? apiErrorOf(answer.body.error) : {};
	const known = errorText(type, answer.status);
	const isOfApi = known !== undefined || isOwnErrorBody(answer.body);
	const words = isOfApi && !isMarkup(answer.body) ? wordsOf(answer.body) : undefined;
	const { what, advice } = textOfAnswer(action, answer, known);
	return new LtxError(
		type ? cleanText(type) : 'unexpected_answer',
		`${what}: ${words ? cleanText(words) : describeAnswer(answer)}`,
		{
			advice,
			httpStatus: answer.status,
			requestId: requestIdOf(answer),
			retryAfterMs: retryAfterMsOf(answer),
			...details,
		},
	);
}

/** The API, and nobody before it, says that there is no such thing. */
export function isUnknown({ status, body }: Answer): boolean {
	return status === 404 && isOwnErrorBody(body);
}

// What gateways, proxies and firewalls answer in LTX's place.
const STATUSES_OF_GATEWAYS = [401, 402, 403, 404, 407, 422];

function textOfAnswer(
	{ name, isAboutJob = false }: Action,
	answer: Answer,
	known: ErrorText | undefined,
): ErrorText {
	const { status, body } = answer;
	const isOwn = isOwnErrorBody(body);
	const checkAddress = status === 404 ? `${CHECK_BASE_URL} ${CHECK_PATH}` : CHECK_BASE_URL;
	if (!isOwn && !known && STATUSES_OF_GATEWAYS.includes(status)) {
		return {
			what: `${name} failed, because something before LTX answered`,
			advice: `This is not how LTX itself answers: look at the gateway, proxy or firewall before it. ${checkAddress}`,
		};
	}
	// Only a job can be unknown: another path that is not found is not the API's.
	const isWrongPlace = status < 400 || (status === 404 && !(isAboutJob && isOwn));
	if (isWrongPlace) return { what: `${name} got an unexpected answer`, advice: checkAddress };
	return known ?? { what: `${name} failed`, advice: ASK_SUPPORT };
}
