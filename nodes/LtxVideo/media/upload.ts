import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { isPassingStatus } from '../api/answers';
import { countBytes, type ByteStream } from './byteStreams';
import type { LtxClient } from '../api/client';
import type { Clock } from '../api/clock';
import { invalidInput, isPassing, LtxError, Stopped } from '../api/errors';
import { detectFileType, HEAD_BYTES, type FileType } from './fileTypes';
import { withinLimits } from '../api/deadline';
import type { MediaKind } from './kinds';
import { readMediaFacts, type MediaFacts } from './movieHeader';
import { describeNetworkFault } from '../api/networkFaults';
import { repeatWhilePassing } from '../api/repeat';
import type { UploadSlot } from '../api/job';

type BinaryHelpers = Pick<
	IExecuteFunctions['helpers'],
	'assertBinaryData' | 'getBinaryStream' | 'getBinaryMetadata' | 'httpRequest'
>;

/** A file of an item that was looked at and may be sent. */
export interface Upload {
	mimeType: string;
	sizeBytes: number;
	/** Its bytes from the start: a stream, or a buffer where n8n keeps files in memory. */
	open(): Promise<ByteStream | Buffer>;
	/** What its header tells; read once, when first asked for. */
	readFacts(): Promise<MediaFacts>;
	/** How the field that holds it is called in messages. */
	field: string;
}

const MEBIBYTE = 1024 * 1024;

const SLOT_LIMIT_MS = 30_000;
// What was read last may still lie in the buffers of the connection, on its way over a slow line.
const PUT_SILENCE_MS = 60_000;
// No new try begins after it. One that flows may take longer, at the pace of a slow line.
const UPLOAD_LIMIT_MS = 5 * 60_000;
const SLOWEST_BYTES_PER_MS = 64;
// A storage that refuses fresh slots so often will not take the next one either.
const MOST_REFUSED_SLOTS = 5;

