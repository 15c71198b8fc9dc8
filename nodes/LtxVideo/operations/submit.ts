import type { IDataObject } from 'n8n-workflow';

import { LtxError, Stopped } from '../api/errors';
import { isFailed, type AcceptedJob, type Job } from '../api/job';
import { cleanText } from '../api/redact';
import { LOST_ADVICE } from '../api/submitErrors';
import type { Price } from '../endpoints/catalog/prices';
import { toPositiveNumber } from '../endpoints/fields/values';
import { createSample, refuseSamples, sampleUri, wantsSample } from '../sample/sample';
import type { Cost, Item, ItemResult, Operation, Work } from './item';
import { lookAtJob } from './lookAtJob';
import type { AcceptedEntry, RequestHash, SubmitEntry } from './paidJobs';
import { prepareRequest, uploadFiles, type PreparedRequest, type UploadedRequest } from './request';
import { hashAsSent } from './requestHash';
import { withoutReplacing } from './result';

export interface SubmittedJob {
	job: AcceptedJob;
	/** What the output has beside the job: the URIs of uploads by API field, the estimated cost. */
	extra: IDataObject;
	/** True where an earlier try submitted the job. */
	isTakenUp: boolean;
	/** The job as it was a moment ago, where it was looked at. */
	seen?: Job;
	/** See `ItemResult`. */
	replacedJobId?: string;
	isSample?: boolean;
	priceOfReal?: Price;
}

/** The submitting half of an operation, checked and ready to be sent. */
export interface PreparedSubmit extends Pick<Work, 'confirm'> {
	send(): Promise<SubmittedJob>;
	cost: Cost;
}

const SUBMIT_MAX_WAIT_MS = 5 * 60_000;
// A request that is cut short loses its answer, and with it a paid job.
const ANSWER_LIMIT_MS = 5 * 60_000;
// The time that a large request takes on a slow line does not count against the answer.
const SLOWEST_BYTES_PER_MS = 64;

interface Submission extends UploadedRequest {
	request: RequestHash;
	price: Price;
}

/** Sends the request once, and records what became of it. */
async function submitOnce(
	item: Item,
	{ body, uploadedUris, request, price }: Submission,
): Promise<Pick<SubmittedJob, 'job' | 'extra'>> {
	const { client, endpoint, stop, paid } = item;
	if (stop.aborted) throw new Stopped();
	const sendingMs = Buffer.byteLength(JSON.stringify(body)) / SLOWEST_BYTES_PER_MS;
	paid.record({ state: 'sending' });
	const job = await client
		.submitJob(endpoint.path, body, ANSWER_LIMIT_MS + sendingMs)
		.catch((error: unknown) => {
			if (error instanceof LtxError) recordFailure(item, error);
			throw withDocumentedValues(item, body, error);
		});
	const extra = { ...uploadedUris, ...estimateOf(price) };
	const usd = 'usd' in price ? price.usd : undefined;
	paid.record({ state: 'accepted', job, extra, request, usd });
	item.log('info', `LTX accepted ${endpoint.path} job ${cleanText(job.id)} (item ${item.index})`);
	return { job, extra };
}

/** A submit that may have been accepted stays recorded: no try sends it again. */
function recordFailure({ index, log, paid }: Item, error: LtxError): void {
	if (error.wasRefused) {
		paid.release();
		return;
	}
	log('warn', `Item ${index}: ${error.message}`);
	const { type, message, advice, httpStatus, requestId } = error;
	paid.record({ state: 'lost', failure: { type, message, advice, httpStatus, requestId } });
}

/** The error of an item whose submit got no clear answer in an earlier try. */
function lostBefore(entry: Exclude<SubmitEntry, { state: 'accepted' }>): LtxError {
	if (entry.state === 'lost') {
		const { type, message, ...details } = entry.failure;
		return new LtxError(type, message, details);
	}
	return new LtxError(
		'answer_lost',
		'An earlier try ended while the job was being submitted, so the job may be running',
		{ advice: LOST_ADVICE },
	);
}

function withDocumentedValues(item: Item, body: Record<string, unknown>, error: unknown): unknown {
	if (!(error instanceof LtxError)) return error;
	const { caveat, describeDocumented } = item.endpoint;
	const isOf = (...statuses: number[]) => statuses.includes(error.httpStatus ?? 0);
	const before = isOf(400, 403, 404) && caveat;
	const after = isOf(400) && describeDocumented?.(body);
	if (!before && !after) return error;
	return error.with({ advice: [before, error.advice, after].filter(Boolean).join(' ') });
}

function readMaxCostUsd({ option }: Item): number | undefined {
	const maxCostUsd = option('maxCostUsd');
	return maxCostUsd === undefined ? undefined : toPositiveNumber('Max Cost', maxCostUsd);
}

