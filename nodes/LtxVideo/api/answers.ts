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

/** How people call an answer that is not the API's own. */
export function describeAnswer({ status, body }: Answer): string {
	if (status >= 300 && status < 400) return `HTTP ${status}, a redirect, which is not followed`;
	if (status >= 200 && status < 300) {
		return `HTTP ${status} with a body that is not the API's`;
	}
	const isHtml = typeof body === 'string' && /^\s*</.test(body);
	return isHtml ? `HTTP ${status} with a web page, not the API's answer` : `HTTP ${status}`;
}

/**
 * The error for an answer that is not a success, in the API's words where it had any.
 *
 * @param action for answers without words
 */
export function errorOfAnswer(
	action: Action,
	answer: Answer,
	details: LtxErrorDetails = {},
): LtxError {
	const own = isRecord(answer.body) ? apiErrorOf(answer.body.error) : {};
	const { what, advice } = textOfAnswer(action, answer, own.type);
	return new LtxError(
		own.type ? cleanText(own.type) : 'unexpected_answer',
		`${what}: ${own.message ? cleanText(own.message) : describeAnswer(answer)}`,
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

function textOfAnswer(action: Action, answer: Answer, type: string | undefined): ErrorText {
	const { name, isAboutJob = false } = action;
	const { status } = answer;
	// Only a job can be unknown: another path that is not found is not the API's.
	const isWrongPlace = status < 400 || (status === 404 && !(isAboutJob && isUnknown(answer)));
	if (isWrongPlace) {
		const advice = status === 404 ? `${CHECK_BASE_URL} ${CHECK_PATH}` : CHECK_BASE_URL;
		return { what: `${name} got an unexpected answer`, advice };
	}
	return errorText(type, status) ?? { what: `${name} failed`, advice: ASK_SUPPORT };
}
