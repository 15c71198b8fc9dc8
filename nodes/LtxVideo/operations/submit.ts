import type { IDataObject } from 'n8n-workflow';

import { LOST_ADVICE } from '../api/client';
import { LtxError, Stopped } from '../api/errors';
import { cleanText } from '../api/redact';
import { repeatWhilePassing } from '../api/repeat';
import type { AcceptedJob } from '../api/job';
import { toPositiveNumber } from '../endpoints/fields/values';
import type { Cost, Item, ItemResult, Operation } from './item';
import type { LedgerEntry } from './ledger';
import { prepareRequest, resolveMedia } from './request';

export interface SubmittedJob {
	job: AcceptedJob;
	/** What the output has beside the job: the URIs of uploads by API field, the estimated cost. */
	extra: IDataObject;
	/** True where an earlier try of this run submitted the job. */
	isResumed: boolean;
}

/** The submitting half of an operation, checked and ready to be sent. */
export interface PreparedSubmit {
	send(): Promise<SubmittedJob>;
	cost: Cost;
}

const SUBMIT_PATIENCE_MS = 5 * 60_000;
const REQUEST_LIMIT_MS = 60_000;
// A request that is cut short loses its answer, and with it a paid job: even the shortest Max Wait
// leaves LTX this long to give one.
const SHORTEST_REQUEST_LIMIT_MS = 3_000;

/** Sends the request until it is accepted or refused for good. Keeps the ledger. */
async function submitOnce(
	item: Item,
	body: Record<string, unknown>,
	extra: IDataObject,
	patienceMs: number,
): Promise<AcceptedJob> {
	const { client, clock, endpoint, stop, submit } = item;
	const limitMs = Math.max(SHORTEST_REQUEST_LIMIT_MS, Math.min(REQUEST_LIMIT_MS, patienceMs));
	return await repeatWhilePassing(
		async () => {
			if (stop.aborted) throw new Stopped();
			submit.record({ state: 'sending' });
			const job = await client.submitJob(endpoint.path, body, limitMs).catch((error: unknown) => {
				if (error instanceof LtxError) recordFailure(item, error);
				throw error;
			});
			submit.record({ state: 'accepted', job, extra });
			item.log(
				'info',
				`LTX accepted ${endpoint.path} job ${cleanText(job.id)} (item ${item.index})`,
			);
			return job;
		},
		{ clock, stop, untilMs: clock.nowMs() + patienceMs },
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

function readMaxCostUsd(item: Item): number | undefined {
	const { maxCostUsd } = item.collection('options');
	return maxCostUsd === undefined ? undefined : toPositiveNumber('Max Cost', maxCostUsd);
}

/**
 * Checks the input of a submit. What an earlier try of this run has submitted is taken up.
 *
 * @param patienceMs how long refusals that pass, such as a full queue, are waited out
 */
export async function prepareSubmit(item: Item, patienceMs: number): Promise<PreparedSubmit> {
	const maxUsd = readMaxCostUsd(item);
	const known = item.submit.entry();
	if (known?.state === 'accepted') {
		const { job, extra } = known;
		const send = async () => {
			item.log(
				'info',
				`Taking up LTX job ${cleanText(job.id)} of an earlier try (item ${item.index})`,
			);
			return { job, extra, isResumed: true };
		};
		return { send, cost: { estimatedUsd: extra.estimated_cost_usd as number | undefined, maxUsd } };
	}
	if (known) throw lostBefore(known);
	const request = await prepareRequest(item);
	const estimatedUsd = item.endpoint.estimateCostUsd?.(request.body);
	const send = async () => {
		const { body, uploadedUris } = await resolveMedia(item, request);
		const extra = {
			...uploadedUris,
			...(estimatedUsd !== undefined && { estimated_cost_usd: estimatedUsd }),
		};
		const job = await submitOnce(item, body, extra, patienceMs);
		return { job, extra, isResumed: false };
	};
	return { send, cost: { estimatedUsd, maxUsd } };
}

/** Submits a job and does not wait for it. */
export const submit: Operation = async (item) => {
	const { send, cost } = await prepareSubmit(item, SUBMIT_PATIENCE_MS);
	const run = async (): Promise<ItemResult> => {
		const { job, extra } = await send();
		return { json: { ...job, status: 'pending', endpoint: item.endpoint.path, ...extra } };
	};
	return { run, cost };
};
