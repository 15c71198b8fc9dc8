import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { systemClock } from '../api/clock';
import { ENDPOINTS, FILE_RESOURCE, type Endpoint } from '../endpoints';
import { asLtxError, Stopped, type LtxError } from '../api/errors';
import { isRecord } from '../api/answers';
import { toOneOf, toPositiveInteger } from '../endpoints/fields/values';
import { connect } from './connection';
import { toFailedItem, toNodeError, toStoppedError } from './failedItem';
import { findOverBudget } from './budget';
import type { BaseItem, Work } from '../operations/item';
import { openLedger, type Ledger } from '../operations/ledger';
import { FILE_OPERATIONS, JOB_OPERATIONS } from '../operations';

const DEFAULT_MAX_CONCURRENCY = 10;

/** Runs `work` for 0 … count-1, at most `width` at once; the next begins as soon as one ends. */
async function slidingWindow(
	count: number,
	width: number,
	work: (index: number) => Promise<void>,
): Promise<void> {
	let next = 0;
	const lane = async () => {
		while (next < count) await work(next++);
	};
	await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
}

function keysOf(value: unknown): string[] {
	return isRecord(value) ? Object.keys(value) : [];
}

function readParameter(context: IExecuteFunctions, index: number, name: string): unknown {
	// n8n throws for a parameter without a value, unless there is a fallback other than undefined.
	return context.getNodeParameter(name, index, null) ?? undefined;
}

function readCollection(
	context: IExecuteFunctions,
	index: number,
	name: string,
): Record<string, unknown> {
	const collection = readParameter(context, index, name);
	return isRecord(collection) ? collection : {};
}

/** By the value of the `resource` parameter. Files have no endpoint. */
const RESOURCES: Record<string, Endpoint | undefined> = {
	...ENDPOINTS,
	[FILE_RESOURCE]: undefined,
};

/** Reads and checks the input of one item. Nothing is sent. */
async function prepareItem(
	context: IExecuteFunctions,
	input: INodeExecutionData,
	index: number,
	ledger: Ledger,
	stop: AbortSignal,
): Promise<Work> {
	/** The member of a table that a parameter names. */
	const choose = <T>(label: string, name: string, table: Record<string, T>): T =>
		table[toOneOf(label, readParameter(context, index, name), Object.keys(table))];
	const endpoint = choose('Resource', 'resource', RESOURCES);
	const base: BaseItem = {
		index,
		// One of its own: Node.js warns where more than ten listen to the same signal.
		stop: AbortSignal.any([stop]),
		client: await connect(context, index),
		helpers: context.helpers,
		clock: systemClock,
		parameter: (name) => readParameter(context, index, name),
		collection: (name) => readCollection(context, index, name),
		binaryFields: keysOf(input.binary),
		log: (level, message) => context.logger[level](message),
	};
	if (!endpoint) return await choose('Operation', 'operation', FILE_OPERATIONS)(base);
	return await choose(
		'Operation',
		'operation',
		JOB_OPERATIONS,
	)({
		...base,
		endpoint,
		submit: {
			entry: () => ledger.entryOf(index),
			record: (entry) => ledger.record(index, entry),
			release: () => ledger.release(index),
		},
	});
}

/** How many items are worked on at once, as one item says. */
function readMaxConcurrency(context: IExecuteFunctions, index: number): number {
	const options = readCollection(context, index, 'options');
	return toPositiveInteger('Max Concurrency', options.maxConcurrency ?? DEFAULT_MAX_CONCURRENCY);
}

/** For a failed item, whose resource may be what is wrong. */
function endpointOf(context: IExecuteFunctions, index: number): string {
	try {
		const resource = String(readParameter(context, index, 'resource'));
		return ENDPOINTS[resource]?.path ?? resource;
	} catch {
		return 'unknown';
	}
}

/**
 * Runs the node's operation for all input items and gives one output item for each, in input order.
 *
 * Every item's input is checked before anything is sent for any. With the node setting "Stop", the
 * first failure ends the run: nothing further is submitted, waits end at once, and submits that
 * are on their way are awaited and recorded. With "Continue", the others go on.
 *
 * @throws {NodeApiError | NodeOperationError} with `itemIndex`
 */
export async function runItems(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const inputs = context.getInputData();
	const cancel = context.getExecutionCancelSignal();
	const continues = context.continueOnFail();
	const ledger = openLedger(context, inputs);
	const stopping = new AbortController();
	const onCancel = () => stopping.abort();
	if (cancel?.aborted) onCancel();
	else cancel?.addEventListener('abort', onCancel, { once: true });

	const outputs: INodeExecutionData[] = [];
	const works: Array<Work | undefined> = [];
	let ending: { error: LtxError; index: number } | undefined;
	let maxConcurrency: number | undefined;

	const guarded =
		(typeOfOthers: string, work: (index: number) => Promise<void>) => async (index: number) => {
			if (stopping.signal.aborted) return;
			await work(index).catch((thrown: unknown) => {
				if (thrown instanceof Stopped) return;
				const error = asLtxError(thrown, typeOfOthers);
				if (continues) {
					outputs[index] = toFailedItem(error, endpointOf(context, index), index);
				} else {
					ending ??= { error, index };
					stopping.abort();
				}
			});
		};
	const throwIfEnded = () => {
		if (cancel?.aborted) throw toStoppedError(context.getNode(), ledger);
		if (ending) throw toNodeError(context.getNode(), ending.error, ending.index, ledger);
	};

	try {
		const check = guarded('invalid_input', async (index) => {
			const itemConcurrency = readMaxConcurrency(context, index);
			works[index] = await prepareItem(context, inputs[index], index, ledger, stopping.signal);
			// The first item that can be worked on decides for all.
			maxConcurrency ??= itemConcurrency;
		});
		// One after another, so that of several mistakes the first one is told.
		await slidingWindow(inputs.length, 1, check);
		const overBudget = findOverBudget(works.map((work) => work?.cost));
		await slidingWindow(
			inputs.length,
			1,
			guarded('budget_exceeded', async (index) => {
				const error = overBudget[index];
				if (!error) return;
				works[index] = undefined;
				throw error;
			}),
		);
		throwIfEnded();

		const run = guarded('unexpected_answer', async (index) => {
			const work = works[index];
			if (!work) return;
			outputs[index] = { ...(await work.run()), pairedItem: { item: index } };
		});
		await slidingWindow(inputs.length, maxConcurrency ?? DEFAULT_MAX_CONCURRENCY, run);
		throwIfEnded();
		return outputs;
	} finally {
		cancel?.removeEventListener('abort', onCancel);
	}
}
