import type {
	IBinaryData,
	IDataObject,
	IExecuteFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { isPassingStatus, retryAfterMsOf } from '../api/answers';
import type { Clock } from '../api/clock';
import type { Deadline } from '../api/deadline';
import { asLtxError, LtxError, Stopped } from '../api/errors';
import { withinLimits } from '../api/limits';
import { describeNetworkFault, isBlockedByN8n } from '../api/networkFaults';
import { repeatWhilePassing } from '../api/repeat';
import { watchIntake, type ByteStream } from './byteStreams';
import { nameFile } from './fileName';
import { HEAD_BYTES } from './fileTypes';
import type { ResultFiles } from './resultFile';
import { describeStorageFault } from './storageFaults';

type BinaryHelpers = Pick<
	IExecuteFunctions['helpers'],
	'getBinaryMetadata' | 'httpRequest' | 'prepareBinaryData'
>;

const SILENCE_MS = 30_000;

const DOWNLOAD_ADVICE =
	'The job is paid for and finished. Use the operation Get Status or Wait with its ID, and with the download switched on, to fetch the file, at most 24 hours after it ended.';

function downloadFailed(reason: string, details: object = {}): LtxError {
	return new LtxError('download_failed', `The download of the finished file failed: ${reason}`, {
		advice: DOWNLOAD_ADVICE,
		isPassing: true,
		...details,
	});
}

// The setting that n8n names when a file is too large for its database.
const LARGEST_FILE = 'N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE';

/** n8n's own storage failed: fetching again would not help. */
function storageFailed(error: unknown): LtxError {
	const reason = describeStorageFault(error) ?? asLtxError(error, 'download_failed').message;
	const help = reason.includes(LARGEST_FILE)
		? `Raise ${LARGEST_FILE} in the environment of n8n and of its workers. Video to HDR has a smaller file too: as Result File, choose Video.`
		: 'Check the storage of n8n.';
	return new LtxError('download_failed', `n8n could not keep the finished file: ${reason}`, {
		advice: `${help} ${DOWNLOAD_ADVICE}`,
	});
}

// A stream that ended before its time, without a fault of its own.
const PREMATURE_CLOSE = 'ERR_STREAM_PREMATURE_CLOSE';

/** The beginning of a stream, which gives it again to whoever reads it afterwards. */
async function peek(stream: ByteStream): Promise<{ head: Buffer; isAll: boolean }> {
	return await new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		const settle = (action: () => void) => {
			stream.off('readable', onReadable);
			stream.off('end', onEnd);
			stream.off('error', onError);
			action();
		};
		const onReadable = () => {
			const chunk = stream.read() as Buffer | null;
			if (chunk !== null) chunks.push(chunk);
			const head = Buffer.concat(chunks);
			if (head.length < HEAD_BYTES) return;
			settle(() => {
				stream.unshift(head);
				resolve({ head, isAll: false });
			});
		};
		const onEnd = () => settle(() => resolve({ head: Buffer.concat(chunks), isAll: true }));
		const onError = (error: Error) => settle(() => reject(error));
		stream.on('readable', onReadable);
		stream.on('end', onEnd);
		stream.on('error', onError);
	});
}

function announcedBytesOf(headers: IDataObject): number | undefined {
	const length = Number(headers['content-length'] ?? NaN);
	return Number.isNaN(length) ? undefined : length;
}

function storedBytesOf(binary: IBinaryData, helpers: BinaryHelpers): Promise<number> | number {
	return binary.id
		? helpers.getBinaryMetadata(binary.id).then(({ fileSize }) => fileSize)
		: Buffer.byteLength(binary.data, 'base64');
}

interface FileAnswer {
	body: ByteStream;
	headers: IDataObject;
}

