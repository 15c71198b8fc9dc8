import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { LtxError } from '../api/errors';
import type { AcceptedJob } from '../api/job';
import type { RequestHash } from './requestHash';

/** The failure of a submit that may have been accepted, to be told again by later tries. */
export type LostFailure = Pick<
	LtxError,
	'type' | 'message' | 'advice' | 'httpStatus' | 'requestId'
>;

/**
 * What became of one item's submit. `sending` is written before the request leaves, so that a try
 * that ends in any way can never be mistaken for one that submitted nothing.
 */
export type LedgerEntry =
	| { state: 'sending' }
	| { state: 'lost'; failure: LostFailure }
	| {
			state: 'accepted';
			job: AcceptedJob;
			/** What the output has beside the job. */
			extra: IDataObject;
			/** Of the request that was accepted. */
			requestHash: RequestHash;
			/** What it may have cost at most, where that is known. */
			usd?: number;
			/** Whether this execution took it up from the one that it retries. */
			isInherited?: boolean;
			/** LTX did not know the job any more when a retried execution asked for it. */
			isForgotten?: boolean;
	  };

export type AcceptedEntry = Extract<LedgerEntry, { state: 'accepted' }>;

/** The submits of one run of the node, over all tries of Retry On Fail and of Retry. */
export interface Ledger {
	/** What an earlier try of this execution did. */
	entryOf(itemIndex: number): LedgerEntry | undefined;
	/** The job that the same request got in the execution of which this one is a Retry. */
	inherit(itemIndex: number, requestHash: RequestHash): AcceptedEntry | undefined;
	record(itemIndex: number, entry: LedgerEntry): void;
	/**
	 * For submits that were refused and jobs that ended as failed: they are not paid for, and the
	 * next try may submit anew. The id of a job is kept among those of the run.
	 */
	release(itemIndex: number): void;
	/** Ids of all jobs that were accepted in this run. */
	acceptedJobIds(): string[];
	/** Items whose submit may have been accepted without anybody knowing. */
	lostItems(): number[];
	/** To be called when the execution was stopped. */
	keepForRetry(): void;
}

/** What is kept of one run; plain JSON, since n8n stores it with the execution. */
interface RunEntries {
	items: Record<string, LedgerEntry>;
	/** What the execution of which this one is a Retry left, until this run has taken it up. */
	inherited: Record<string, LedgerEntry>;
	releasedJobIds: string[];
}

const CONTEXT_KEY = 'ltxVideoSubmits';
// Earlier runs of a loop are never asked for again.
const MOST_RUNS_KEPT = 100;

const noEntries = (): RunEntries => ({ items: {}, inherited: {}, releasedJobIds: [] });

const toolCalls = new WeakMap<object, RunEntries>();

/**
 * As a tool of an AI agent, the run index says nothing: every try gets a new one, and calls at the
 * same time may get the same. What the tries of one call share is the object with its arguments.
 * The entries are kept with it and nowhere else: n8n's node context is stored with the execution,
 * and a call after a restart must not find what belongs to one before it.
 */
function entriesOfToolCall(toolArguments: object): RunEntries {
	const known = toolCalls.get(toolArguments) ?? noEntries();
	toolCalls.set(toolArguments, known);
	return known;
}

/** All that n8n keeps of this node in an execution, by execution id and run index. */
function runsOf(context: IExecuteFunctions): Record<string, RunEntries> {
	const nodeContext = context.getContext('node');
	return (nodeContext[CONTEXT_KEY] ??= {}) as Record<string, RunEntries>;
}

const runIndexOf = (context: IExecuteFunctions) => context.getWorkflowDataProxy(0).$runIndex;

/**
 * n8n's node context lives as long as the execution, and over the tries of Retry On Fail; each run
 * in a loop has its own index.
 */
function entriesOfRun(context: IExecuteFunctions): RunEntries {
	const runs = runsOf(context);
	const runKey = `${context.getExecutionId()}:${runIndexOf(context)}`;
	const run = (runs[runKey] ??= noEntries());
	for (const oldKey of Object.keys(runs).slice(0, -MOST_RUNS_KEPT)) {
		if (oldKey !== runKey) delete runs[oldKey];
	}
	return run;
}

