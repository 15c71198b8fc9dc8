import type { IDataObject } from 'n8n-workflow';

import { apiErrorOf } from '../api/answers';
import { LtxError, rethrowWith } from '../api/errors';
import { ASK_SUPPORT, errorText } from '../api/errorTexts';
import { cleanText } from '../api/redact';
import { isCompleted, isFailed, type Job } from '../api/job';
import { toJobId, toOneOf, toPositiveNumber } from '../endpoints/fields/values';
import { POLL_LIMIT_MS, waitForJob, type WaitResult } from '../api/waitForJob';
import type { Item, ItemResult, Operation } from './item';
import { fetchResult, fileUrlOf, readDownloadTarget, toJson, type DownloadTarget } from './result';

const DEFAULT_POLL_INTERVAL_SECONDS = 5;
const DEFAULT_MAX_WAIT_MINUTES = 20;

export interface WaitSettings {
	pollIntervalMs: number;
	maxWaitMs: number;
	onTimeout: 'error' | 'returnJob';
	download: DownloadTarget;
}

export function readWaitSettings(item: Item): WaitSettings {
	const options = item.collection('options');
	const intervalSeconds = options.pollInterval ?? DEFAULT_POLL_INTERVAL_SECONDS;
	const maxWaitMinutes = options.maxWait ?? DEFAULT_MAX_WAIT_MINUTES;
	return {
		pollIntervalMs: toPositiveNumber('Poll Interval', intervalSeconds) * 1000,
		maxWaitMs: toPositiveNumber('Max Wait', maxWaitMinutes) * 60_000,
		onTimeout: toOneOf('On Timeout', options.onTimeout ?? 'error', ['error', 'returnJob']),
		download: readDownloadTarget(item, true),
	};
}

function failedJobError(job: Job): LtxError {
	const { type, message } = apiErrorOf(job.error);
	const { what, advice } = errorText(type) ?? { what: 'LTX gave an error', advice: ASK_SUPPORT };
	return new LtxError(
		type ? cleanText(type) : 'unexpected_answer',
		`The job failed: ${what}${message ? `: ${cleanText(message)}` : ''}`,
		{ advice: `${advice} Failed jobs are not charged.` },
	);
}

function timeoutError({ job, lastFault }: WaitResult, { maxWaitMs }: WaitSettings): LtxError {
	const minutes = Math.round((maxWaitMs / 60_000) * 100) / 100;
	const status = job ? `is still ${cleanText(job.status)}` : 'gave no status';
	const fault = lastFault ? `; the last status request failed: ${lastFault.message}` : '';
	return new LtxError('timeout', `The job ${status} after ${minutes} minutes${fault}`, {
		advice:
			'The job goes on and will be charged. Take it up with the operation Wait and its ID, or raise Max Wait.',
		httpStatus: lastFault?.httpStatus,
		requestId: lastFault?.requestId,
	});
}

/**
 * Follows a job to its end and fetches its file.
 *
 * @param pollsAtOnce whether the job may be done already
 * @param extra fields that go into the output beside the job's own
 * @throws {LtxError} with the job's id
 */
export async function followJob(
	item: Item,
	known: Partial<Job> & { id: string },
	settings: WaitSettings,
	{ pollsAtOnce, extra = {} }: { pollsAtOnce: boolean; extra?: IDataObject },
): Promise<ItemResult> {
	const { client, clock, endpoint, stop } = item;
	const { id: jobId } = known;
	const startMs = clock.nowMs();
	const deadlineMs = startMs + settings.maxWaitMs;

	async function follow(): Promise<ItemResult> {
		const waited = await waitForJob({
			...settings,
			clock,
			stop,
			startMs,
			pollsAtOnce,
			poll: async (limits) => await client.getJob(endpoint.path, jobId, limits),
			onStatus: (job) =>
				item.log('debug', `LTX job ${cleanText(jobId)} is ${cleanText(job.status)}`),
		});
		const waitedSeconds = Math.round((clock.nowMs() - startMs) / 100) / 10;
		let { polls } = waited;
		let { job = known } = waited;
		const toResult = (binary?: ItemResult['binary']): ItemResult => ({
			json: { ...toJson(item, job), ...extra, polls, waited_seconds: waitedSeconds },
			...(binary && { binary }),
		});

		if (waited.timedOut) {
			if (settings.onTimeout === 'returnJob') return toResult();
			throw timeoutError(waited, settings);
		}
		const ended = waited.job as Job;
		if (isFailed(ended)) {
			item.submit.release();
			throw failedJobError(ended);
		}
		if (!isCompleted(ended)) {
			const status = cleanText(ended.status);
			throw new LtxError('unexpected_status', `The job has the unknown status "${status}"`, {
				advice:
					'This version of the node does not know what it means. Look at the job with Get Status, and update the node.',
			});
		}
		const url = fileUrlOf(item, ended);
		if (url === undefined) {
			throw new LtxError(
				'unexpected_answer',
				'The job is completed, but LTX gave no URL for its file',
				{
					advice:
						'Look at the job with Get Status. If it has no result there either, ask LTX support.',
				},
			);
		}
		if (settings.download === undefined) return toResult();
		const getJob = async () => {
			polls++;
			const limitMs = Math.max(1, Math.min(POLL_LIMIT_MS, deadlineMs - clock.nowMs()));
			const fresh = await client.getJob(endpoint.path, jobId, { limitMs, stop });
			job = fresh;
			return fresh;
		};
		const limits = { deadlineMs, lastTryMs: deadlineMs, getJob };
		return toResult({ [settings.download]: await fetchResult(item, ended, url, limits) });
	}

	return await follow().catch(rethrowWith({ jobId }));
}

/** Waits for a job that was submitted before. */
export const wait: Operation = async (item) => {
	const id = toJobId(item.parameter('jobId'));
	const settings = readWaitSettings(item);
	return { run: async () => await followJob(item, { id }, settings, { pollsAtOnce: true }) };
};
