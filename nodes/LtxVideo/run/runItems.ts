import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { systemClock } from '../api/clock';
import { asLtxError, LtxError, Stopped } from '../api/errors';
import { isRecord } from '../api/json';
import { untilStopped } from '../api/limits';
import { ENDPOINTS } from '../endpoints';
import { endpointOf, type Endpoint } from '../endpoints/endpoint';
import { toOneOf, toPositiveInteger } from '../endpoints/fields/values';
import { FILES_IN_JSON } from '../media/inspect';
import { isOfEditor, wantsSample } from '../sample/sample';
import { FILE_OPERATIONS, FILE_RESOURCE, JOB_OPERATIONS } from '../operations';
import type { BaseItem, ItemResult, Work } from '../operations/item';
import { openPaidJobs, type PaidJobs } from '../operations/paidJobs';
import { hashAsWritten } from '../operations/requestHash';
import { settingOf } from '../operations/result';
import { findOverBudget } from './budget';
import { createConnections, type Connections } from './connection';
import { toFailedItem, toNodeError, toStoppedError } from './failedItem';
import { errorOfForgotten, type ForgottenJob } from './forgottenJobs';
import { finishedItemsOf } from './finishedItems';
import { addHints } from './hints';
import { showJobId, shownJobIds } from './jobIds';
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
	paidJobs: PaidJobs;
	/** By item, of earlier tries too. */
	finished: Map<number, ItemResult>;
	connections: Connections;
	/** Taken once: n8n makes a new one whenever it is asked. */
	dataProxy: ReturnType<IExecuteFunctions['getWorkflowDataProxy']>;
	/** Hashes of the parameters as they are written, which all items of an endpoint share. */
	asWritten: Map<Endpoint, string>;
	isOfEditor: boolean;
	stop: AbortSignal;
}

function hashOf({ context, asWritten }: Run, endpoint: Endpoint): string {
	const hash = asWritten.get(endpoint) ?? hashAsWritten(context.getNode().parameters, endpoint);
	asWritten.set(endpoint, hash);
	return hash;
}

function binaryFieldsOf({ binary, json }: INodeExecutionData): string[] {
	const inJson = json[FILES_IN_JSON];
	return [
		...Object.keys(binary ?? {}),
		...Object.keys(isRecord(inJson) ? inJson : {}).map((name) => `${FILES_IN_JSON}.${name}`),
	];
}

/** Reads and checks the input of one item. Nothing is sent. */
async function prepareItem(run: Run, input: INodeExecutionData, index: number): Promise<Work> {
	const { context, paidJobs } = run;
	const parameter = parametersOf(context, index);
	/** The member of a table that a parameter names. */
	const choose = <T>(label: string, name: string, table: Record<string, T>): T =>
		table[toOneOf(label, parameter(name), Object.keys(table))];
	const endpoint = choose('Resource', 'resource', RESOURCES);
	const { client, line } = await run.connections.accountOf(index);
	const log: BaseItem['log'] = (level, message) => context.logger[level](message);
	const base: BaseItem = {
		index,
		// One of its own: Node.js warns where more than ten listen to the same signal.
		stop: AbortSignal.any([run.stop]),
		client,
		helpers: context.helpers,
		clock: systemClock,
		parameter,
		additionalField: collectionOf(context, index, 'additionalFields'),
		option: collectionOf(context, index, 'options'),
		binaryFields: binaryFieldsOf(input),
		isOfEditor: run.isOfEditor,
		log,
		onRepeat({ httpStatus, message }) {
			log(httpStatus === undefined ? 'warn' : 'debug', `Item ${index}: ${message}; trying again`);
		},
	};
	if (!endpoint) return await choose('Operation', 'operation', FILE_OPERATIONS)(base);
	const asWritten = hashOf(run, endpoint);
	return await choose(
		'Operation',
		'operation',
		JOB_OPERATIONS,
	)({
		...base,
		endpoint: endpointOf(endpoint, parameter),
		asWritten,
		line: {
			submit: async (attempt, maxWaitMs) =>
				await line.submit(index, attempt, { maxWaitMs, onRepeat: base.onRepeat }),
			watch: async (wait) => await line.watch(wait),
		},
		paid: {
			entry: () => paidJobs.entryOf(index),
			inherit: (asSent) => paidJobs.inherit(index, { asWritten, asSent }),
			replacedJobId: () => paidJobs.replacedJobIdOf(index),
			record(entry) {
				paidJobs.record(index, entry);
				if (entry.state === 'accepted') showJobId(run.dataProxy, entry.job.id);
			},
			release: () => paidJobs.release(index),
			finished: () => run.finished.get(index),
			finish: (result) => void run.finished.set(index, result),
		},
	});
}

