/** How long work takes on a machine that has time for it: the shortest of a few runs. */
export function fastestMs(work: () => void): number {
	const runs = Array.from({ length: 5 }, () => {
		const startMs = performance.now();
		work();
		return performance.now() - startMs;
	});
	return Math.min(...runs);
}
