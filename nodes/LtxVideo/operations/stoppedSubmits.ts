import type { AcceptedEntry } from './ledger';
import type { RequestHash } from './requestHash';

/*
 * n8n 2 keeps nothing of what a node wrote in an execution that was stopped by hand: its Retry begins
 * at the trigger, with an empty context. Kept here, a Retry in the same process finds what was paid.
 */

interface StoppedSubmit {
	/** Workflow, node, run and item. */
	place: string;
	/** Its execution, and those of which that one is a Retry. */
	executionIds: string[];
	entry: AcceptedEntry;
}

const stoppedSubmits: StoppedSubmit[] = [];
const MOST_STOPPED_SUBMITS = 1_000;

export function rememberStopped(submit: StoppedSubmit): void {
	forgetStopped(submit.entry);
	stoppedSubmits.push(submit);
	if (stoppedSubmits.length > MOST_STOPPED_SUBMITS) stoppedSubmits.shift();
}

export function forgetStopped({ job }: AcceptedEntry): void {
	const index = stoppedSubmits.findIndex(({ entry }) => entry.job.id === job.id);
	if (index >= 0) stoppedSubmits.splice(index, 1);
}

/**
 * The latest submit of the same request; n8n gives its files new ids. Nobody else finds it after this.
 *
 * @param earlierIds the executions of which n8n kept something; if there are none, any may be meant
 */
export function takeStopped(
	place: string,
	{ alike }: RequestHash,
	earlierIds: string[],
): AcceptedEntry | undefined {
	const isMeant = ({ executionIds }: StoppedSubmit) =>
		earlierIds.length === 0 || earlierIds.some((id) => executionIds.includes(id));
	const found = stoppedSubmits.findLast(
		(stopped) =>
			stopped.place === place && stopped.entry.requestHash.alike === alike && isMeant(stopped),
	);
	if (found) forgetStopped(found.entry);
	return found?.entry;
}
