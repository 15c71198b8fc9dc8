import type { ItemResult, Operation } from './item';
import { prepareSubmit } from './submit';
import { followJob, readWaitSettings } from './wait';

/** Files that n8n does not store are part of the item, and too large to be kept beside it. */
function hasStoredFiles({ binary = {} }: ItemResult): boolean {
	return Object.values(binary).every(({ id }) => id !== undefined);
}

/** Submits a job and waits for it: Submit, then Wait. */
export const submitAndWait: Operation = async (item) => {
	const settings = readWaitSettings(item);
	const { send, ...prepared } = await prepareSubmit(item, settings.maxWaitMs);
	const run = async (): Promise<ItemResult> => {
		const finished = item.paid.finished();
		if (finished) return { ...finished, isTakenUp: true };
		const { job, extra, seen, ...told } = await send();
		const known = { ...job, status: 'pending' };
		const pollsAtOnce = told.isTakenUp;
		const followed = await followJob(item, known, settings, { pollsAtOnce, extra, seen });
		const result = { ...followed, ...told };
		const isPaid = item.paid.entry() !== undefined;
		if (isPaid && !result.isUnfinished && hasStoredFiles(result)) item.paid.finish(result);
		return result;
	};
	return { ...prepared, run };
};
