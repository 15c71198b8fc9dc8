import type { Clock } from './clock';
import type { Deadline } from './deadline';
import { isPassing, Stopped, type LtxError } from './errors';
import { isInProgress, type Job } from './job';
import type { Limits } from './limits';
import { LONGEST_FREE_PAUSE_MS } from './repeat';

/** How long one status request may take. */
export const POLL_LIMIT_MS = 30_000;
// Up to this much before the deadline, a last look is taken even if the interval is longer.
const LAST_LOOK_MS = 1_000;
const JITTER = 0.2;
const SHORTEST_FIRST_SHARE = 0.25;

export interface Wait {
	/** One status request. */
	poll(limits: Limits): Promise<Job>;
	clock: Clock;
	stop: AbortSignal;
	pollIntervalMs: number;
	deadline: Deadline;
	/** Whether the job may be done already, or needs an interval first. */
	pollsAtOnce: boolean;
	/** Called when the status differs from the one before. */
	onStatus?(job: Job): void;
}

export interface WaitResult {
	/** As last seen; `undefined` where no poll was answered. */
	job?: Job;
	/** True where the deadline came first. */
	timedOut: boolean;
	/** Status requests sent, answered or not. */
	polls: number;
	/** What the last polls ran into, if they did not tell the status. */
	lastFault?: LtxError;
}

/**
 * Polls until the job has left the in-progress statuses or the deadline is over. A poll that fails
 * for a passing reason counts as one that told nothing. Nothing stretches the wait: requests and
 * pauses are cut to what is left.
 *
 * @throws {Stopped} when `stop` is aborted
 * @throws {LtxError} when a poll fails for good
 */
export async function waitForJob(wait: Wait): Promise<WaitResult> {
	const { clock, deadline, stop, pollIntervalMs, pollsAtOnce } = wait;
	const lastLookMs = Math.min(LAST_LOOK_MS, deadline.leftMs / 10);
	const result: WaitResult = { timedOut: false, polls: 0 };
	/** Sleeps for `ms`, or until the last look, but never less than the server asked for. */
	async function pause(ms: number, askedMs = 0): Promise<void> {
		const untilLastLookMs = deadline.leftMs - lastLookMs;
		const jitteredMs = ms * (1 + JITTER * clock.random());
		const plannedMs = untilLastLookMs > 0 ? Math.min(jitteredMs, untilLastLookMs) : jitteredMs;
		await clock.sleep(Math.min(Math.max(plannedMs, askedMs), deadline.leftMs), stop);
	}

	// Jobs of many items, or of a usual length, would all be looked at in the same moment, often just
	// before they end. A first pause of random length spreads the looks, and halves the mean delay.
	const firstShare = SHORTEST_FIRST_SHARE + (1 - SHORTEST_FIRST_SHARE) * clock.random();
	if (!pollsAtOnce) await pause(pollIntervalMs * firstShare);
	for (let askedMs = 0; !deadline.isOver; await pause(pollIntervalMs, askedMs)) {
		const limitMs = deadline.limitMs(POLL_LIMIT_MS);
		result.polls++;
		const answer = await wait.poll({ limitMs, stop }).catch((error: unknown) => {
			if (!isPassing(error)) throw error;
			return error;
		});
		if (isPassing(answer)) {
			// A poll that the deadline cut off says less than an answer before it.
			const wasCutOff = answer.httpStatus === undefined && limitMs < POLL_LIMIT_MS;
			if (!wasCutOff) result.lastFault = answer;
			askedMs = Math.min(answer.retryAfterMs ?? 0, LONGEST_FREE_PAUSE_MS);
			continue;
		}
		if (answer.status !== result.job?.status) wait.onStatus?.(answer);
		result.job = answer;
		result.lastFault = undefined;
		askedMs = 0;
		if (!isInProgress(answer)) return result;
	}
	if (stop.aborted) throw new Stopped();
	return { ...result, timedOut: true };
}
