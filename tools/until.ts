import { setTimeout } from 'node:timers/promises';

/** Looks again and again until there is something to see, and gives that. */
export async function until<T>(
	look: () => T | Promise<T>,
	everyMs = 100,
): Promise<Exclude<T, false | undefined>> {
	for (;;) {
		const seen = await look();
		if (seen) return seen as Exclude<T, false | undefined>;
		await setTimeout(everyMs);
	}
}
