import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { LtxError } from './api/errors';
import type { AcceptedJob } from './api/types';

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

type RunEntries = Record<string, LedgerEntry>;

/** The submits of one run of the node, over all tries of Retry On Fail. */
export interface Ledger {
	entryOf(itemIndex: number): LedgerEntry | undefined;
	record(itemIndex: number, entry: LedgerEntry): void;
	/** For submits that were refused and jobs that ended as failed: they are not paid for. */
	forget(itemIndex: number): void;
	/** Ids of all jobs that were accepted in this run, in item order. */
	acceptedJobIds(): string[];
}

const CONTEXT_KEY = 'ltxVideoSubmits';
// Earlier runs of a loop are never asked for again. Several runs at once occur with AI agents only.
const MOST_RUNS_KEPT = 100;

const toolCalls = new WeakMap<object, string>();

/**
 * A name for this run that all its tries share. n8n's node context lives as long as the execution,
 * and over the tries of Retry On Fail; each run in a loop has its own index.
 */
function runKeyOf(context: IExecuteFunctions, items: INodeExecutionData[]): string {
	const { $runIndex } = context.getWorkflowDataProxy(0);
	const key = `${context.getExecutionId()}:${$runIndex}`;
	// An AI agent's retry of a tool call gets a new run index, but the very same arguments object.
	const isToolCall = 'isToolExecution' in context && context.isToolExecution();
	if (!isToolCall || items.length === 0) return key;
	const known = toolCalls.get(items[0].json);
	if (known !== undefined) return known;
	toolCalls.set(items[0].json, key);
	return key;
}

export function openLedger(context: IExecuteFunctions, items: INodeExecutionData[]): Ledger {
	const nodeContext = context.getContext('node');
	const runs = (nodeContext[CONTEXT_KEY] ??= {}) as Record<string, RunEntries>;
	const runKey = runKeyOf(context, items);
	const entries = (runs[runKey] ??= {});
	for (const oldKey of Object.keys(runs).slice(0, -MOST_RUNS_KEPT)) {
		if (oldKey !== runKey) delete runs[oldKey];
	}
	return {
		entryOf: (itemIndex) => entries[itemIndex],
		record(itemIndex, entry) {
			entries[itemIndex] = entry;
		},
		forget(itemIndex) {
			delete entries[itemIndex];
		},
		acceptedJobIds: () =>
			Object.values(entries).flatMap((entry) => (entry.state === 'accepted' ? [entry.job.id] : [])),
	};
}
