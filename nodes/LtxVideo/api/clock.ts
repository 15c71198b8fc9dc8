import { sleep } from 'n8n-workflow';

import { Stopped } from './errors';

/** Time and chance, passed in so that tests can own them. */
export interface Clock {
	/** Milliseconds on a clock that never jumps. Only differences mean anything. */
	nowMs(): number;
	/** Resolves after `ms`. @throws {Stopped} as soon as `stop` is aborted. */
	sleep(ms: number, stop: AbortSignal): Promise<void>;
	/** In [0, 1). */
	random(): number;
}

// n8n's `sleep` cannot be cancelled. In slices, what is left over after a Stop ends soon.
const LONGEST_SLICE_MS = 1_000;

async function sleepSlice(ms: number, stop: AbortSignal): Promise<void> {
	await new Promise<void>((resolve) => {
		const wakeUp = () => {
			stop.removeEventListener('abort', wakeUp);
			resolve();
		};
		stop.addEventListener('abort', wakeUp);
		void sleep(ms).then(wakeUp);
	});
}

export const systemClock: Clock = {
	nowMs: () => performance.now(),
	random: () => Math.random(),
	async sleep(ms, stop) {
		const endMs = performance.now() + ms;
		for (;;) {
			if (stop.aborted) throw new Stopped();
			const leftMs = endMs - performance.now();
			if (leftMs <= 0) return;
			await sleepSlice(Math.min(leftMs, LONGEST_SLICE_MS), stop);
		}
	},
};