function describeSize(bytes: number): string {
	if (bytes < 1024) return `${bytes} bytes`;
	if (bytes < MEBIBYTE) return `${Math.round(bytes / 1024)} KiB`;
	return `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}

/** The bytes of a stream: all of them, or the chunks that hold the first `enough`. */
async function readBytes(stream: ByteStream, enough = Infinity): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of stream) {
		chunks.push(chunk as Buffer);
		length += (chunk as Buffer).length;
		if (length >= enough) break;
	}
	return Buffer.concat(chunks);
}

/**
 * Finds a file in the item's binary data and checks that it is of one of the `kinds`. Nothing is
 * sent.
 *
 * @throws {LtxError} `invalid_input` that names what was found
 */
export async function checkFile(
	helpers: BinaryHelpers,
	itemIndex: number,
	property: string,
	presentFields: string[],
	kinds: readonly MediaKind[],
): Promise<Upload> {
	let binary: IBinaryData;
	try {
		binary = helpers.assertBinaryData(itemIndex, property);
	} catch {
		binary = noSuchField(property, presentFields);
	}
	const { id } = binary;
	const sizeBytes = id
		? (await helpers.getBinaryMetadata(id)).fileSize
		: Buffer.byteLength(binary.data, 'base64');
	const beginning = id
		? await readBytes(await helpers.getBinaryStream(id, HEAD_BYTES), HEAD_BYTES)
		: Buffer.from(binary.data.slice(0, 4 * Math.ceil(HEAD_BYTES / 3)), 'base64');
	const head = beginning.subarray(0, HEAD_BYTES);
	const field = `The binary field "${property}"`;
	if (sizeBytes === 0 || head.length === 0) throw invalidInput(`${field} is empty (0 bytes)`);
	const open = async () =>
		id ? await helpers.getBinaryStream(id) : Buffer.from(binary.data, 'base64');
	const detected = detectFileType(head);
	let facts: Promise<MediaFacts> | undefined;
	const readFacts = async () =>
		await (facts ??= hasHeader(detected) ? open().then(readMediaFacts) : Promise.resolve({}));
	const { mimeType, name } = await refineType(detected, kinds, readFacts);
	const kind = kinds.find(({ mimeTypes }) => mimeTypes.includes(mimeType));
	if (!kind) {
		throw invalidInput(
			`${field} holds ${name}, but LTX takes ${kinds.map(({ types }) => types).join('; ')}`,
			`Convert the file first, for example to ${kinds.map(({ commonest }) => commonest).join(', ')}. The type is told by the content, not by the file name.`,
		);
	}
	if (sizeBytes > kind.largestMebibytes * MEBIBYTE) {
		throw invalidInput(
			`${field} holds ${name} of ${describeSize(sizeBytes)}, but LTX takes at most ${kind.largestMebibytes} MiB`,
			kind.tooLargeAdvice,
		);
	}
	return { field, mimeType, sizeBytes, open, readFacts };
}

const SOUND_IN_MP4 = 'audio/mp4';

/** Others would be read to their end in search of a header that they cannot have. */
function hasHeader({ mimeType }: FileType): boolean {
	return ['video/mp4', 'video/quicktime', SOUND_IN_MP4].includes(mimeType);
}

/**
 * Sound in an MP4 container often has the brand of a video. Where sound is welcome, the header
 * decides, which may stand at the end of the file.
 */
async function refineType(
	type: FileType,
	kinds: readonly MediaKind[],
	readFacts: Upload['readFacts'],
): Promise<FileType> {
	const takesSound = kinds.some(({ mimeTypes }) => mimeTypes.includes(SOUND_IN_MP4));
	if (!takesSound || type.mimeType !== 'video/mp4') return type;
	const { hasPicture } = await readFacts();
	return hasPicture === false ? { mimeType: SOUND_IN_MP4, name: 'M4A sound' } : type;
}

/** All bytes of a file. Only for images that were checked, which are small. */
export async function readFile(upload: Upload): Promise<Buffer> {
	const source = await upload.open();
	return Buffer.isBuffer(source) ? source : await readBytes(source);
}

function noSuchField(property: string, presentFields: string[]): never {
	const present =
		presentFields.length > 0
			? `it has: ${presentFields.map((field) => `"${field}"`).join(', ')}`
			: 'it has no binary data at all';
	throw invalidInput(
		`The input item has no binary field "${property}"; ${present}`,
		'Choose the field that holds the file, or let the node before this one output a file.',
	);
}

const UPLOAD_FAILED = 'The upload of the file failed';
const UPLOAD_ADVICE = 'Nothing was submitted or charged. Run the item again later.';

const CONTENT_TOO_LARGE = 413;

/** The storage did not take the file; a new slot may work. */
class SlotRefused extends LtxError {}

async function putFile(
	helpers: BinaryHelpers,
	upload: Upload,
	slot: { url: string; headers: Record<string, string> },
	limits: { limitMs: number; stop: AbortSignal },
): Promise<void> {
	const body = await upload.open().catch((error: unknown) => {
		throw uploadFault(error);
	});
	const isStream = !Buffer.isBuffer(body);
	// A stream that fails while nobody reads it would take the whole process down.
	if (isStream) body.on('error', () => {});
	const hasType = Object.keys(slot.headers).some((name) => name.toLowerCase() === 'content-type');
	const silenceMs = isStream ? PUT_SILENCE_MS : limits.limitMs;
	const { statusCode: status } = (await withinLimits(
		{ ...limits, silenceMs },
		async (signal, watch) => {
			if (isStream) watch(countBytes(body));
			return await helpers.httpRequest({
				method: 'PUT',
				url: slot.url,
				headers: {
					...slot.headers,
					...(!hasType && { 'Content-Type': upload.mimeType }),
					'Content-Length': upload.sizeBytes,
				},
				body,
				abortSignal: signal,
				timeout: Math.ceil(limits.limitMs),
				// Following a redirect would keep the whole file in memory to send it twice.
				disableFollowRedirect: true,
				ignoreHttpStatusErrors: true,
				returnFullResponse: true,
			});
		},
	)
		.catch((error: unknown) => {
			throw error instanceof Stopped ? error : uploadFault(error);
		})
		.finally(() => {
			if (isStream) body.destroy();
		})) as { statusCode: number };
	if (status >= 200 && status < 300) return;
	const isTooLarge = status === CONTENT_TOO_LARGE;
	const Kind = isPassingStatus(status) ? LtxError : SlotRefused;
	throw new Kind('upload_failed', `${UPLOAD_FAILED}: the storage answered HTTP ${status}`, {
		httpStatus: status,
		isPassing: !isTooLarge,
		advice: isTooLarge ? 'LTX does not take a file of this size. Make it smaller.' : UPLOAD_ADVICE,
	});
}

function uploadFault(error: unknown): LtxError {
	return new LtxError('upload_failed', `${UPLOAD_FAILED}: ${describeNetworkFault(error)}`, {
		isPassing: true,
		advice: UPLOAD_ADVICE,
	});
}

/**
 * Uploads a file and gives the slot that took it. LTX keeps the file for 24 hours. A broken upload is done
 * again from a new slot (a slot takes one file, once): no try begins after 5 minutes. Uploads are
 * free.
 *
 * @throws {LtxError} the API's own type, else `upload_failed`
 */
export async function uploadFile(
	helpers: BinaryHelpers,
	client: LtxClient,
	upload: Upload,
	{ clock, stop }: { clock: Clock; stop: AbortSignal },
): Promise<UploadSlot> {
	const untilMs = clock.nowMs() + UPLOAD_LIMIT_MS;
	const leftMs = () => Math.max(1, untilMs - clock.nowMs());
	let refusedSlots = 0;
	return await repeatWhilePassing(
		async () => {
			const slot = await client.createUpload({ limitMs: Math.min(SLOT_LIMIT_MS, leftMs()), stop });
			const target = { url: slot.upload_url, headers: slot.required_headers ?? {} };
			const slowestMs = upload.sizeBytes / SLOWEST_BYTES_PER_MS;
			await putFile(helpers, upload, target, { limitMs: Math.max(leftMs(), slowestMs), stop });
			return slot;
		},
		{
			clock,
			stop,
			untilMs,
			isWorthRepeating: (error): error is LtxError => {
				if (error instanceof SlotRefused) refusedSlots++;
				return isPassing(error) && refusedSlots < MOST_REFUSED_SLOTS;
			},
		},
	).catch((error: unknown) => {
		throw asUploadFailure(error);
	});
}

// Only the API's own words keep their type: a network fault here is an upload that failed.
function asUploadFailure(error: unknown): unknown {
	if (!(error instanceof LtxError)) return error;
	const isOwnType = !['network_error', 'unexpected_answer'].includes(error.type);
	return isOwnType ? error : new LtxError('upload_failed', error.message, { ...error });
}
