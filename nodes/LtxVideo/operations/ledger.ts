import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { LtxError } from '../api/errors';
import type { AcceptedJob } from '../api/job';

/** The failure of a submit that may have been accepted, to be told again by later tries. */
export type LostFailure = Pick<
	LtxError,
	'type' | 'message' | 'advice' | 'httpStatus' | 'requestId'
>;

/**
 * What became of one item's submit. `sending` is written before the request leaves, so that a try
 * that ends in any way can never be mistaken for one that submitted nothing. `extra` is what the
 * output has beside the job.
 */
export type LedgerEntry =
	| { state: 'sending' }
	| { state: 'lost'; failure: LostFailure }
	| { state: 'accepted'; job: AcceptedJob; extra: IDataObject };

/** The submits of one run of the node, over all tries of Retry On Fail. */
export interface Ledger {
	entryOf(itemIndex: number): LedgerEntry | undefined;
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
}

/** What is kept of one run; plain JSON, since n8n stores it with the execution. */
interface RunEntries {
	items: Record<string, LedgerEntry>;
	releasedJobIds: string[];
}

const CONTEXT_KEY = 'ltxVideoSubmits';
// Earlier runs of a loop are never asked for again.
const MOST_RUNS_KEPT = 100;

const toolCalls = new WeakMap<object, RunEntries>();

/**
 * As a tool of an AI agent, the run index says nothing: every try gets a new one, and calls at the
 * same time may get the same. What the tries of one call share is the object with its arguments.
 * The entries are kept with it and nowhere else: n8n's node context is stored with the execution,
 * and a call after a restart must not find what belongs to one before it.
 */
function entriesOfToolCall(toolArguments: object): RunEntries {
	const known = toolCalls.get(toolArguments) ?? { items: {}, releasedJobIds: [] };
	toolCalls.set(toolArguments, known);
	return known;
}

/**
 * n8n's node context lives as long as the execution, and over the tries of Retry On Fail; each run
 * in a loop has its own index.
 */
function entriesOfRun(context: IExecuteFunctions): RunEntries {
	const nodeContext = context.getContext('node');
	const runs = (nodeContext[CONTEXT_KEY] ??= {}) as Record<string, RunEntries>;
	const runKey = `${context.getExecutionId()}:${context.getWorkflowDataProxy(0).$runIndex}`;
	const run = (runs[runKey] ??= { items: {}, releasedJobIds: [] });
	for (const oldKey of Object.keys(runs).slice(0, -MOST_RUNS_KEPT)) {
		if (oldKey !== runKey) delete runs[oldKey];
	}
	return run;
}

export function openLedger(context: IExecuteFunctions, items: INodeExecutionData[]): Ledger {
	// The context of tools has this method, that of nodes has not, in n8n 1.x and 2.x.
	const isToolCall = 'getNextRunIndex' in context;
	const run =
		isToolCall && items.length > 0 ? entriesOfToolCall(items[0].json) : entriesOfRun(context);
	return {
		entryOf: (itemIndex) => run.items[itemIndex],
		record(itemIndex, entry) {
			run.items[itemIndex] = entry;
		},
		release(itemIndex) {
			const entry = run.items[itemIndex];
			if (entry?.state === 'accepted') run.releasedJobIds.push(entry.job.id);
			delete run.items[itemIndex];
		},
		acceptedJobIds: () => [
			...Object.values(run.items).flatMap((entry) =>
				entry.state === 'accepted' ? [entry.job.id] : [],
			),
			...run.releasedJobIds,
		],
		lostItems: () =>
			Object.entries(run.items).flatMap(([itemIndex, { state }]) =>
				state === 'accepted' ? [] : [Number(itemIndex)],
			),
	};
}
