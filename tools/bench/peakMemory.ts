import { setTimeout as pause } from 'node:timers/promises';

const SAMPLE_EVERY_MS = 5;

function collectGarbage(): void {
	if (!global.gc) throw new Error('run with --expose-gc');
	global.gc();
}

/** Resident memory without what garbage happens to lie around, in bytes. */
export async function settledRss(): Promise<number> {
	for (let round = 0; round < 3; round++) {
		collectGarbage();
		// Buffers are freed by finalizers, which run in a later turn.
		await pause(50);
	}
	return process.memoryUsage.rss();
}

/** How far resident memory rises above where it was while `work` runs, in bytes. */
export async function peakRssDuring(work: () => Promise<unknown>): Promise<number> {
	const baseline = await settledRss();
	const highestBefore = process.resourceUsage().maxRSS;
	let peak = baseline;
	const sampler = setInterval(() => {
		peak = Math.max(peak, process.memoryUsage.rss());
	}, SAMPLE_EVERY_MS);
	try {
		await work();
	} finally {
		clearInterval(sampler);
	}
	// The system keeps the highest value of the whole process, in KiB: exact where it is from now.
	const highest = process.resourceUsage().maxRSS;
	return (highest > highestBefore ? Math.max(peak, highest * 1024) : peak) - baseline;
}