/** How many items are worked on at once, as one item says. */
function readMaxConcurrency(context: IExecuteFunctions, index: number): number {
	const option = collectionOf(context, index, 'options');
	const value = settingOf(option, 'maxConcurrency', DEFAULT_MAX_CONCURRENCY);
	return toPositiveInteger('Max Concurrency', value);
}

/** For an error, which may be about the option itself. */
function asksForSample({ context, isOfEditor: ofEditor }: Run, index: number): boolean {
	try {
		return wantsSample(collectionOf(context, index, 'options'), ofEditor);
	} catch {
		return false;
	}
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
 * Every item's input is checked before anything is sent for any, and jobs of a retried execution are
 * looked at before anything new is paid for. With the node setting "Stop", the first failure ends the
 * run: nothing further is submitted, waits end at once, and submits that are on their way are awaited
 * and recorded. With "Continue", the others go on.
 *
 * @throws {NodeApiError | NodeOperationError} with `itemIndex`
 */
export async function runItems(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const inputs = context.getInputData();
	const cancel = context.getExecutionCancelSignal();
	const continues = context.continueOnFail();
	const paidJobs = openPaidJobs(context, inputs);
	const stopping = new AbortController();
	const onCancel = () => stopping.abort();
	if (cancel?.aborted) onCancel();
	else cancel?.addEventListener('abort', onCancel, { once: true });
	const connections = createConnections(context, stopping.signal);
	const run: Run = {
		context,
		paidJobs,
		finished: finishedItemsOf(paidJobs.run),
		connections,
		dataProxy: context.getWorkflowDataProxy(0),
		asWritten: new Map(),
		isOfEditor: isOfEditor(context),
		stop: stopping.signal,
	};

	const outputs: INodeExecutionData[] = [];
	const results: ItemResult[] = [];
	const works: Array<Work | undefined> = [];
	const failures: Array<LtxError | undefined> = [];
	let ending: { error: LtxError; index: number } | undefined;

	const endWith = (error: LtxError, index: number) => {
		ending ??= { error, index };
		stopping.abort();
	};
	const fail = (index: number, thrown: LtxError) => {
		const error = thrown.with(
			// A Retry may refuse input whose job an earlier try has submitted.
			{
				...connections.redactor.value({ ...thrown }),
				jobId: thrown.jobId ?? paidJobs.jobIdOf(index),
			},
			connections.redactor.value(thrown.message),
		);
		works[index] = undefined;
		failures[index] = error;
		if (continues) outputs[index] = toFailedItem(error, pathOf(context, index), index);
		else endWith(error, index);
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
		if (cancel?.aborted) throw toStoppedError(context.getNode(), paidJobs);
		if (!ending) return;
		const { error, index } = ending;
		const isSamples = inputs.every((_, itemIndex) => asksForSample(run, itemIndex));
		const executionJobIds = shownJobIds(run.dataProxy);
		throw toNodeError(context.getNode(), error, index, paidJobs, { isSamples, executionJobIds });
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
		// n8n's storage may hang while a file is read.
		await untilStopped(stopping.signal, slidingWindow(inputs.length, width, check));
		throwIfEnded();
		findOverBudget(works.map((work) => work?.cost)).forEach((error, index) => {
			if (error) fail(index, error);
		});
		throwIfEnded();

		const forgotten: ForgottenJob[] = [];
		const confirm = guarded('unexpected_answer', async (index) => {
			await works[index]?.confirm?.().catch((error: unknown) => {
				if (!(error instanceof LtxError)) throw error;
				forgotten.push({ index, error });
			});
		});
		await slidingWindow(inputs.length, width, confirm);
		if (forgotten.length > 0 && !continues) {
			endWith(errorOfForgotten(forgotten, paidJobs), forgotten[0].index);
		}
		for (const { index, error } of forgotten)
			fail(index, errorOfForgotten([{ index, error }], paidJobs));
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
		addHints(context, { results, failures, submitted: paidJobs.submittedNow() });
		return outputs;
	} finally {
		cancel?.removeEventListener('abort', onCancel);
	}
}
