import type { LtxError } from '../api/errors';
import { cleanText } from '../api/redact';
import type { PaidJobs } from '../operations/paidJobs';
import { shortList } from './shortList';

/** An item whose job LTX does not know any more. */
export interface ForgottenJob {
	index: number;
	error: LtxError;
}

/**
 * One error for all items whose jobs were paid for in the execution that this one retries and are not
 * known to LTX any more, so that one more Retry is enough to submit all of them anew.
 */
export function errorOfForgotten(forgotten: ForgottenJob[], paid: PaidJobs): LtxError {
	const [{ error }] = forgotten;
	const isOne = forgotten.length === 1;
	const payers = [
		...new Set(forgotten.flatMap(({ index }) => paid.otherCredentialOf(index) ?? [])),
	];
	const jobIds = shortList(forgotten.map((entry) => cleanText(entry.error.jobId ?? '')));
	const advice = [
		'LTX forgets a job at most 24 hours after it ended, and knows it only for the account that paid for it.',
		payers.length > 0 && `Another credential paid: ${payers.map(cleanText).join(', ')}.`,
		!isOne && `The jobs: ${jobIds}.`,
		`Retry this execution to submit ${isOne ? 'it' : 'all of them'} anew, which is charged again.`,
	];
	const items = shortList(forgotten.map(({ index }) => index));
	return error.with(
		{ advice: advice.filter(Boolean).join(' '), jobId: isOne ? error.jobId : undefined },
		isOne
			? error.message
			: `LTX does not know the jobs any more that were paid for before (items ${items})`,
	);
}
