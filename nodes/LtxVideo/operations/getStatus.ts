import { rethrowWith } from '../api/errors';
import { repeatWhilePassing } from '../api/repeat';
import { isCompleted } from '../api/job';
import { toJobId } from '../endpoints/fields/values';
import { POLL_LIMIT_MS } from '../api/waitForJob';
import type { ItemResult, Operation } from './item';
import { fetchResult, fileUrlOf, readDownloadTarget, toJson } from './result';

const PATIENCE_MS = 60_000;
const DOWNLOAD_LIMIT_MS = 20 * 60_000;

/** Looks once at a job and outputs it as it is, whatever its status. */
export const getStatus: Operation = async (item) => {
	const { client, clock, endpoint, stop } = item;
	const jobId = toJobId(item.parameter('jobId'));
	const field = readDownloadTarget(item, false);
	const getJob = async () => {
		const untilMs = clock.nowMs() + PATIENCE_MS;
		return await repeatWhilePassing(
			async () => {
				const limitMs = Math.max(1, Math.min(POLL_LIMIT_MS, untilMs - clock.nowMs()));
				return await client.getJob(endpoint.path, jobId, { limitMs, stop });
			},
			{ clock, stop, untilMs },
		).catch(rethrowWith({ jobId }));
	};

	const run = async (): Promise<ItemResult> => {
		let job = await getJob();
		const url = fileUrlOf(item, job);
		if (field === undefined || !isCompleted(job) || url === undefined) {
			return { json: toJson(item, job) };
		}
		const nowMs = clock.nowMs();
		const limits = {
			deadlineMs: nowMs + DOWNLOAD_LIMIT_MS,
			lastTryMs: nowMs + PATIENCE_MS,
			getJob: async () => (job = await getJob()),
		};
		const file = await fetchResult(item, job, url, limits);
		return { json: toJson(item, job), binary: { [field]: file } };
	};
	return { run };
};
