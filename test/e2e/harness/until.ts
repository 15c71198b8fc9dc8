import { setTimeout } from 'node:timers/promises';

/** Resolves as soon as `condition` holds; checks often. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await condition())) await setTimeout(100);
}
