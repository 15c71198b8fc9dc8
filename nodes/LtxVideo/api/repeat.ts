import type { Clock } from './clock';
import type { Deadline } from './deadline';
import { isPassing, type LtxError } from './errors';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;
/** Even a server that says `Retry-After: 0` is not asked more often than this. */
export const SHORTEST_DELAY_MS = 250;
/** A request is made again after this at the latest, whatever the server asks: it costs nothing. */
export const LONGEST_FREE_PAUSE_MS = 60_000;

export interface Patience {
	clock: Clock;
	stop: AbortSignal;
	/** No further try begins after it. */
	deadline: Deadline;
	/** Called before each pause. */
	onRepeat?(error: LtxError): void;
}

/**
 * Runs `attempt` again while it fails in a passing way: after `Retry-After` where the server gave
 * one, else after 0.5, 1, 2, … at most 10 s. The last try comes just before the deadline, unless
 * the server asked for a longer pause than is left. Not for submits, which may cost money.
 *
 * @throws whatever the last try threw
 */
export async function repeatWhilePassing<T>(
	attempt: () => Promise<T>,
	{ clock, stop, deadline, onRepeat }: Patience,
): Promise<T> {
	for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
		let failure: unknown;
		try {
			return await attempt();
		} catch (error) {
			failure = error;
		}
		const { leftMs } = deadline;
		if (!isPassing(failure) || leftMs <= 2 * SHORTEST_DELAY_MS) throw failure;
		const longestPauseMs = leftMs - SHORTEST_DELAY_MS;
		const { retryAfterMs } = failure;
		const askedMs = Math.min(retryAfterMs ?? delayMs, LONGEST_FREE_PAUSE_MS);
		if (retryAfterMs !== undefined && askedMs > longestPauseMs) throw failure;
		onRepeat?.(failure);
		// Items that were turned away together should not come back together.
		const pauseMs = Math.max(askedMs, SHORTEST_DELAY_MS) * (1 + 0.1 * clock.random());
		await clock.sleep(Math.min(pauseMs, LONGEST_FREE_PAUSE_MS, longestPauseMs), stop);
	}
}
