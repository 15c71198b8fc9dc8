import type { AcceptedEntry } from './ledger';
import type { RequestHash } from './requestHash';

/*
 * n8n 2 keeps nothing of what a node wrote in an execution that was stopped by hand: its Retry begins
 * at the trigger, with an empty context. Kept here, a Retry in the same process finds what was paid.
 */

interface StoppedSubmit {
	/** Workflow, node, run and item. */
	place: string;
	entry: AcceptedEntry;
}

const stoppedSubmits: StoppedSubmit[] = [];
const MOST_STOPPED_SUBMITS = 1_000;

export function rememberStopped(place: string, entry: AcceptedEntry): void {
	forgetStopped(entry);
	stoppedSubmits.push({ place, entry });
	if (stoppedSubmits.length > MOST_STOPPED_SUBMITS) stoppedSubmits.shift();
}

export function forgetStopped({ job }: AcceptedEntry): void {
	const index = stoppedSubmits.findIndex(({ entry }) => entry.job.id === job.id);
	if (index >= 0) stoppedSubmits.splice(index, 1);
}

/** The latest submit of the same request; n8n gives its files new ids. Nobody else finds it after this. */
export function takeStopped(place: string, { alike }: RequestHash): AcceptedEntry | undefined {
	const found = stoppedSubmits.findLast(
		(stopped) => stopped.place === place && stopped.entry.requestHash.alike === alike,
	);
	if (found) forgetStopped(found.entry);
	return found?.entry;
}
