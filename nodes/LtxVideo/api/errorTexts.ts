/** What happened and what to do, for one kind of error answer. */
export interface ErrorText {
	what: string;
	advice: string;
}

const LATER = 'This passes by itself. Try again later.';

/**
 * The documented error types of the API in words for people.
 * Source: the error table of the LTX API documentation, 2026-09-27.
 */
const TEXT_BY_TYPE: Record<string, ErrorText> = {
	invalid_request_error: {
		what: 'LTX refused the request',
		advice: 'Correct the value that the message names.',
	},
	authentication_error: {
		what: 'LTX does not accept the API key',
		advice:
			'Check the API key in the LTX API credential. Keys are made in the developer console, console.ltx.io.',
	},
	insufficient_funds_error: {
		what: 'Not enough LTX credits',
		advice:
			'Add credits in the developer console, console.ltx.io. For an automatic duration, LTX sets aside the price of the longest video.',
	},
	permission_error: {
		what: 'This LTX account may not use the endpoint',
		advice:
			'Ask LTX to open the endpoint for your account, or use the API key of an account that has it.',
	},
	not_found_error: {
		what: 'LTX does not know this job; it may belong to another resource, or have expired',
		advice:
			'Choose the resource that the job was submitted under, and check the job ID. LTX forgets a job at most 24 hours after it ended.',
	},
	content_filtered_error: {
		what: 'The LTX safety filter refused the input',
		advice:
			'Change the prompt or the file. The same input will be refused again, so do not just retry.',
	},
	concurrency_limit_error: {
		what: 'Too many LTX jobs are running at once',
		advice: 'Wait until other jobs of the account have ended, or ask LTX for a higher limit.',
	},
	rate_limit_error: {
		what: 'The LTX queue of your organization is full',
		advice: 'Wait until queued jobs have ended or, with Submit and Wait, raise Max Wait.',
	},
	api_error: { what: 'LTX had an internal error', advice: LATER },
	service_unavailable_error: { what: 'LTX is temporarily down', advice: LATER },
	overloaded_error: { what: 'LTX is temporarily overloaded', advice: LATER },
};

/** For errors that are not documented. */
export const ASK_SUPPORT =
	'Read the message. If it does not help, ask LTX support and give them the request ID.';

// Others have causes that only the API itself can know: the key, the account, its credits, the filter.
const TYPE_BY_STATUS: Record<number, string> = {
	400: 'invalid_request_error',
	429: 'rate_limit_error',
	500: 'api_error',
	503: 'service_unavailable_error',
	529: 'overloaded_error',
};

/**
 * Words for a documented error, by the API's type, else by the HTTP status.
 * An older spelling without `_error` (`service_unavailable`) is known too.
 */
export function errorText(type: string | undefined, httpStatus?: number): ErrorText | undefined {
	for (const name of [type, `${type}_error`, TYPE_BY_STATUS[httpStatus ?? 0]]) {
		// The type is the server's text: it may be the name of something that every object has.
		if (name !== undefined && Object.hasOwn(TEXT_BY_TYPE, name)) return TEXT_BY_TYPE[name];
	}
	return undefined;
}
