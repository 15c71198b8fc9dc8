import type { Clock } from './clock';
import { isPassing, Stopped, type LtxError } from './errors';
import type { Limits } from './limits';
import { isInProgress, type Job } from './types';

const POLL_LIMIT_MS = 30_000;
// Up to this much before the deadline, a last look is taken even if the interval is longer.
const LAST_LOOK_MS = 1_000;
const JITTER = 0.2;

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
	/** What the last poll ran into, if it was not answered. */
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
	const nextPauseMs = () => pollIntervalMs * (1 + JITTER * clock.random());

	/** False where the deadline comes before the pause is over. */
	async function pause(ms: number, mayShorten: boolean): Promise<boolean> {
		const nowMs = clock.nowMs();
		const wakeMs = mayShorten && nowMs < lastLookMs ? Math.min(nowMs + ms, lastLookMs) : nowMs + ms;
		await clock.sleep(Math.min(wakeMs, deadlineMs) - nowMs, stop);
		return wakeMs < deadlineMs;
	}

	let isInTime = wait.pollsAtOnce || (await pause(nextPauseMs(), true));
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
			result.lastFault = answer;
			askedPauseMs = answer.retryAfterMs ?? 0;
		} else {
			if (answer.status !== result.job?.status) wait.onStatus?.(answer);
			result.job = answer;
			result.lastFault = undefined;
			if (!isInProgress(answer)) return result;
		}
		const pauseMs = nextPauseMs();
		// The server's own pause is never shortened, not even for a last look.
		isInTime = await pause(Math.max(pauseMs, askedPauseMs), askedPauseMs <= pauseMs);
	}
	if (stop.aborted) throw new Stopped();
	return { ...result, timedOut: true };
}
