import { Deadline } from '../api/deadline';
import { isCompleted } from '../api/job';
import { toJobId } from '../endpoints/fields/values';
import { isSample } from '../sample/sample';
import type { ItemResult, Operation } from './item';
import { LOOK_PATIENCE_MS, lookAtJob } from './lookAtJob';
import { fetchResult, fileUrlsOf, giveSample, readDownloadTarget, toJson } from './result';

const DOWNLOAD_LIMIT_MS = 20 * 60_000;

/** Looks once at a job and outputs it as it is, whatever its status. */
export const getStatus: Operation = async (item) => {
	const jobId = toJobId(item.parameter('jobId'));
	const target = readDownloadTarget(item, false);
	const run = async (): Promise<ItemResult> => {
		if (isSample(jobId)) return await giveSample(item, { id: jobId }, target);
		let job = await lookAtJob(item, jobId);
		const hasFile = isCompleted(job) && fileUrlsOf(item, job).size > 0;
		if (!target || !hasFile) return { json: toJson(item, job) };
		const binary = await fetchResult(item, job, target, {
			deadline: Deadline.in(DOWNLOAD_LIMIT_MS, item.clock),
			lastTry: () => Deadline.in(LOOK_PATIENCE_MS, item.clock),
			getJob: async () => (job = await lookAtJob(item, jobId)),
		});
		return { json: toJson(item, job), binary };
	};
	return { run };
};
