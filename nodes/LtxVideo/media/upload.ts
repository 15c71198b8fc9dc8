import type { IExecuteFunctions } from 'n8n-workflow';

import { isMarkup, isPassingStatus, wordsOf } from '../api/answers';
import type { LtxClient } from '../api/client';
import type { Clock } from '../api/clock';
import { Deadline } from '../api/deadline';
import { asLtxError, LtxError, Stopped } from '../api/errors';
import type { UploadSlot } from '../api/job';
import { withinLimits } from '../api/limits';
import { describeNetworkFault, isBlockedByN8n } from '../api/networkFaults';
import { cleanText } from '../api/redact';
import { repeatWhilePassing } from '../api/repeat';
import { watchIntake } from './byteStreams';
import type { InspectedFile } from './inspect';
import { describeStorageFault } from './storageFaults';

type HttpHelper = Pick<IExecuteFunctions['helpers'], 'httpRequest'>;

// LTX itself can take half a minute when it is busy.
const SLOT_LIMIT_MS = 60_000;
// What was read last may still lie in the buffers of the connection, on its way over a slow line.
const PUT_SILENCE_MS = 60_000;
// No new try begins after it. One that flows may take longer, at the pace of a slow line.
const UPLOAD_LIMIT_MS = 5 * 60_000;
const SLOWEST_BYTES_PER_MS = 64;
// A host that could never be reached is told sooner: the address is more likely wrong than busy.
const UNREACHABLE_LIMIT_MS = 20_000;
// A storage that refuses fresh slots so often will not take the next one either.
const MOST_REFUSED_SLOTS = 5;

const UPLOAD_FAILED = 'The upload of the file failed';
const UPLOAD_ADVICE = 'Uploads are free. LTX or its storage may be down: this mostly passes.';

const CONTENT_TOO_LARGE = 413;

function uploadFault(error: unknown): LtxError {
	const storageFault = describeStorageFault(error);
	if (storageFault !== undefined) return storageFailed(storageFault);
	return new LtxError('upload_failed', `${UPLOAD_FAILED}: ${describeNetworkFault(error)}`, {
		isPassing: !isBlockedByN8n(error),
		advice: UPLOAD_ADVICE,
	});
}

/** n8n's own storage failed: trying again would not help. */
function storageFailed(reason: string): LtxError {
	return new LtxError('upload_failed', `n8n could not read the file: ${reason}`, {
		advice: 'Check the storage of n8n.',
	});
}

interface StorageAnswer {
	statusCode: number;
	body?: unknown;
}

/** @returns what the storage answered */
async function putFile(
	helpers: HttpHelper,
	file: InspectedFile,
	slot: UploadSlot,
	limits: { limitMs: number; stop: AbortSignal },
): Promise<StorageAnswer> {
	const open = async (signal: AbortSignal) => {
		const opened = await file.open();
		if (signal.aborted && !Buffer.isBuffer(opened)) opened.destroy();
		return opened;
	};
	const body = await withinLimits(limits, open).catch((error: unknown) => {
		if (error instanceof Stopped) throw error;
		throw storageFailed(describeStorageFault(error) ?? asLtxError(error, 'upload_failed').message);
	});
	const isStream = !Buffer.isBuffer(body);
	let readFault: unknown;
	// A stream that fails while nobody reads it would take the whole process down.
	if (isStream) body.on('error', (error) => (readFault = error));
	const headers = slot.required_headers ?? {};
	const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
	const silenceMs = isStream ? PUT_SILENCE_MS : limits.limitMs;
	return (await withinLimits({ ...limits, silenceMs }, async (signal, watch) => {
		const intake = isStream ? watchIntake(body) : undefined;
		if (intake) watch(() => intake.bytes);
		return await helpers.httpRequest({
			method: 'PUT',
			url: slot.upload_url,
			headers: {
				...headers,
				...(!hasType && { 'Content-Type': file.mimeType }),
				'Content-Length': file.sizeBytes,
			},
			body,
			abortSignal: signal,
			timeout: Math.ceil(limits.limitMs),
			// Following a redirect would keep the whole file in memory to send it twice.
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
		});
	})
		.catch((error: unknown) => {
			throw error instanceof Stopped ? error : uploadFault(readFault ?? error);
		})
		.finally(() => {
			if (isStream) body.destroy();
		})) as StorageAnswer;
}

