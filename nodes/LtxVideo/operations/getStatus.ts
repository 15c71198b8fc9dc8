import { Deadline } from '../api/deadline';
import { rethrowWith } from '../api/errors';
import { isCompleted } from '../api/job';
import { repeatWhilePassing } from '../api/repeat';
import { POLL_LIMIT_MS } from '../api/waitForJob';
import { toJobId } from '../endpoints/fields/values';
import type { ItemResult, Operation } from './item';
import { fetchResult, fileUrlOf, readDownloadTarget, toJson } from './result';

const PATIENCE_MS = 60_000;
const DOWNLOAD_LIMIT_MS = 20 * 60_000;

/** Looks once at a job and outputs it as it is, whatever its status. */
export const getStatus: Operation = async (item) => {
	const { client, clock, endpoint, parameter, stop } = item;
	const jobId = toJobId(parameter('jobId'));
	const target = readDownloadTarget(item, false);
	const getJob = async () => {
		const deadline = Deadline.in(PATIENCE_MS, clock);
		const look = async () =>
			await client.getJob(endpoint.path, jobId, { limitMs: deadline.limitMs(POLL_LIMIT_MS), stop });
		return await repeatWhilePassing(look, { clock, stop, deadline }).catch(rethrowWith({ jobId }));
	};

	const run = async (): Promise<ItemResult> => {
		let job = await getJob();
		const url = fileUrlOf(item, job);
		if (!target || !isCompleted(job) || url === undefined) return { json: toJson(item, job) };
		const file = await fetchResult(item, job, url, {
			fileName: target.fileName,
			deadline: Deadline.in(DOWNLOAD_LIMIT_MS, clock),
			lastTry: Deadline.in(PATIENCE_MS, clock),
			getJob: async () => (job = await getJob()),
		});
		return { json: toJson(item, job), binary: { [target.binaryProperty]: file } };
	};
	return { run };
};
