import { cleanText } from './redact';

/** What the callers of the API need to know about a failure, beside its words. */
export interface LtxErrorDetails {
	/** What the user can do about it, as a sentence. */
	advice?: string;
	httpStatus?: number;
	/** `x-request-id` of the answer, which LTX support asks for. */
	requestId?: string;
	jobId?: string;
	/** Goes into the failed item's `video_url` only, never into a text. */
	videoUrl?: string;
	/** From `Retry-After`. */
	retryAfterMs?: number;
	/** Trying the same request again later may work, and pays for nothing twice. */
	isPassing?: boolean;
	/** The host could not even be connected to. */
	isUnreachable?: boolean;
	/** The API does not know the job. */
	isUnknownJob?: boolean;
	/** Only for submits: it is certain that no job was accepted. */
	wasRefused?: boolean;
}

/**
 * A failure of one item, in words for people.
 *
 * `type` is the API's own error type where it answered with one, else one of `invalid_input`,
 * `upload_failed`, `answer_lost`, `network_error`, `unexpected_answer`, `unexpected_status`,
 * `timeout`, `download_failed`, `budget_exceeded`.
 */
export class LtxError extends Error {
	readonly advice?: string;
	readonly httpStatus?: number;
	readonly requestId?: string;
	readonly jobId?: string;
	readonly videoUrl?: string;
	readonly retryAfterMs?: number;
	readonly isPassing: boolean;
	readonly isUnreachable: boolean;
	readonly isUnknownJob: boolean;
	readonly wasRefused: boolean;

	constructor(
		readonly type: string,
		message: string,
		details: LtxErrorDetails = {},
	) {
		super(message);
		this.name = 'LtxError';
		this.advice = details.advice;
		this.httpStatus = details.httpStatus;
		this.requestId = details.requestId;
		this.jobId = details.jobId;
		this.videoUrl = details.videoUrl;
		this.retryAfterMs = details.retryAfterMs;
		this.isPassing = details.isPassing ?? false;
		this.isUnreachable = details.isUnreachable ?? false;
		this.isUnknownJob = details.isUnknownJob ?? false;
		this.wasRefused = details.wasRefused ?? false;
	}

	/** The same failure with some details added or replaced. */
	with(details: LtxErrorDetails, message: string = this.message): LtxError {
		return new LtxError(this.type, message, { ...this, ...details });
	}
}

/** The work was given up because the execution was stopped or another item ended the node. */
export class Stopped extends Error {}

/**
 * Any failure as one of ours, with its words. Not ours are those of n8n itself: an expression that
 * cannot be resolved, a credential that is missing, a disk that is full.
 */
export function asLtxError(error: unknown, type: string): LtxError {
	if (error instanceof LtxError) return error;
	const message = error instanceof Error ? error.message : String(error);
	const hasDescription =
		error instanceof Error && 'description' in error && typeof error.description === 'string';
	return new LtxError(type, cleanText(message), {
		advice: hasDescription ? cleanText(error.description as string) : undefined,
	});
}

/** For `catch`: passes a failure on with the id of the job that it is about. */
export function rethrowWith(details: LtxErrorDetails): (error: unknown) => never {
	return (error) => {
		throw error instanceof Stopped ? error : asLtxError(error, 'unexpected_answer').with(details);
	};
}

/**
 * Input that makes no sense, found before anything was sent. What the message quotes of it may be a
 * signed address that got into the wrong field.
 */
export function invalidInput(message: string, advice?: string): LtxError {
	return new LtxError('invalid_input', cleanText(message), { advice, wasRefused: true });
}

/** True for failures that may go away by themselves. */
export function isPassing(error: unknown): error is LtxError {
	return error instanceof LtxError && error.isPassing;
}