/** A submit of an execution that was stopped. */
interface StoppedSubmit {
	place: string;
	entry: AcceptedEntry;
}

/**
 * n8n 2 keeps nothing of what a node wrote in an execution that was stopped by hand: its Retry begins at the
 * trigger, with an empty context. Kept here, a Retry in the same process finds what was paid.
 */
const stoppedSubmits: StoppedSubmit[] = [];
const MOST_STOPPED_SUBMITS = 1_000;

function forgetStopped({ job }: AcceptedEntry): void {
	const index = stoppedSubmits.findIndex(({ entry }) => entry.job.id === job.id);
	if (index >= 0) stoppedSubmits.splice(index, 1);
}

function placeOf(context: IExecuteFunctions, itemIndex: number | string): string {
	const { id: workflowId } = context.getWorkflow();
	return [workflowId, context.getNode().name, runIndexOf(context), itemIndex].join(':');
}

/**
 * Moves what earlier executions left for the same run index to this run, so that each job has one
 * owner.
 */
function inheritFromEarlier(context: IExecuteFunctions, run: RunEntries): void {
	const runs = runsOf(context);
	const ownId = String(context.getExecutionId());
	for (const [runKey, { inherited, items }] of Object.entries(runs)) {
		const [executionId, runIndex] = runKey.split(':');
		if (executionId === ownId || runIndex !== String(runIndexOf(context))) continue;
		Object.assign(run.inherited, inherited, items);
		delete runs[runKey];
	}
}

export function openLedger(context: IExecuteFunctions, items: INodeExecutionData[]): Ledger {
	// The context of tools has this method, that of nodes has not, in n8n 1.x and 2.x.
	const isToolCall = 'getNextRunIndex' in context;
	const run =
		isToolCall && items.length > 0 ? entriesOfToolCall(items[0].json) : entriesOfRun(context);
	const isRetry = !isToolCall && context.getMode() === 'retry';
	if (isRetry) inheritFromEarlier(context, run);
	const entries = () => Object.entries({ ...run.inherited, ...run.items });

	/** From here on the job is found by the files as this execution keeps them. */
	function takeStopped(itemIndex: number, requestHash: RequestHash): AcceptedEntry | undefined {
		const place = placeOf(context, itemIndex);
		const stopped = stoppedSubmits.find(
			(submit) => submit.place === place && submit.entry.requestHash.alike === requestHash.alike,
		);
		if (!stopped) return undefined;
		forgetStopped(stopped.entry);
		return (run.inherited[itemIndex] = { ...stopped.entry, requestHash });
	}

	return {
		entryOf: (itemIndex) => run.items[itemIndex],
		inherit(itemIndex, requestHash) {
			if (!isRetry) return undefined;
			const entry = run.inherited[itemIndex] ?? takeStopped(itemIndex, requestHash);
			const isSame = entry?.state === 'accepted' && entry.requestHash.exact === requestHash.exact;
			return isSame && !entry.isForgotten ? entry : undefined;
		},
		record(itemIndex, entry) {
			run.items[itemIndex] = entry;
			delete run.inherited[itemIndex];
			if (entry.state === 'accepted') forgetStopped(entry);
		},
		release(itemIndex) {
			const entry = run.items[itemIndex];
			if (entry?.state === 'accepted') run.releasedJobIds.push(entry.job.id);
			delete run.items[itemIndex];
		},
		acceptedJobIds: () => [
			...entries().flatMap(([, entry]) => (entry.state === 'accepted' ? [entry.job.id] : [])),
			...run.releasedJobIds,
		],
		lostItems: () =>
			Object.entries(run.items).flatMap(([itemIndex, { state }]) =>
				state === 'accepted' ? [] : [Number(itemIndex)],
			),
		keepForRetry() {
			if (isToolCall) return;
			for (const [itemIndex, entry] of entries()) {
				if (entry.state !== 'accepted') continue;
				forgetStopped(entry);
				stoppedSubmits.push({ place: placeOf(context, itemIndex), entry });
			}
			stoppedSubmits.splice(0, Math.max(0, stoppedSubmits.length - MOST_STOPPED_SUBMITS));
		},
	};
}
