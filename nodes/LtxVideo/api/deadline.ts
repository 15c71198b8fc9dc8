import type { Clock } from './clock';

// The longest delay that a timer can hold. A longer one would end at once.
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The moment by which a piece of work must be done. */
export class Deadline {
	private constructor(
		private readonly clock: Clock,
		private readonly atMs: number,
	) {}

	/** `ms` from now. */
	static in(ms: number, clock: Clock): Deadline {
		return new Deadline(clock, clock.nowMs() + ms);
	}

	/** Until then, in milliseconds; 0 when it is over. */
	get leftMs(): number {
		return Math.max(0, this.atMs - this.clock.nowMs());
	}

	get isOver(): boolean {
		return this.leftMs === 0;
	}

	/**
	 * How long one request may take: what is left, and at most `mostMs`. Never 0, which HTTP libraries
	 * take for no limit.
	 */
	limitMs(mostMs = LONGEST_TIMER_MS): number {
		return Math.max(1, Math.min(this.leftMs, mostMs, LONGEST_TIMER_MS));
	}
}
