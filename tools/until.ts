import { setTimeout } from 'node:timers/promises';

// Shorter than any test may take, so that its failure says what did not come.
const LONGEST_MS = 300_000;

/**
 * Looks again and again until there is something to see, and gives that.
 * @param missing says what did not come; default: the words of `look`
 * @throws with these words if nothing is seen within five minutes
 */
export async function until<T>(
	look: () => T | Promise<T>,
	everyMs = 100,
	missing: () => string = () => String(look),
): Promise<Exclude<T, false | undefined>> {
	const endMs = performance.now() + LONGEST_MS;
	for (;;) {
		const seen = await look();
		if (seen) return seen as Exclude<T, false | undefined>;
		if (performance.now() > endMs) {
			throw new Error(`Not seen in ${LONGEST_MS / 1000} s: ${missing()}`);
		}
		await setTimeout(everyMs);
	}
}