/** Puts a verified stream into n8n's binary data. */
async function store(
	helpers: BinaryHelpers,
	{ body, headers }: FileAnswer,
	{ file, fileName, label }: Pick<Download, 'file' | 'fileName' | 'label'>,
): Promise<IBinaryData> {
	// n8n begins to read only after a while. A stream that fails before that would take the whole
	// process down for want of a listener, and would tell n8n nothing afterwards.
	const failed = new Promise<never>((_resolve, reject) => {
		body.on('error', reject);
	});
	const { head, isAll } = await Promise.race([failed, peek(body)]);
	if (head.length === 0) throw downloadFailed('the file is empty');
	const type = file.typeOf(head.subarray(0, HEAD_BYTES));
	if (!type) throw downloadFailed(`what came is not ${file.name}`);
	const content = isAll ? head : body;
	const binary = await Promise.race([
		failed,
		helpers.prepareBinaryData(content, nameFile(fileName, type.extension, label), type.mimeType),
	]).catch((error: unknown) => {
		// n8n ends a stream that it cannot write with its own fault, so that the stream's may be n8n's.
		const isOfStream = body.errored || (error as { code?: unknown })?.code === PREMATURE_CLOSE;
		throw isOfStream && describeStorageFault(error) === undefined ? error : storageFailed(error);
	});
	// A body that came compressed, though nobody asked for it, is no answer itself any more, but
	// what n8n unpacks from one. Its length was announced for what is packed.
	if (!('rawHeaders' in body)) return binary;
	const announced = announcedBytesOf(headers);
	const stored = await storedBytesOf(binary, helpers);
	if (announced !== undefined && stored < announced) {
		throw downloadFailed(`${stored} of ${announced} bytes came`);
	}
	return binary;
}

async function fetchFile(
	helpers: BinaryHelpers,
	url: string,
	download: Download,
): Promise<IBinaryData> {
	const { deadline, silenceMs = SILENCE_MS, stop } = download;
	const limitMs = deadline.limitMs();
	return await withinLimits({ limitMs, silenceMs, stop }, async (signal, watch) => {
		const response = (await helpers.httpRequest({
			method: 'GET',
			url,
			encoding: 'stream',
			headers: { 'Accept-Encoding': 'identity' },
			abortSignal: signal,
			timeout: Math.ceil(limitMs),
			// The URL is signed: nothing is sent along that a redirect could carry elsewhere.
			sendCredentialsOnCrossOriginRedirect: false,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
		})) as IN8nHttpFullResponse;
		const { statusCode: status, headers } = response;
		const body = response.body as ByteStream;
		try {
			if (status < 200 || status >= 300) throw storageError(status, headers);
			const intake = watchIntake(body);
			// Some storages of n8n send a file on only when all of it has come. And what has come but was
			// not taken yet waits for n8n, not for the network.
			const isWithN8n = () => intake.hasEnded || body.readableEnded || body.readableLength > 0;
			watch(() => (isWithN8n() ? undefined : intake.bytes));
			return await store(helpers, { body, headers }, download);
		} finally {
			body.destroy();
		}
	}).catch((error: unknown) => {
		if (error instanceof Stopped) throw error;
		throw error instanceof LtxError && error.type === 'download_failed'
			? error
			: downloadFailed(describeNetworkFault(error), { isPassing: !isBlockedByN8n(error) });
	});
}

function storageError(status: number, headers: IDataObject): LtxError {
	return downloadFailed(`the storage answered HTTP ${status}`, {
		httpStatus: status,
		isPassing: isPassingStatus(status),
		retryAfterMs: retryAfterMsOf({ headers: headers as Record<string, string> }),
	});
}

// Object stores differ in how they call an address that has expired.
const REFUSALS_OF_ADDRESSES = [400, 401, 403, 404, 410];

export interface Download {
	url: string;
	/** Asks the API for a new URL of the same file, for when the storage refuses the first. */
	freshUrl(): Promise<string>;
	/** What the user wants the file to be called; the extension is added where it is missing. */
	fileName: string;
	/** Tells the files of one job apart; goes into the name. */
	label?: string;
	file: Pick<ResultFiles, 'name' | 'typeOf'>;
	clock: Clock;
	stop: AbortSignal;
	/** The file must be complete by then. */
	deadline: Deadline;
	/** No further try begins after it. */
	lastTry: Deadline;
	/** A try that gets no byte for so long is given up; default: 30 s. */
	silenceMs?: number;
}

/**
 * Streams a finished file into n8n's binary data. What is cut short, empty or another kind of file
 * is fetched again; when the storage refuses the address, once from a fresh URL.
 *
 * @throws {LtxError} `download_failed`
 */
export async function downloadFile(
	helpers: BinaryHelpers,
	download: Download,
): Promise<IBinaryData> {
	const { clock, stop, freshUrl, lastTry } = download;
	let { url } = download;
	let isFresh = false;
	return await repeatWhilePassing(
		async () =>
			await fetchFile(helpers, url, download).catch(async (error: unknown) => {
				const isRefused =
					error instanceof LtxError && REFUSALS_OF_ADDRESSES.includes(error.httpStatus ?? 0);
				if (!isRefused || isFresh) throw error;
				url = await freshUrl();
				isFresh = true;
				return await fetchFile(helpers, url, download);
			}),
		{ clock, stop, deadline: lastTry },
	);
}
