import type { IDataObject } from 'n8n-workflow';

import { apiErrorOf, wordsOf } from '../api/answers';
import { Deadline } from '../api/deadline';
import { LtxError, rethrowWith } from '../api/errors';
import { ASK_SUPPORT, errorText } from '../api/errorTexts';
import { isCompleted, isFailed, type Job } from '../api/job';
import { cleanText } from '../api/redact';
import { POLL_LIMIT_MS, waitForJob, type WaitResult } from '../api/waitForJob';
import { toJobId, toOneOf, toPositiveNumber } from '../endpoints/fields/values';
import { MINUTES, SECONDS } from '../endpoints/fields/words';
import { isSampleId } from '../sample/sample';
import type { Item, ItemResult, Operation } from './item';
import {
	fetchResult,
	fileUrlsOf,
	giveSample,
	readDownloadTarget,
	settingOf,
	toJson,
	withoutReplacing,
	type DownloadTarget,
} from './result';

const DEFAULT_POLL_INTERVAL_SECONDS = 5;
const DEFAULT_MAX_WAIT_MINUTES = 20;

/** As the panel calls them. */
const ON_TIMEOUT = [
	{ name: 'Throw an Error', value: 'error' },
	{ name: 'Return the Job', value: 'returnJob' },
];

export interface WaitSettings {
	pollIntervalMs: number;
	maxWaitMs: number;
	onTimeout: 'error' | 'returnJob';
	download: DownloadTarget;
}

export function readWaitSettings(item: Item): WaitSettings {
	const { option } = item;
	const intervalSeconds = settingOf(option, 'pollInterval', DEFAULT_POLL_INTERVAL_SECONDS);
	const maxWaitMinutes = settingOf(option, 'maxWait', DEFAULT_MAX_WAIT_MINUTES);
	const onTimeout = settingOf(option, 'onTimeout', 'error');
	return {
		pollIntervalMs: toPositiveNumber('Poll Interval', intervalSeconds, SECONDS) * 1000,
		maxWaitMs: toPositiveNumber('Max Wait', maxWaitMinutes, MINUTES) * 60_000,
		onTimeout: toOneOf('On Timeout', onTimeout, ['error', 'returnJob'], ON_TIMEOUT),
		download: readDownloadTarget(item, true),
	};
}

const REFUSED_INPUT = 'invalid_request_error';

function failedJobError({ endpoint }: Item, job: Job): LtxError {
	const { type } = apiErrorOf(job.error);
	const words = wordsOf(job.error);
	const { what, advice } = errorText(type) ?? { what: 'LTX gave an error', advice: ASK_SUPPORT };
	const documented = type === REFUSED_INPUT ? endpoint.describeDocumented?.({}) : undefined;
	return new LtxError(
		type ? cleanText(type) : 'unexpected_answer',
		`The job failed: ${what}${words ? `: ${cleanText(words)}` : ''}`,
		{ advice: [advice, 'Failed jobs are not charged.', documented].filter(Boolean).join(' ') },
	);
}

function timeoutError({ job, lastFault }: WaitResult, { maxWaitMs }: WaitSettings): LtxError {
	const minutes = Math.round((maxWaitMs / 60_000) * 100) / 100;
	const status = job ? `is still ${cleanText(job.status)}` : 'gave no status';
	const fault = lastFault ? `; the last status request failed: ${lastFault.message}` : '';
	return new LtxError('timeout', `The job ${status} after ${minutes} minutes${fault}`, {
		advice:
			'The job goes on and will be charged. Fetch it with its ID and the operation Wait, in a node of its own, or raise Max Wait.',
		httpStatus: lastFault?.httpStatus,
		requestId: lastFault?.requestId,
	});
}

/**
 * Follows a job to its end and fetches its files.
 *
 * @param pollsAtOnce whether the job may be done already
 * @param isSample whether it is none of LTX: the API may give any id
 * @param extra fields that go into the output beside the job's own
 * @param seen the job as it was a moment ago, in place of the first poll
 * @throws {LtxError} with the job's id
 */