// As object stores write: `<Error><Code>…</Code><Message>…</Message></Error>`.
const WORDS_IN_XML = /<Message>([^<]+)</i;

function wordsOfStorage(body: unknown): string {
	const words = isMarkup(body) ? WORDS_IN_XML.exec(body)?.[1] : wordsOf(body);
	return words === undefined ? '' : `: ${cleanText(words)}`;
}

/** The error of a storage that did not take a file. */
function refusedPut({ statusCode: status, body }: StorageAnswer, isLastSlot: boolean): LtxError {
	const isTooLarge = status === CONTENT_TOO_LARGE;
	const answered = `the storage answered HTTP ${status}${wordsOfStorage(body)}`;
	return new LtxError('upload_failed', `${UPLOAD_FAILED}: ${answered}`, {
		httpStatus: status,
		// A new slot may work where this one was refused.
		isPassing: !isTooLarge && !isLastSlot,
		advice: isTooLarge ? 'LTX does not take a file of this size. Make it smaller.' : UPLOAD_ADVICE,
	});
}

/**
 * Uploads a file and gives the slot that took it. LTX keeps the file for 24 hours. A broken upload is done
 * again from a new slot (a slot takes one file, once): no try begins after 5 minutes, or after 20
 * seconds where LTX was never reached in this run. Uploads are free.
 *
 * @throws {LtxError} the API's own type, else `upload_failed`
 */
export async function uploadFile(
	helpers: HttpHelper,
	client: LtxClient,
	file: InspectedFile,
	{ clock, stop, onRepeat }: { clock: Clock; stop: AbortSignal; onRepeat?(error: LtxError): void },
): Promise<UploadSlot> {
	const deadline = Deadline.in(UPLOAD_LIMIT_MS, clock);
	const reachDeadline = Deadline.in(UNREACHABLE_LIMIT_MS, clock);
	let refusedSlots = 0;
	const attempt = async () => {
		const limitMs = deadline.limitMs(SLOT_LIMIT_MS);
		const slot = await client.createUpload({ limitMs, stop });
		const slowestMs = file.sizeBytes / SLOWEST_BYTES_PER_MS;
		const putLimitMs = Math.max(deadline.limitMs(), slowestMs);
		const answer = await putFile(helpers, file, slot, { limitMs: putLimitMs, stop });
		const { statusCode: status } = answer;
		if (status >= 200 && status < 300) return slot;
		if (!isPassingStatus(status)) refusedSlots++;
		throw refusedPut(answer, refusedSlots === MOST_REFUSED_SLOTS);
	};
	const giveUpOnWrongHost = (error: unknown): never => {
		const isHopeless =
			error instanceof LtxError &&
			error.isUnreachable &&
			!client.wasReached() &&
			reachDeadline.isOver;
		throw isHopeless ? error.with({ isPassing: false }) : error;
	};
	return await repeatWhilePassing(async () => await attempt().catch(giveUpOnWrongHost), {
		clock,
		stop,
		deadline,
		onRepeat,
	}).catch((error: unknown) => {
		throw asUploadFailure(error);
	});
}

// Only the API's own words keep their type: a network fault here is an upload that failed.
function asUploadFailure(error: unknown): unknown {
	if (!(error instanceof LtxError)) return error;
	const isOwnType = !['network_error', 'unexpected_answer'].includes(error.type);
	return isOwnType ? error : new LtxError('upload_failed', error.message, { ...error });
}
