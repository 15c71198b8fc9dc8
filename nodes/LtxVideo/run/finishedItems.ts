import type { ItemResult } from '../operations/item';

const finishedItems = new WeakMap<object, Map<number, ItemResult>>();

/**
 * What earlier tries have finished, by item. It is not kept with the execution: a later one may
 * want another file, and may not have this one any more.
 *
 * @param run what all tries in an execution share
 */
export function finishedItemsOf(run: object): Map<number, ItemResult> {
	const finished = finishedItems.get(run) ?? new Map<number, ItemResult>();
	finishedItems.set(run, finished);
	return finished;
}
