import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { LtxError } from '../api/errors';
import type { AcceptedJob } from '../api/job';
import type { RequestHash } from './requestHash';
import { forgetStopped, rememberStopped, takeStopped } from './stoppedSubmits';

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
	/** The job of an item, whoever submitted it, until it is known to have failed. */
	jobIdOf(itemIndex: number): string | undefined;
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

function placeOf(
	context: IExecuteFunctions,
	runIndex: number | string,
	itemIndex: number | string,
): string {
	const { id: workflowId } = context.getWorkflow();
	return [workflowId, context.getNode().name, runIndex, itemIndex].join(':');
}

/** Of which the context holds something: this execution, and those of which it is a Retry. */
const executionIdsIn = (runs: Record<string, RunEntries>): string[] => [
	...new Set(Object.keys(runs).map((runKey) => runKey.split(':')[0])),
];

const entriesIn = ({ inherited, items }: RunEntries) => Object.entries({ ...inherited, ...items });

/** Nodes to be looked at when their execution is stopped, by its signal and their names. */
const watchedNodes = new WeakMap<AbortSignal, Map<string, IExecuteFunctions>>();

/**
 * Stop may come in a later node too. There is one listener for an execution: a loop has many runs, and
 * Node.js warns where more than ten listen.
 */
function rememberWhenStopped(context: IExecuteFunctions): void {
	const cancel = context.getExecutionCancelSignal();
	if (!cancel) return;
	const nodes = watchedNodes.get(cancel) ?? new Map<string, IExecuteFunctions>();
	if (!watchedNodes.has(cancel)) {
		const rememberAll = () => nodes.forEach(rememberRuns);
		cancel.addEventListener('abort', rememberAll, { once: true });
	}
	watchedNodes.set(cancel, nodes.set(context.getNode().name, context));
}

function rememberRuns(context: IExecuteFunctions): void {
	const runs = runsOf(context);
	const executionIds = executionIdsIn(runs);
	for (const [runKey, run] of Object.entries(runs)) {
		const [executionId, runIndex] = runKey.split(':');
		if (executionId !== String(context.getExecutionId())) continue;
		for (const [itemIndex, entry] of entriesIn(run)) {
			if (entry.state !== 'accepted') continue;
			rememberStopped({ place: placeOf(context, runIndex, itemIndex), executionIds, entry });
		}
	}
}

/**
 * Moves what earlier executions left for the same run index to this run, so that each job has one
 * owner. What is emptied stays, and tells of which executions this one is a Retry.
 *
 * @returns the ids of the earlier executions
 */
function inheritFromEarlier(context: IExecuteFunctions, run: RunEntries): string[] {
	const runs = runsOf(context);
	const ownId = String(context.getExecutionId());
	const earlierIds = executionIdsIn(runs).filter((id) => id !== ownId);
	for (const id of earlierIds) {
		const runKey = `${id}:${runIndexOf(context)}`;
		Object.assign(run.inherited, runs[runKey]?.inherited, runs[runKey]?.items);
		if (runs[runKey]) runs[runKey] = noEntries();
	}
	return earlierIds;
}

export function openLedger(context: IExecuteFunctions, items: INodeExecutionData[]): Ledger {
	// The context of tools has this method, that of nodes has not, in n8n 1.x and 2.x.
	const isToolCall = 'getNextRunIndex' in context;
	const run =
		isToolCall && items.length > 0 ? entriesOfToolCall(items[0].json) : entriesOfRun(context);
	const isRetry = !isToolCall && context.getMode() === 'retry';
	const earlierIds = isRetry ? inheritFromEarlier(context, run) : [];
	/** Items that ask for something else than what is inherited. */
	const others = new Set<number>();
	const place = (itemIndex: number) => placeOf(context, runIndexOf(context), itemIndex);
	if (!isToolCall) rememberWhenStopped(context);

	/** From here on the job is found by the files as this execution keeps them. */
	function inheritStopped(itemIndex: number, requestHash: RequestHash): AcceptedEntry | undefined {
		const entry = takeStopped(place(itemIndex), requestHash, earlierIds);
		return entry && (run.inherited[itemIndex] = { ...entry, requestHash });
	}

	return {
		entryOf: (itemIndex) => run.items[itemIndex],
		inherit(itemIndex, requestHash) {
			if (!isRetry) return undefined;
			const kept: LedgerEntry | undefined = run.inherited[itemIndex];
			const isSame = kept?.state === 'accepted' && kept.requestHash.exact === requestHash.exact;
			// What n8n keeps of an execution that was stopped is older than its end.
			const entry = isSame ? kept : inheritStopped(itemIndex, requestHash);
			if (entry && !entry.isForgotten) return entry;
			others.add(itemIndex);
			return undefined;
		},
		jobIdOf(itemIndex) {
			const inherited = others.has(itemIndex) ? undefined : run.inherited[itemIndex];
			const entry = run.items[itemIndex] ?? inherited;
			return entry?.state === 'accepted' ? entry.job.id : undefined;
		},
		record(itemIndex, entry) {
			run.items[itemIndex] = entry;
			delete run.inherited[itemIndex];
			if (entry.state !== 'accepted') return;
			// One whose submit was on its way when Stop came.
			if (!isToolCall && context.getExecutionCancelSignal()?.aborted) {
				const executionIds = executionIdsIn(runsOf(context));
				rememberStopped({ place: place(itemIndex), executionIds, entry });
			} else {
				forgetStopped(entry);
			}
		},
		release(itemIndex) {
			const entry = run.items[itemIndex];
			if (entry?.state === 'accepted') run.releasedJobIds.push(entry.job.id);
			delete run.items[itemIndex];
		},
		acceptedJobIds: () => [
			...entriesIn(run).flatMap(([, entry]) => (entry.state === 'accepted' ? [entry.job.id] : [])),
			...run.releasedJobIds,
		],
		lostItems: () =>
			Object.entries(run.items).flatMap(([itemIndex, { state }]) =>
				state === 'accepted' ? [] : [Number(itemIndex)],
			),
	};
}
