import type { Clock } from './clock';
import { isPassing, Stopped, type LtxError } from './errors';
import type { Limits } from './deadline';
import { isInProgress, type Job } from './job';

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
	maxWaitMs: number;
	/** On the clock's scale: when `maxWaitMs` began. */
	startMs: number;
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
 * Polls until the job has left the in-progress statuses or `maxWaitMs` is over. A poll that fails
 * for a passing reason counts as one that told nothing. Nothing stretches the wait: requests and
 * pauses are cut to what is left.
 *
 * @throws {Stopped} when `stop` is aborted
 * @throws {LtxError} when a poll fails for good
 */
export async function waitForJob(wait: Wait): Promise<WaitResult> {
	const { clock, stop, pollIntervalMs, maxWaitMs } = wait;
	const deadlineMs = wait.startMs + maxWaitMs;
	const lastLookMs = deadlineMs - Math.min(LAST_LOOK_MS, maxWaitMs / 10);
	const result: WaitResult = { timedOut: false, polls: 0 };
	/**
	 * Sleeps for one interval, or until the last look, but never less than the server asked for.
	 * False where the deadline comes first.
	 */
	async function pause(askedMs = 0, share = 1): Promise<boolean> {
		const nowMs = clock.nowMs();
		const nextMs = nowMs + pollIntervalMs * share * (1 + JITTER * clock.random());
		const plannedMs = nowMs < lastLookMs ? Math.min(nextMs, lastLookMs) : nextMs;
		const wakeMs = Math.max(plannedMs, nowMs + askedMs);
		await clock.sleep(Math.min(wakeMs, deadlineMs) - nowMs, stop);
		return wakeMs < deadlineMs;
	}

	// Jobs of many items, or of a usual length, would all be looked at in the same moment, often just
	// before they end. A first pause of random length spreads the looks, and halves the mean delay.
	const firstShare = () => SHORTEST_FIRST_SHARE + (1 - SHORTEST_FIRST_SHARE) * clock.random();
	let isInTime = wait.pollsAtOnce || (await pause(0, firstShare()));
	while (isInTime) {
		const limitMs = Math.min(POLL_LIMIT_MS, deadlineMs - clock.nowMs());
		if (limitMs <= 0) break;
		result.polls++;
		let askedPauseMs = 0;
		const answer = await wait.poll({ limitMs, stop }).catch((error: unknown) => {
			if (!isPassing(error)) throw error;
			return error;
		});
		if (isPassing(answer)) {
			// A poll that the deadline cut off says less than an answer before it.
			const wasCutOff = answer.httpStatus === undefined && limitMs < POLL_LIMIT_MS;
			if (!wasCutOff) result.lastFault = answer;
			askedPauseMs = answer.retryAfterMs ?? 0;
		} else {
			if (answer.status !== result.job?.status) wait.onStatus?.(answer);
			result.job = answer;
			result.lastFault = undefined;
			if (!isInProgress(answer)) return result;
		}
		isInTime = await pause(askedPauseMs);
	}
	if (stop.aborted) throw new Stopped();
	return { ...result, timedOut: true };
}
