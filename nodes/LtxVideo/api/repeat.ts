import type { Clock } from './clock';
import { isPassing, type LtxError } from './errors';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;
/** Even a server that says `Retry-After: 0` is not asked more often than this. */
export const SHORTEST_DELAY_MS = 250;

export interface Patience {
	clock: Clock;
	stop: AbortSignal;
	/** On the clock's scale: no further try begins after it. */
	untilMs: number;
	/** Which failures are worth another try; default: the passing ones. */
	isWorthRepeating?: (error: unknown) => error is LtxError;
}

/**
 * Runs `attempt` again while it fails in a way that is worth repeating: after `Retry-After` where
 * the server gave one, else after 0.5, 1, 2, … at most 10 s. The last try comes just before the
 * limit, unless the server asked for a longer pause than is left.
 *
 * @throws whatever the last try threw
 */
export async function repeatWhilePassing<T>(
	attempt: () => Promise<T>,
	{ clock, stop, untilMs, isWorthRepeating = isPassing }: Patience,
): Promise<T> {
	for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
		let failure: unknown;
		try {
			return await attempt();
		} catch (error) {
			failure = error;
		}
		const leftMs = untilMs - clock.nowMs();
		if (!isWorthRepeating(failure) || leftMs <= 2 * SHORTEST_DELAY_MS) throw failure;
		const { retryAfterMs } = failure;
		const longestPauseMs = leftMs - SHORTEST_DELAY_MS;
		if (retryAfterMs !== undefined && retryAfterMs > longestPauseMs) throw failure;
		const pauseMs = Math.max(retryAfterMs ?? delayMs, SHORTEST_DELAY_MS);
		// Items that were turned away together should not come back together.
		const spreadPauseMs = pauseMs * (1 + 0.1 * clock.random());
		await clock.sleep(Math.min(spreadPauseMs, longestPauseMs), stop);
	}
}
