import type { IDataObject } from 'n8n-workflow';

import { Deadline } from '../api/deadline';
import { LtxError, Stopped } from '../api/errors';
import type { AcceptedJob } from '../api/job';
import { cleanText } from '../api/redact';
import { LOST_ADVICE, repeatSubmit } from '../api/repeatSubmit';
import { toPositiveNumber } from '../endpoints/fields/values';
import type { Price } from '../endpoints/catalog/prices';
import type { Cost, Item, ItemResult, Operation } from './item';
import type { AcceptedEntry, LedgerEntry } from './ledger';
import { prepareRequest, uploadFiles, type PreparedRequest } from './request';
import { hashRequest, type RequestHash } from './requestHash';

export interface SubmittedJob {
	job: AcceptedJob;
	/** What the output has beside the job: the URIs of uploads by API field, the estimated cost. */
	extra: IDataObject;
	/** True where an earlier try submitted the job. */
	isResumed: boolean;
}

/** The submitting half of an operation, checked and ready to be sent. */
export interface PreparedSubmit {
	send(): Promise<SubmittedJob>;
	cost: Cost;
}

const SUBMIT_PATIENCE_MS = 5 * 60_000;
const ANSWER_LIMIT_MS = 60_000;
// A request that is cut short loses its answer, and with it a paid job: even the shortest Max Wait
// leaves LTX this long to give one.
const SHORTEST_ANSWER_LIMIT_MS = 3_000;
// The time that a large request takes on a slow line does not count against the answer.
const SLOWEST_BYTES_PER_MS = 64;

interface Submission {
	body: Record<string, unknown>;
	extra: IDataObject;
	requestHash: RequestHash;
	usd?: number;
}

/** Sends the request until it is accepted or refused for good. Keeps the ledger. */
async function submitUntilAnswered(
	item: Item,
	{ body, ...submission }: Submission,
	patienceMs: number,
): Promise<AcceptedJob> {
	const { client, clock, endpoint, stop, submit } = item;
	const sendingMs = Buffer.byteLength(JSON.stringify(body)) / SLOWEST_BYTES_PER_MS;
	const answerLimitMs = Math.min(ANSWER_LIMIT_MS, patienceMs);
	const limitMs = Math.max(SHORTEST_ANSWER_LIMIT_MS, answerLimitMs) + sendingMs;
	return await repeatSubmit(
		async () => {
			if (stop.aborted) throw new Stopped();
			submit.record({ state: 'sending' });
			const job = await client.submitJob(endpoint.path, body, limitMs).catch((error: unknown) => {
				if (error instanceof LtxError) recordFailure(item, error);
				throw error;
			});
			submit.record({ state: 'accepted', job, ...submission });
			item.log(
				'info',
				`LTX accepted ${endpoint.path} job ${cleanText(job.id)} (item ${item.index})`,
			);
			return job;
		},
		{ clock, stop, deadline: Deadline.in(patienceMs, clock), onRepeat: item.onRepeat },
	).catch((error: unknown) => {
		throw withDocumentedValues(item, body, error);
	});
}

/** A submit that may have been accepted stays in the ledger: no try sends it again. */
function recordFailure({ index, log, submit }: Item, error: LtxError): void {
	if (error.wasRefused) {
		submit.release();
		return;
	}
	log('warn', `Item ${index}: ${error.message}`);
	const { type, message, advice, httpStatus, requestId } = error;
	submit.record({ state: 'lost', failure: { type, message, advice, httpStatus, requestId } });
}

/** The error of an item whose submit got no clear answer in an earlier try. */
function lostBefore(entry: Exclude<LedgerEntry, { state: 'accepted' }>): LtxError {
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
	if (!(error instanceof LtxError) || error.httpStatus !== 400) return error;
	const documented = item.endpoint.describeDocumented?.(body);
	return documented ? error.with({ advice: `${error.advice} ${documented}` }) : error;
}

function readMaxCostUsd({ option }: Item): number | undefined {
	const maxCostUsd = option('maxCostUsd');
	return maxCostUsd === undefined ? undefined : toPositiveNumber('Max Cost', maxCostUsd);
}

/** What the output says of the price, which is nothing where only its most is known. */
function estimateOf(price: Price): IDataObject {
	return 'usd' in price && price.isExact ? { estimated_cost_usd: price.usd } : {};
}

/** A submit that an earlier try has made: nothing is sent, and nothing paid. */
function takeUp(item: Item, entry: AcceptedEntry, maxUsd: number | undefined): PreparedSubmit {
	const { job, extra, usd = 0 } = entry;
	const send = async () => {
		item.submit.record(entry);
		item.log(
			'info',
			`Taking up LTX job ${cleanText(job.id)} of an earlier try (item ${item.index})`,
		);
		return { job, extra, isResumed: true };
	};
	return { send, cost: { price: { usd, isExact: true }, maxUsd, isPaid: true } };
}

/**
 * Checks the input of a submit. What an earlier try has submitted is taken up.
 *
 * @param patienceMs how long refusals that pass, such as a full queue, are waited out
 */
export async function prepareSubmit(item: Item, patienceMs: number): Promise<PreparedSubmit> {
	const maxUsd = readMaxCostUsd(item);
	const known = item.submit.entry();
	if (known?.state === 'accepted') return takeUp(item, known, maxUsd);
	if (known) throw lostBefore(known);
	const request = await prepareRequest(item);
	const requestHash = hashRequest(item.endpoint.path, request);
	const inherited = item.submit.inherit(requestHash);
	if (inherited) return takeUp(item, { ...inherited, isInherited: true }, maxUsd);
	const price = item.endpoint.price(request);
	const send = async () => await submitNow(item, { request, requestHash, price }, patienceMs);
	return { send, cost: { price, maxUsd } };
}

async function submitNow(
	item: Item,
	{
		request,
		requestHash,
		price,
	}: { request: PreparedRequest; requestHash: RequestHash; price: Price },
	patienceMs: number,
): Promise<SubmittedJob> {
	const { body, uploadedUris } = await uploadFiles(item, request);
	const extra = { ...uploadedUris, ...estimateOf(price) };
	const usd = 'usd' in price ? price.usd : undefined;
	const job = await submitUntilAnswered(item, { body, extra, requestHash, usd }, patienceMs);
	return { job, extra, isResumed: false };
}

/** Submits a job and does not wait for it. */
export const submit: Operation = async (item) => {
	const { send, cost } = await prepareSubmit(item, SUBMIT_PATIENCE_MS);
	const run = async (): Promise<ItemResult> => {
		const { job, extra, isResumed } = await send();
		const json = { ...job, status: 'pending', endpoint: item.endpoint.path, ...extra };
		return { json, isTakenUp: isResumed };
	};
	return { run, cost };
};
