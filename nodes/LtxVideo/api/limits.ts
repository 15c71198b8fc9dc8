import { LONGEST_TIMER_MS } from './deadline';
import { LtxError, Stopped } from './errors';

/** How long a piece of network work may take. */
export interface Limits {
	/** For all of it. */
	limitMs: number;
	/** Without a sign of progress, up to twice as long; default: `limitMs`. */
	silenceMs?: number;
	/** Ends the work at once. Left out for a submit, whose answer is always awaited. */
	stop?: AbortSignal;
}

function toSeconds(ms: number): number {
	return Math.max(0.1, Math.round(ms / 100) / 10);
}

/**
 * A figure that changes as work goes on, such as bytes received; `undefined` once nothing more is to
 * come from the network, and silence says nothing.
 */
type Progress = () => number | undefined;

/**
 * Runs `work` under `limits`. Its signal is aborted when a limit is reached, and the promise
 * settles then even if `work` does not heed the signal. What `work` gives to `watch` is looked at
 * whenever a silence may be over; a figure that has changed is a sign of progress.
 *
 * @throws {Stopped} when `stop` is aborted
 * @throws {LtxError} `network_error`, passing, when a limit is reached
 */
export async function withinLimits<T>(
	{ limitMs, silenceMs = limitMs, stop }: Limits,
	work: (signal: AbortSignal, watch: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
	if (stop?.aborted) throw new Stopped();
	const controller = new AbortController();
	const startMs = performance.now();
	let lastProgressMs = startMs;
	let progress: Progress | undefined;
	let lastProgress: number | undefined;
	let timer: AbortSignal | undefined;
	let giveUp: (reason: Error) => void = () => {};
	const cutOff = new Promise<never>((_resolve, reject) => {
		giveUp = (reason) => {
			reject(reason);
			controller.abort();
		};
	});
	const onStop = () => giveUp(new Stopped());
	const onTimer = () => {
		const nowMs = performance.now();
		const currentProgress = progress?.();
		const hasEnded = progress !== undefined && currentProgress === undefined;
		if (hasEnded || currentProgress !== lastProgress) {
			lastProgress = currentProgress;
			lastProgressMs = nowMs;
		}
		const leftMs = Math.min(startMs + limitMs, lastProgressMs + silenceMs) - nowMs;
		if (leftMs <= 0) {
			const words =
				nowMs >= startMs + limitMs && lastProgressMs > startMs
					? `not complete after ${toSeconds(nowMs - startMs)} s`
					: `no answer for ${toSeconds(nowMs - lastProgressMs)} s`;
			giveUp(new LtxError('network_error', words, { isPassing: true }));
			return;
		}
		timer = AbortSignal.timeout(Math.min(Math.ceil(leftMs), LONGEST_TIMER_MS));
		timer.addEventListener('abort', onTimer, { once: true });
	};
	stop?.addEventListener('abort', onStop, { once: true });
	const running = Promise.race([
		cutOff,
		work(controller.signal, (watched) => {
			progress = watched;
			lastProgress = watched();
			lastProgressMs = performance.now();
		}),
	]);
	onTimer();
	try {
		return await running;
	} finally {
		stop?.removeEventListener('abort', onStop);
		timer?.removeEventListener('abort', onTimer);
	}
}

/** Waits for work that sends nothing, until it is done or `stop` is aborted, whichever comes first. */
export async function untilStopped(stop: AbortSignal, work: Promise<void>): Promise<void> {
	if (stop.aborted) return;
	let onStop = () => {};
	const stopped = new Promise<void>((resolve) => {
		onStop = resolve;
	});
	stop.addEventListener('abort', onStop, { once: true });
	await Promise.race([stopped, work]).finally(() => stop.removeEventListener('abort', onStop));
}
