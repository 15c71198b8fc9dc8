import { setTimeout } from 'node:timers/promises';

// Shorter than any test may take, so that its failure says what did not come.
const LONGEST_MS = 300_000;

/**
 * Looks again and again until there is something to see, and gives that.
 * @throws with the words of `look` if nothing is seen within five minutes
 */
export async function until<T>(
	look: () => T | Promise<T>,
	everyMs = 100,
): Promise<Exclude<T, false | undefined>> {
	const endMs = performance.now() + LONGEST_MS;
	for (;;) {
		const seen = await look();
		if (seen) return seen as Exclude<T, false | undefined>;
		if (performance.now() > endMs) throw new Error(`Not seen in ${LONGEST_MS / 1000} s: ${look}`);
		await setTimeout(everyMs);
	}
}
