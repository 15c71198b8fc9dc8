import { LOST_ADVICE } from '../api/client';
import { LtxError, Stopped } from '../api/errors';
import { cleanText } from '../api/redact';
import { repeatWhilePassing } from '../api/repeat';
import type { AcceptedJob } from '../api/types';
import type { Item, Operation } from '../item';
import type { LedgerEntry } from '../ledger';
import { prepareRequest, resolveMedia } from './request';

export interface SubmittedJob {
	job: AcceptedJob;
	/** API field → `ltx://` URI of what the node uploaded for it. */
	uploadedUris: Record<string, string>;
	/** True where an earlier try of this run submitted the job. */
	isResumed: boolean;
}

const SUBMIT_PATIENCE_MS = 5 * 60_000;
const REQUEST_LIMIT_MS = 60_000;
// A request that is cut short loses its answer, so none begins with less time than this.
const LEAST_REQUEST_MS = 10_000;

/** Sends the request until it is accepted or refused for good. Keeps the ledger. */
async function submitOnce(
	item: Item,
	body: Record<string, unknown>,
	uploadedUris: Record<string, string>,
	patienceMs: number,
): Promise<AcceptedJob> {
	const { client, clock, endpoint, stop, submit } = item;
	const endMs = clock.nowMs() + patienceMs;
	return await repeatWhilePassing(
		async () => {
			if (stop.aborted) throw new Stopped();
			submit.record({ state: 'sending' });
			const limitMs = Math.min(REQUEST_LIMIT_MS, endMs - clock.nowMs());
			const job = await client.submitJob(endpoint.path, body, limitMs).catch((error: unknown) => {
				if (error instanceof LtxError) recordFailure(item, error);
				throw error;
			});
			submit.record({ state: 'accepted', job, uploadedUris });
			item.log(
				'info',
				`LTX accepted ${endpoint.path} job ${cleanText(job.id)} (item ${item.index})`,
			);
			return job;
		},
		{ clock, stop, untilMs: endMs - Math.min(LEAST_REQUEST_MS, patienceMs / 4) },
	).catch((error: unknown) => {
		throw withDocumentedValues(item, body, error);
	});
}

/** A submit that may have been accepted stays in the ledger: no try sends it again. */
function recordFailure({ submit }: Item, error: LtxError): void {
	if (error.wasRefused) {
		submit.forget();
		return;
	}
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
	const documented = item.endpoint.describeDocumented(body);
	return documented ? error.with({ advice: `${error.advice} ${documented}` }) : error;
}

/**
 * The submitting half of an operation: checks the input, then sends it, unless an earlier try of
 * this run has done so.
 *
 * @param patienceMs how long refusals that pass, such as a full queue, are waited out
 */
export async function prepareSubmit(
	item: Item,
	patienceMs: number,
): Promise<() => Promise<SubmittedJob>> {
	const known = item.submit.entry();
	if (known?.state === 'accepted') {
		const { job, uploadedUris } = known;
		return async () => {
			item.log(
				'info',
				`Taking up LTX job ${cleanText(job.id)} of an earlier try (item ${item.index})`,
			);
			return { job, uploadedUris, isResumed: true };
		};
	}
	if (known) throw lostBefore(known);
	const request = await prepareRequest(item);
	return async () => {
		const { body, uploadedUris } = await resolveMedia(item, request);
		const job = await submitOnce(item, body, uploadedUris, patienceMs);
		return { job, uploadedUris, isResumed: false };
	};
}

/** Submits a job and does not wait for it. */
export const submit: Operation = async (item) => {
	const send = await prepareSubmit(item, SUBMIT_PATIENCE_MS);
	return async () => {
		const { job, uploadedUris } = await send();
		return {
			json: { ...job, status: 'pending', endpoint: item.endpoint.path, ...uploadedUris },
		};
	};
};
