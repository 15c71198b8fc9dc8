import type { ItemResult, Operation } from './item';
import { prepareSubmit } from './submit';
import { followJob, readWaitSettings } from './wait';

/** Submits a job and waits for it: Submit, then Wait. */
export const submitAndWait: Operation = async (item) => {
	const settings = readWaitSettings(item);
	const { send, ...prepared } = await prepareSubmit(item, settings.maxWaitMs);
	const run = async (): Promise<ItemResult> => {
		const { job, extra, isTakenUp, seen, replacedJobId } = await send();
		const known = { ...job, status: 'pending' };
		const result = await followJob(item, known, settings, { pollsAtOnce: isTakenUp, extra, seen });
		return { ...result, isTakenUp, replacedJobId };
	};
	return { ...prepared, run };
};
