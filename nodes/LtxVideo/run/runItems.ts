import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { systemClock } from '../api/clock';
import { asLtxError, Stopped, type LtxError } from '../api/errors';
import { isRecord } from '../api/json';
import { ENDPOINTS } from '../endpoints';
import { endpointOf, type Endpoint } from '../endpoints/endpoint';
import { toOneOf, toPositiveInteger } from '../endpoints/fields/values';
import { FILE_OPERATIONS, FILE_RESOURCE, JOB_OPERATIONS } from '../operations';
import type { BaseItem, ItemResult, Work } from '../operations/item';
import { openLedger, type Ledger } from '../operations/ledger';
import { settingOf } from '../operations/result';
import { findOverBudget } from './budget';
import { createConnections } from './connection';
import { toFailedItem, toNodeError, toStoppedError } from './failedItem';
import { addHints } from './hints';
import { showJobId } from './jobIds';
import { collectionOf, explainEmpty, parametersOf, refuseEmptyFields } from './parameters';

const DEFAULT_MAX_CONCURRENCY = 10;

/** Runs `work` for 0 … count-1, at most `width` at once; the next begins as soon as one ends. */
async function slidingWindow(
	count: number,
	width: number,
	work: (index: number) => Promise<void>,
): Promise<void> {
	let next = 0;
	const lane = async () => {
		for (let index = next++; index < count; index = next++) await work(index);
	};
	await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
}

/** By the value of the `resource` parameter. Files have no endpoint. */
const RESOURCES: Record<string, Endpoint | undefined> = {
	...ENDPOINTS,
	[FILE_RESOURCE]: undefined,
};

/** What all items of a run share. */
interface Run {
	context: IExecuteFunctions;
	ledger: Ledger;
	connect: ReturnType<typeof createConnections>;
	stop: AbortSignal;
}

/** Reads and checks the input of one item. Nothing is sent. */
async function prepareItem(run: Run, input: INodeExecutionData, index: number): Promise<Work> {
	const { context, ledger } = run;
	const parameter = parametersOf(context, index);
	/** The member of a table that a parameter names. */
	const choose = <T>(label: string, name: string, table: Record<string, T>): T =>
		table[toOneOf(label, parameter(name), Object.keys(table))];
	const endpoint = choose('Resource', 'resource', RESOURCES);
	const log: BaseItem['log'] = (level, message) => context.logger[level](message);
	const base: BaseItem = {
		index,
		// One of its own: Node.js warns where more than ten listen to the same signal.
		stop: AbortSignal.any([run.stop]),
		client: await run.connect(index),
		helpers: context.helpers,
		clock: systemClock,
		parameter,
		additionalField: collectionOf(context, index, 'additionalFields'),
		option: collectionOf(context, index, 'options'),
		binaryFields: isRecord(input.binary) ? Object.keys(input.binary) : [],
		log,
		onRepeat({ httpStatus, message }) {
			log(httpStatus === undefined ? 'warn' : 'debug', `Item ${index}: ${message}; trying again`);
		},
	};
	if (!endpoint) return await choose('Operation', 'operation', FILE_OPERATIONS)(base);
	return await choose(
		'Operation',
		'operation',
		JOB_OPERATIONS,
	)({
		...base,
		endpoint: endpointOf(endpoint, parameter),
		submit: {
			entry: () => ledger.entryOf(index),
			inherit: (requestHash) => ledger.inherit(index, requestHash),
			record(entry) {
				ledger.record(index, entry);
				if (entry.state === 'accepted') showJobId(context, entry.job.id);
			},
			release: () => ledger.release(index),
		},
	});
}

/** How many items are worked on at once, as one item says. */
function readMaxConcurrency(context: IExecuteFunctions, index: number): number {
	const option = collectionOf(context, index, 'options');
	const value = settingOf(option, 'maxConcurrency', DEFAULT_MAX_CONCURRENCY);
	return toPositiveInteger('Max Concurrency', value);
}

/** For a failed item, whose resource may be what is wrong. */
function pathOf(context: IExecuteFunctions, index: number): string {
	const parameter = parametersOf(context, index);
	let resource = 'unknown';
	try {
		resource = String(parameter('resource'));
		const endpoint = ENDPOINTS[resource];
		return endpoint ? endpointOf(endpoint, parameter).path : resource;
	} catch {
		return resource;
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
	const run: Run = {
		context,
		ledger,
		connect: createConnections(context),
		stop: stopping.signal,
	};

	const outputs: INodeExecutionData[] = [];
	const results: ItemResult[] = [];
	const works: Array<Work | undefined> = [];
	const failures: Array<LtxError | undefined> = [];
	let ending: { error: LtxError; index: number } | undefined;

	const fail = (index: number, thrown: LtxError) => {
		// A Retry may refuse input whose job an earlier try has submitted.
		const error = thrown.jobId ? thrown : thrown.with({ jobId: ledger.jobIdOf(index) });
		works[index] = undefined;
		failures[index] = error;
		if (continues) {
			outputs[index] = toFailedItem(error, pathOf(context, index), index);
		} else {
			ending ??= { error, index };
			stopping.abort();
		}
	};
	const guarded =
		(typeOfOthers: string, work: (index: number) => Promise<void>) => async (index: number) => {
			if (stopping.signal.aborted) return;
			await work(index).catch((thrown: unknown) => {
				if (thrown instanceof Stopped) return;
				fail(index, explainEmpty(context, index, asLtxError(thrown, typeOfOthers)));
			});
		};
	const throwIfEnded = () => {
		if (cancel?.aborted) throw toStoppedError(context.getNode(), ledger);
		if (ending) throw toNodeError(context.getNode(), ending.error, ending.index, ledger);
	};

	try {
		// The first item that can be worked on decides for all.
		const widths: number[] = [];
		const readWidth = guarded('invalid_input', async (index) => {
			widths[index] = readMaxConcurrency(context, index);
		});
		await slidingWindow(inputs.length, 1, readWidth);
		const [width = DEFAULT_MAX_CONCURRENCY] = widths.filter((entry) => entry !== undefined);
		const check = guarded('invalid_input', async (index) => {
			if (widths[index] === undefined) return;
			works[index] = await prepareItem(run, inputs[index], index);
			refuseEmptyFields(context, index, ['additionalFields', 'options']);
		});
		await slidingWindow(inputs.length, width, check);
		throwIfEnded();
		findOverBudget(works.map((work) => work?.cost)).forEach((error, index) => {
			if (error) fail(index, error);
		});
		throwIfEnded();

		const work = guarded('unexpected_answer', async (index) => {
			const result = await works[index]?.run();
			if (!result) return;
			results[index] = result;
			const { json, binary } = result;
			outputs[index] = { json, ...(binary && { binary }), pairedItem: { item: index } };
		});
		await slidingWindow(inputs.length, width, work);
		throwIfEnded();
		addHints(context, { results, failures });
		return outputs;
	} finally {
		cancel?.removeEventListener('abort', onCancel);
	}
}
