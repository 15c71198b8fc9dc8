import { LtxError } from '../api/errors';
import type { Item, ItemResult, Operation } from './item';
import { prepareSubmit, type SubmittedJob } from './submit';
import { followJob, readWaitSettings } from './wait';

/**
 * A job of an earlier try that LTX does not know any more. It was paid for, so that it is not paid again in
 * silence; a person who runs the execution again after reading this wants a new one.
 */
function markForgotten(item: Item, error: unknown): never {
	const entry = item.submit.entry();
	const isUnknownJob = error instanceof LtxError && error.isUnknownJob;
	if (!isUnknownJob || entry?.state !== 'accepted' || !entry.isInherited) throw error;
	item.submit.record({ ...entry, isForgotten: true });
	throw error.with({
		advice: `${error.advice} The job was paid for in the execution that this one retries. Retry this execution to submit it anew, which is charged again.`,
	});
}

/** Submits a job and waits for it: Submit, then Wait. */
export const submitAndWait: Operation = async (item) => {
	const settings = readWaitSettings(item);
	const { send, cost } = await prepareSubmit(item, settings.maxWaitMs);
	const follow = async ({ job, extra, isResumed }: SubmittedJob): Promise<ItemResult> => {
		const known = { ...job, status: 'pending' };
		const result = await followJob(item, known, settings, { pollsAtOnce: isResumed, extra });
		return { ...result, isTakenUp: isResumed };
	};
	const run = async (): Promise<ItemResult> => {
		const submitted = await send();
		return await follow(submitted).catch((error: unknown) => markForgotten(item, error));
	};
	return { run, cost };
};
