import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { LtxError } from '../api/errors';
import type { AcceptedJob } from '../api/job';

/*
 * What a run of the node has paid for, and what Retry On Fail and the Retry of an execution take up.
 */

/** Tells whether a Retry asks for the video that was paid for. */
export interface RequestHash {
	/** Of the node's parameters that make up the request, before their expressions are resolved. */
	asWritten: string;
	/** Of the request as it came out, with files by name and size. */
	asSent: string;
}

/** The failure of a submit that may have been accepted, to be told again by later tries. */
export type LostFailure = Pick<
	LtxError,
	'type' | 'message' | 'advice' | 'httpStatus' | 'requestId'
>;

/**
 * What became of one item's submit. `sending` is written before the request leaves, so that a try
 * that ends in any way can never be mistaken for one that submitted nothing.
 */
export type SubmitEntry =
	| { state: 'sending' }
	| { state: 'lost'; failure: LostFailure }
	| {
			state: 'accepted';
			job: AcceptedJob;
			/** What the output has beside the job. */
			extra: IDataObject;
			request: RequestHash;
			/** What it may have cost at most, where that is known. */
			usd?: number;
			/** The credential that paid for it. */
			credential?: { id: string | null; name: string };
			/** Whether this execution took it up from the one that it retries. */
			isInherited?: boolean;
			/** LTX did not know the job any more when a retried execution asked for it. */
			isForgotten?: boolean;
	  };

export type AcceptedEntry = Extract<SubmitEntry, { state: 'accepted' }>;

/** The submits of one run of the node, over all tries of Retry On Fail and of Retry. */
export interface PaidJobs {
	/** Whether an AI agent calls the node, where there is nothing to retry. */
	isToolCall: boolean;
	/** One object for all tries in this execution. */
	run: object;
	/** Whether the execution is of a workflow that another one has called. */
	isSubWorkflow: boolean;
	/** What an earlier try of this execution did. */
	entryOf(itemIndex: number): SubmitEntry | undefined;
	/**
	 * The job that the item got in the execution of which this one is a Retry. Nothing where its request
	 * was edited since, or where LTX had forgotten the job when it was last asked for.
	 */
	inherit(itemIndex: number, request: RequestHash): AcceptedEntry | undefined;
	/** The job that an edited request leaves behind, paid for. */
	replacedJobIdOf(itemIndex: number): string | undefined;
	/** Ids of all such jobs. */
	replacedJobIds(): string[];
	/** The job of an item, whoever submitted it, until it is known to have failed. */
	jobIdOf(itemIndex: number): string | undefined;
	/** The name of the credential that paid for the item's job, where it is not the one of now. */
	otherCredentialOf(itemIndex: number): string | undefined;
	record(itemIndex: number, entry: SubmitEntry): void;
	/**
	 * For submits that were refused and jobs that ended as failed: they are not paid for, and the
	 * next try may submit anew. The id of a job is kept among those of the run.
	 */
	release(itemIndex: number): void;
	/** What this try has submitted itself, but for jobs that failed. */
	submittedNow(): AcceptedEntry[];
	/** Ids of the jobs that are paid for or may be, but for those that LTX has forgotten. */
	paidJobIds(): string[];
	/** Ids of the jobs that LTX has forgotten, whose items are to be submitted anew. */
	forgottenJobIds(): string[];
	/** Ids of the jobs that were accepted and failed, which costs nothing. */
	failedJobIds(): string[];
	/** Items whose submit may have been accepted without anybody knowing. */
	lostItems(): number[];
}

/** What is kept of one run; plain JSON, since n8n stores it with the execution. */
interface RunEntries {
	executionId?: string;
	runIndex?: number;
	items: Record<string, SubmitEntry>;
	/** What the execution of which this one is a Retry left, until this run has paid anew. */
	inherited: Record<string, AcceptedEntry>;
	failedJobIds: string[];
}

const CONTEXT_KEY = 'ltxVideoSubmits';

const toolCalls = new WeakMap<object, RunEntries>();

/**
 * As a tool of an AI agent, the run index says nothing: every try gets a new one, and calls at the
 * same time may get the same. What the tries of one call share is the object with its arguments.
 * The entries are kept with it and nowhere else: n8n's node context is stored with the execution,
 * and a call after a restart must not find what belongs to one before it.
 */
function entriesOfToolCall(toolArguments: object): RunEntries {
	const known = toolCalls.get(toolArguments) ?? { items: {}, inherited: {}, failedJobIds: [] };
	toolCalls.set(toolArguments, known);
	return known;
}

const acceptedIn = (entries: Record<string, SubmitEntry>): Array<[string, AcceptedEntry]> =>
	Object.entries(entries).flatMap(([index, entry]) =>
		entry.state === 'accepted' ? [[index, entry]] : [],
	);