export async function followJob(
	item: Item,
	known: Partial<Job> & { id: string },
	settings: WaitSettings,
	{
		pollsAtOnce,
		isSample = false,
		extra = {},
		seen,
	}: { pollsAtOnce: boolean; isSample?: boolean; extra?: IDataObject; seen?: Job },
): Promise<ItemResult> {
	const { client, clock, endpoint, stop } = item;
	const { id: jobId } = known;
	const startMs = clock.nowMs();
	const deadline = Deadline.in(settings.maxWaitMs, clock);
	const { download } = settings;
	if (isSample) {
		const told = { ...extra, polls: 0, waited_seconds: 0 };
		return await giveSample(item, known, download, settings.maxWaitMs, told);
	}
	let firstLook = seen;

	async function follow(): Promise<ItemResult> {
		const wait = async () =>
			await waitForJob({
				...settings,
				clock,
				stop,
				deadline,
				pollsAtOnce,
				async poll(limits) {
					const job = firstLook ?? (await client.getJob(endpoint.path, jobId, limits));
					firstLook = undefined;
					return job;
				},
				onStatus: (job) =>
					item.log('debug', `LTX job ${cleanText(jobId)} is ${cleanText(job.status)}`),
			});
		const waited = await item.line.watch(wait);
		const waitedSeconds = Math.round((clock.nowMs() - startMs) / 100) / 10;
		let { polls } = waited;
		let { job = known } = waited;
		const toResult = (): ItemResult => ({
			json: withoutReplacing(toJson(item, job), {
				...extra,
				polls,
				waited_seconds: waitedSeconds,
			}),
		});

		if (waited.timedOut) {
			if (settings.onTimeout === 'returnJob') return { ...toResult(), isUnfinished: true };
			throw timeoutError(waited, settings);
		}
		const ended = waited.job as Job;
		checkEnd(item, ended);
		if (!download) return toResult();
		const getJob = async () => {
			polls++;
			const fresh = await client.getJob(endpoint.path, jobId, {
				limitMs: deadline.limitMs(POLL_LIMIT_MS),
				stop,
			});
			job = fresh;
			return fresh;
		};
		const limits = { deadline, lastTry: () => deadline, getJob };
		const binary = await fetchResult(item, ended, download, limits);
		return { ...toResult(), binary };
	}

	return await follow().catch(rethrowWith({ jobId }));
}

/** @throws {LtxError} where the job ended in any other way than well, or has no file */
function checkEnd(item: Item, job: Job): void {
	if (isFailed(job)) {
		item.paid.release();
		throw failedJobError(item, job);
	}
	if (!isCompleted(job)) {
		const status = cleanText(job.status);
		throw new LtxError('unexpected_status', `The job has the unknown status "${status}"`, {
			advice:
				'This version of the node does not know what it means. Look at the job with Get Status, and update the node.',
		});
	}
	if (fileUrlsOf(item, job).size > 0) return;
	const { key } = item.endpoint.result;
	throw new LtxError(
		'unexpected_answer',
		`The job is completed, but LTX gave no URL for ${key === undefined ? 'any file' : `its file (${key})`}`,
		{
			advice: 'Look at the job with Get Status. If it has no result there either, ask LTX support.',
		},
	);
}

const PINNED =
	'If its ID comes from a pinned output, open the node that has it, click Unpin above the output, and run that node again, which is charged.';

/** Waits for a job that was submitted before. */
export const wait: Operation = async (item) => {
	const id = toJobId(item.parameter('jobId'));
	const settings = readWaitSettings(item);
	const how = { pollsAtOnce: true, isSample: isSampleId(id) };
	const run = async () =>
		await followJob(item, { id }, settings, how).catch((error: unknown) => {
			const isUnknown = error instanceof LtxError && error.isUnknownJob;
			throw isUnknown ? error.with({ advice: `${error.advice} ${PINNED}` }) : error;
		});
	return { run };
};