/** What the output says of the price, which is nothing where only its most is known. */
function estimateOf(price: Price): IDataObject {
	return 'usd' in price && price.isExact ? { estimated_cost_usd: price.usd } : {};
}

/**
 * A submit that an earlier try has made: nothing is sent, and nothing paid.
 *
 * @param submitAnew for a job that turns out to have failed, which costs nothing
 */
function takeUp(
	item: Item,
	entry: AcceptedEntry,
	maxUsd: number | undefined,
	submitAnew?: PreparedSubmit['send'],
): PreparedSubmit {
	const { job, extra, usd = 0 } = entry;
	let seen: Job | undefined;
	const confirm = async () => {
		item.paid.record(entry);
		seen = await lookAtJob(item, job.id).catch((error: unknown) => {
			if (!(error instanceof LtxError && error.isUnknownJob)) return undefined;
			// A person who retries the execution after reading this wants a new one.
			item.paid.record({ ...entry, isForgotten: true });
			throw error;
		});
	};
	const send = async () => {
		if (submitAnew && seen && isFailed(seen)) {
			item.paid.release();
			item.log('info', `LTX job ${cleanText(job.id)} has failed since (item ${item.index})`);
			return await submitAnew();
		}
		item.log(
			'info',
			`Taking up LTX job ${cleanText(job.id)} of an earlier try (item ${item.index})`,
		);
		return { job, extra, isTakenUp: true, seen };
	};
	const cost = { price: { usd, isExact: true }, maxUsd, isPaid: true };
	return { send, cost, ...(entry.isInherited && { confirm }) };
}

/**
 * Checks the input of a submit. What an earlier try has submitted is taken up.
 *
 * @param maxWaitMs how long the line may stand still, see `Line`
 */
export async function prepareSubmit(item: Item, maxWaitMs: number): Promise<PreparedSubmit> {
	const maxUsd = readMaxCostUsd(item);
	if (wantsSample(item.option, item.isOfEditor)) return await prepareSample(item, maxUsd);
	const known = item.paid.entry();
	if (known?.state === 'accepted') return takeUp(item, known, maxUsd);
	if (known) throw lostBefore(known);
	const prepared = await prepareRequest(item);
	const asSent = hashAsSent(item.endpoint.path, prepared);
	const price = item.endpoint.price(prepared);
	const request = { asWritten: item.asWritten, asSent };
	const send = async () => await submitNow(item, { prepared, request, price }, maxWaitMs);
	const inherited = item.paid.inherit(asSent);
	// A limit counts what is paid, and does not refuse it. What is to be paid anew is for the next Retry.
	if (inherited) return takeUp(item, inherited, maxUsd, maxUsd === undefined ? send : undefined);
	const files = [...prepared.files.values()].map(({ file }) => file);
	await refuseSamples(prepared.body, files);
	return { send, cost: { price, maxUsd } };
}

/** Checks the input as for a job that is paid, and sends nothing. */
async function prepareSample(item: Item, maxUsd: number | undefined): Promise<PreparedSubmit> {
	const prepared = await prepareRequest(item);
	const price = item.endpoint.price(prepared);
	const send = async () => {
		const { sample, ...job } = createSample();
		const uris = [...prepared.files.keys()].map((apiName) => [apiName, sampleUri(job.id, apiName)]);
		const extra = { ...Object.fromEntries(uris), ...estimateOf(price), sample };
		return { job, extra, isTakenUp: false, isSample: true, priceOfReal: price };
	};
	return { send, cost: { price, maxUsd } };
}

async function submitNow(
	item: Item,
	{ prepared, ...submission }: { prepared: PreparedRequest; request: RequestHash; price: Price },
	maxWaitMs: number,
): Promise<SubmittedJob> {
	const replacedJobId = item.paid.replacedJobId();
	const upload = await uploadFiles(item, prepared);
	const { job, extra } = await item.line.submit(
		async () => await submitOnce(item, { ...(await upload.fresh()), ...submission }),
		maxWaitMs,
	);
	if (replacedJobId !== undefined) {
		item.log(
			'warn',
			`Item ${item.index} was edited and paid anew; its job before was ${cleanText(replacedJobId)}`,
		);
	}
	return { job, extra, isTakenUp: false, replacedJobId };
}

/** Submits a job and does not wait for it. */
export const submit: Operation = async (item) => {
	const { send, ...prepared } = await prepareSubmit(item, SUBMIT_MAX_WAIT_MS);
	const run = async (): Promise<ItemResult> => {
		const { job, extra, ...told } = await send();
		const base = { ...job, status: 'pending', endpoint: item.endpoint.path };
		return { json: withoutReplacing(base, extra), ...told };
	};
	return { ...prepared, run };
};
