import {
	describeAnswer,
	errorOfAnswer,
	isOwnErrorBody,
	requestIdOf,
	type Action,
	type Answer,
} from './answers';
import { LtxError } from './errors';
import { CHECK_NETWORK, describeNetworkFault, neverLeft } from './networkFaults';

/*
 * What an answer to a submit says. One is sent again only after an answer that says for certain that
 * the job was not accepted, and only if such a refusal may pass. A job whose answer was lost may be
 * running, so a second submit might pay for it twice.
 */

const SUBMIT: Action = { name: 'Submit' };

/** What to do when nobody knows whether a submit was accepted. */
export const LOST_ADVICE =
	'The job may be running and may be charged, so Retry On Fail does not submit it again. Look at the usage page of the developer console, console.ltx.io, first: running this item again, or a Retry in the list of executions, does submit it again.';

// A proxy before the API may answer with the same statuses when the API has taken the job.
const REFUSED_IF_THE_API_SAYS_SO = [500, 503, 529];

/** The error for a submit that was answered, but not with a job. */
export function errorOfSubmitAnswer(answer: Answer): LtxError {
	const { status, body } = answer;
	if (status === 429 || (REFUSED_IF_THE_API_SAYS_SO.includes(status) && isOwnErrorBody(body))) {
		return errorOfAnswer(SUBMIT, answer, { wasRefused: true, isPassing: true });
	}
	if (status >= 400 && status < 500) return errorOfAnswer(SUBMIT, answer, { wasRefused: true });
	if (status >= 300 && status < 400) {
		const error = errorOfAnswer(SUBMIT, answer);
		return error.with({
			advice: `${error.advice} Retry On Fail does not submit this item again, a Retry of the execution does.`,
		});
	}
	return lostAnswer(describeAnswer(answer), answer);
}

/** The error for a submit that got no answer. */
export function errorOfSubmitFault(error: unknown): LtxError {
	const reason = describeNetworkFault(error);
	if (!neverLeft(error)) return lostAnswer(reason);
	return new LtxError('network_error', `Submit could not reach LTX: ${reason}; nothing was sent`, {
		wasRefused: true,
		advice: CHECK_NETWORK,
	});
}

function lostAnswer(reason: string, answer?: Answer): LtxError {
	return new LtxError(
		'answer_lost',
		`The answer to the submit was lost (${reason}), so the job may be running`,
		{
			advice: LOST_ADVICE,
			httpStatus: answer?.status,
			requestId: answer && requestIdOf(answer),
		},
	);
}
