import { Deadline } from '../api/deadline';
import { rethrowWith } from '../api/errors';
import type { Job } from '../api/job';
import { repeatWhilePassing } from '../api/repeat';
import { POLL_LIMIT_MS } from '../api/waitForJob';
import type { Item } from './item';

/** For how long an operation that only looks is patient with faults that pass. */
export const LOOK_PATIENCE_MS = 60_000;

/**
 * Looks once at a job, whatever its status. Faults that pass are repeated for at most a minute.
 *
 * @throws {LtxError} with the job's id
 */
export async function lookAtJob(
	{ client, clock, endpoint, stop }: Item,
	jobId: string,
): Promise<Job> {
	const deadline = Deadline.in(LOOK_PATIENCE_MS, clock);
	const look = async () =>
		await client.getJob(endpoint.path, jobId, { limitMs: deadline.limitMs(POLL_LIMIT_MS), stop });
	return await repeatWhilePassing(look, { clock, stop, deadline }).catch(rethrowWith({ jobId }));
}
