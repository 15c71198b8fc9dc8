/** How long work takes on a machine that has time for it: the shortest of a few runs. */
export async function fastestMs(work: () => unknown): Promise<number> {
	const runs: number[] = [];
	while (runs.length < 5) {
		const startMs = performance.now();
		await work();
		runs.push(performance.now() - startMs);
	}
	return Math.min(...runs);
}
