import type { ItemResult, Operation } from './item';
import { prepareSubmit } from './submit';
import { followJob, readWaitSettings } from './wait';

/** Submits a job and waits for it: Submit, then Wait. */
export const submitAndWait: Operation = async (item) => {
	const settings = readWaitSettings(item);
	const { send, cost } = await prepareSubmit(item, settings.maxWaitMs);
	const run = async (): Promise<ItemResult> => {
		const { job, extra, isResumed } = await send();
		const known = { ...job, status: 'pending' };
		return await followJob(item, known, settings, {
			pollsAtOnce: isResumed,
			extra,
		});
	};
	return { run, cost };
};
