import type { Clock } from '../../nodes/LtxVideo/api/clock';
import { Stopped } from '../../nodes/LtxVideo/api/errors';

/** A clock on which time passes only when somebody sleeps or when `advance` says so. */
export interface FakeClock extends Clock {
	/** Every pause that was asked for, in milliseconds. */
	pauses: number[];
	/** Lets time pass, as a slow request does. */
	advance(ms: number): void;
	/** Runs `action` when the clock reaches `ms`; a pause that it stops ends there. */
	at(ms: number, action: () => void): void;
}

/**
 * @param random what chance gives: the ends of its range are 0 and just below 1
 * @param startMs where the scale begins, which must not matter
 */
export function createFakeClock({ random = 0, startMs = 0 } = {}): FakeClock {
	let nowMs = startMs;
	let due: Array<{ ms: number; action: () => void }> = [];
	const pauses: number[] = [];

	/** Passes time until `untilMs`, or until `isOver` after one of the actions on the way. */
	function pass(untilMs: number, isOver: () => boolean): void {
		while (!isOver()) {
			const [next] = due.filter(({ ms }) => ms <= untilMs).sort((a, b) => a.ms - b.ms);
			if (!next) {
				nowMs = Math.max(nowMs, untilMs);
				return;
			}
			due = due.filter((entry) => entry !== next);
			nowMs = Math.max(nowMs, next.ms);
			next.action();
		}
	}

	return {
		pauses,
		nowMs: () => nowMs,
		random: () => random,
		advance: (ms) => pass(nowMs + ms, () => false),
		at: (ms, action) => {
			due.push({ ms, action });
		},
		async sleep(ms, stop) {
			pauses.push(ms);
			pass(nowMs + ms, () => stop.aborted);
			if (stop.aborted) throw new Stopped();
		},
	};
}