/**
 * n8n's node context lives as long as the execution, over the tries of Retry On Fail, and is handed
 * to the Retry of the execution. Each run in a loop has its own index, and only the last one can be
 * retried.
 */
function entriesOfRun(context: IExecuteFunctions): RunEntries {
	const nodeContext = context.getContext('node');
	const kept = nodeContext[CONTEXT_KEY] as RunEntries | undefined;
	const executionId = String(context.getExecutionId());
	const runIndex: number = context.getWorkflowDataProxy(0).$runIndex;
	const isSameRun = kept?.runIndex === runIndex;
	if (isSameRun && kept.executionId === executionId) {
		// Only what the last try was told counts: nobody reads of the others.
		for (const [, entry] of acceptedIn(kept.items)) delete entry.isForgotten;
		return kept;
	}
	const inherited =
		isSameRun && context.getMode() === 'retry'
			? { ...kept.inherited, ...Object.fromEntries(acceptedIn(kept.items)) }
			: {};
	const run: RunEntries = { executionId, runIndex, items: {}, inherited, failedJobIds: [] };
	nodeContext[CONTEXT_KEY] = run;
	return run;
}

export function openPaidJobs(context: IExecuteFunctions, items: INodeExecutionData[]): PaidJobs {
	// The context of tools has this method, that of nodes has not, in n8n 1.x and 2.x.
	const isToolCall = 'getNextRunIndex' in context;
	const run =
		isToolCall && items.length > 0 ? entriesOfToolCall(items[0].json) : entriesOfRun(context);
	const [credential] = Object.values(context.getNode().credentials ?? {});
	const submittedNow = new Map<number, AcceptedEntry>();
	/** Items that ask for something else than what is inherited. */
	const others = new Set<number>();
	const replacedJobIds = new Map<number, string>();

	const acceptedOf = (itemIndex: number): AcceptedEntry | undefined => {
		const inherited = others.has(itemIndex) ? undefined : run.inherited[itemIndex];
		const entry: SubmitEntry | undefined = run.items[itemIndex] ?? inherited;
		return entry?.state === 'accepted' ? entry : undefined;
	};

	const jobIdsWhere = (isMeant: (entry: AcceptedEntry) => boolean): string[] =>
		acceptedIn({ ...run.inherited, ...run.items }).flatMap(([, entry]) =>
			isMeant(entry) ? [entry.job.id] : [],
		);

	return {
		isToolCall,
		run,
		isSubWorkflow: context.getMode() === 'integrated',
		entryOf: (itemIndex) => run.items[itemIndex],
		inherit(itemIndex, { asWritten, asSent }) {
			const kept: AcceptedEntry | undefined = run.inherited[itemIndex];
			if (!kept) return undefined;
			const { request, job, isForgotten } = kept;
			// An expression that comes out differently by itself is no edit.
			const isEdited = request.asWritten !== asWritten && request.asSent !== asSent;
			if (!isEdited && !isForgotten) return { ...kept, isInherited: true };
			others.add(itemIndex);
			if (!isForgotten) replacedJobIds.set(itemIndex, job.id);
			return undefined;
		},
		replacedJobIdOf: (itemIndex) => replacedJobIds.get(itemIndex),
		replacedJobIds: () => [...replacedJobIds.values()],
		jobIdOf: (itemIndex) => acceptedOf(itemIndex)?.job.id,
		otherCredentialOf(itemIndex) {
			const payer = acceptedOf(itemIndex)?.credential;
			return payer?.id === credential?.id ? undefined : payer?.name;
		},
		record(itemIndex, entry) {
			if (entry.state !== 'accepted') {
				run.items[itemIndex] = entry;
				return;
			}
			const accepted = { credential, ...entry };
			if (run.items[itemIndex]?.state === 'sending') submittedNow.set(itemIndex, accepted);
			run.items[itemIndex] = accepted;
			delete run.inherited[itemIndex];
		},
		release(itemIndex) {
			const entry = run.items[itemIndex];
			if (entry?.state === 'accepted') run.failedJobIds.push(entry.job.id);
			submittedNow.delete(itemIndex);
			delete run.items[itemIndex];
		},
		submittedNow: () => [...submittedNow.values()],
		paidJobIds: () => jobIdsWhere(({ isForgotten = false }) => !isForgotten),
		forgottenJobIds: () => jobIdsWhere(({ isForgotten = false }) => isForgotten),
		failedJobIds: () => run.failedJobIds,
		lostItems: () =>
			Object.entries(run.items).flatMap(([itemIndex, { state }]) =>
				state === 'accepted' ? [] : [Number(itemIndex)],
			),
	};
}
