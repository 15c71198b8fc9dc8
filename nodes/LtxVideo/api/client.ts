import type { IHttpRequestOptions } from 'n8n-workflow';

import { errorOfAnswer, isPassingStatus, isUnknown, type Action, type Answer } from './answers';
import { LtxError, Stopped } from './errors';
import type { AcceptedJob, Job, UploadSlot } from './job';
import { isRecord } from './json';
import { withinLimits, type Limits } from './limits';
import { CHECK_NETWORK, describeNetworkFault, isBlockedByN8n, neverLeft } from './networkFaults';
import type { Redactor } from './redact';
import { errorOfSubmitAnswer, errorOfSubmitFault } from './submitErrors';

/** Sends one request with the API key. Resolves with `{ statusCode, headers, body }`. */
export type SendWithKey = (options: IHttpRequestOptions) => Promise<unknown>;

/** The three calls that carry the key. Nothing else in this package sees it. */
export interface LtxClient {
	submitJob(path: string, body: Record<string, unknown>, limitMs: number): Promise<AcceptedJob>;
	getJob(path: string, jobId: string, limits: Limits): Promise<Job>;
	createUpload(limits: Limits): Promise<UploadSlot>;
	/** Whether the host has given any answer yet. */
	wasReached(): boolean;
}

const GET_STATUS: Action = { name: 'Get Status', isAboutJob: true };
const UPLOAD: Action = { name: 'Upload' };

function isSuccess(answer: Answer): boolean {
	return answer.status >= 200 && answer.status < 300;
}

function networkErrorOf({ name }: Action, error: unknown): Error {
	if (error instanceof Stopped) return error;
	const reason = describeNetworkFault(error);
	return new LtxError('network_error', `${name} could not reach LTX: ${reason}`, {
		isPassing: !isBlockedByN8n(error),
		isUnreachable: neverLeft(error),
		advice: CHECK_NETWORK,
	});
}

function jobIdOf(body: unknown): string | undefined {
	if (!isRecord(body)) return undefined;
	const { id } = body;
	return (typeof id === 'string' && id.trim() !== '') || typeof id === 'number'
		? String(id)
		: undefined;
}

function isUploadSlot(body: unknown): body is UploadSlot {
	return (
		isRecord(body) &&
		typeof body.upload_url === 'string' &&
		typeof body.storage_uri === 'string' &&
		(body.required_headers == null || isRecord(body.required_headers))
	);
}

// Of the two limits of a request, ours is to end it: it says for how long nothing came.
const AFTER_LIMIT_MS = 1_000;

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** n8n does not send an empty object, unless it is a text. */
function bodyOptions(body: Record<string, unknown>): Pick<IHttpRequestOptions, 'body' | 'headers'> {
	return Object.keys(body).length > 0 ? { body } : { body: '{}', headers: JSON_TYPE };
}

/**
 * @param baseUrl without a slash at its end
 * @param redactor applied to every answer before anything else sees it
 */
export function createClient(send: SendWithKey, baseUrl: string, redactor: Redactor): LtxClient {
	let wasReached = false;

	async function exchange(
		method: 'GET' | 'POST',
		path: string,
		limits: Limits,
		body?: Record<string, unknown>,
	): Promise<Answer> {
		const response = (await withinLimits(limits, async (signal) => {
			return await send({
				method,
				url: `${baseUrl}${path}`,
				...(body && bodyOptions(body)),
				json: true,
				abortSignal: signal,
				// A redirect would carry the key to wherever it points.
				disableFollowRedirect: true,
				// Errors are read from the answer: a thrown one hides status, headers and body.
				ignoreHttpStatusErrors: true,
				returnFullResponse: true,
				// The library's own limit is shorter than the longest of ours.
				timeout: Math.ceil(limits.limitMs) + AFTER_LIMIT_MS,
			});
		})) as { statusCode: number; headers: Answer['headers']; body: unknown };
		wasReached = true;
		return redactor.value({
			status: response.statusCode,
			headers: response.headers,
			body: response.body,
		});
	}

	/** For requests that may be repeated at no cost. */
	async function exchangeFreely(
		action: Action,
		...request: Parameters<typeof exchange>
	): Promise<Answer> {
		const answer = await exchange(...request).catch((error: unknown) => {
			throw networkErrorOf(action, error);
		});
		if (isSuccess(answer)) return answer;
		throw errorOfAnswer(action, answer, {
			isPassing: isPassingStatus(answer.status),
			isUnknownJob: action.isAboutJob && isUnknown(answer),
		});
	}

	return {
		wasReached: () => wasReached,

		async submitJob(path, body, limitMs) {
			// No stop signal: an answer on its way may hold the id of a job that is paid for.
			const answer = await exchange('POST', `/v2/${path}`, { limitMs }, body).catch(
				(error: unknown) => {
					throw errorOfSubmitFault(error);
				},
			);
			const id = isSuccess(answer) ? jobIdOf(answer.body) : undefined;
			if (id === undefined) throw errorOfSubmitAnswer(answer);
			const { created_at } = answer.body as Record<string, unknown>;
			return { id, ...(typeof created_at === 'string' && { created_at }) };
		},

		async getJob(path, jobId, limits) {
			const answer = await exchangeFreely(
				GET_STATUS,
				'GET',
				`/v2/${path}/${encodeURIComponent(jobId.replace(/\p{Surrogate}/gu, '\ufffd'))}`,
				limits,
			);
			const { body } = answer;
			if (isRecord(body) && typeof body.status === 'string') {
				return { ...body, id: jobIdOf(body) ?? jobId, status: body.status };
			}
			throw errorOfAnswer(GET_STATUS, answer, { isPassing: true });
		},

		async createUpload(limits) {
			const answer = await exchangeFreely(UPLOAD, 'POST', '/v1/upload', limits);
			if (isUploadSlot(answer.body)) return answer.body;
			throw errorOfAnswer(UPLOAD, answer, { isPassing: true });
		},
	};
}
