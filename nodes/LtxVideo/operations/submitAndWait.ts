import type { ItemResult, Operation } from './item';
import { prepareSubmit } from './submit';
import { followJob, readWaitSettings } from './wait';

/** Submits a job and waits for it: Submit, then Wait. */
export const submitAndWait: Operation = async (item) => {
	const settings = readWaitSettings(item);
	const { send, ...prepared } = await prepareSubmit(item, settings.maxWaitMs);
	const run = async (): Promise<ItemResult> => {
		const { job, extra, seen, ...told } = await send();
		const known = { ...job, status: 'pending' };
		const pollsAtOnce = told.isTakenUp;
		const result = await followJob(item, known, settings, { pollsAtOnce, extra, seen });
		return { ...result, ...told };
	};
	return { ...prepared, run };
};
