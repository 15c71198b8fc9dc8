import type {
	IBinaryData,
	IDataObject,
	IExecuteFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { isPassingStatus, retryAfterMsOf } from '../api/answers';
import type { Clock } from '../api/clock';
import { LtxError, Stopped } from '../api/errors';
import { countBytes, type ByteStream } from './byteStreams';
import { withinLimits } from '../api/deadline';
import { describeNetworkFault } from '../api/networkFaults';
import { repeatWhilePassing } from '../api/repeat';

type BinaryHelpers = Pick<
	IExecuteFunctions['helpers'],
	'getBinaryMetadata' | 'httpRequest' | 'prepareBinaryData'
>;

/** What the finished file of an endpoint is. */
export interface ResultFile {
	/** As in "download the …". */
	noun: string;
	/** As in "what came is not …". */
	name: string;
	extension: string;
	mimeType: string;
	/** Tells by the first bytes whether it is such a file. */
	matches(head: Buffer): boolean;
}

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

// More than any result needs to be told by.
const HEAD_BYTES = 16;

/** The first bytes of a stream, which gives them again to whoever reads it afterwards. */
async function peek(stream: ByteStream): Promise<Buffer> {
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
				resolve(head);
			});
		};
		const onEnd = () => settle(() => resolve(Buffer.concat(chunks)));
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

/** Puts a verified stream into n8n's binary data. */
async function store(
	helpers: BinaryHelpers,
	{ body, headers }: { body: ByteStream; headers: IDataObject },
	fileName: string,
	file: ResultFile,
): Promise<IBinaryData> {
	// n8n begins to read only after a while. A stream that fails before that would take the whole
	// process down for want of a listener, and would tell n8n nothing afterwards.
	const failed = new Promise<never>((_resolve, reject) => {
		body.on('error', reject);
	});
	const head = await Promise.race([failed, peek(body)]);
	if (head.length === 0) throw downloadFailed('the file is empty');
	if (head.length < HEAD_BYTES || !file.matches(head)) {
		throw downloadFailed(`what came is not ${file.name}`);
	}
	const binary = await Promise.race([
		failed,
		helpers.prepareBinaryData(body, fileName, file.mimeType),
	]);
	const announced = announcedBytesOf(headers);
	const stored = await storedBytesOf(binary, helpers);
	// More than announced is what n8n makes of a compressed body that nobody asked for.
	if (announced !== undefined && stored < announced) {
		throw downloadFailed(`${stored} of ${announced} bytes came`);
	}
	return binary;
}

async function fetchFile(
	helpers: BinaryHelpers,
	url: string,
	fileName: string,
	file: ResultFile,
	limits: { limitMs: number; silenceMs: number; stop: AbortSignal },
): Promise<IBinaryData> {
	return await withinLimits(limits, async (signal, watch) => {
		const response = (await helpers.httpRequest({
			method: 'GET',
			url,
			encoding: 'stream',
			headers: { 'Accept-Encoding': 'identity' },
			abortSignal: signal,
			timeout: Math.ceil(limits.limitMs),
			// The URL is signed: nothing is sent along that a redirect could carry elsewhere.
			sendCredentialsOnCrossOriginRedirect: false,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
		})) as IN8nHttpFullResponse;
		const { statusCode: status, headers } = response;
		const body = response.body as ByteStream;
		try {
			if (status < 200 || status >= 300) throw storageError(status, headers);
			watch(countBytes(body));
			return await store(helpers, { body, headers }, fileName, file);
		} finally {
			body.destroy();
		}
	}).catch((error: unknown) => {
		if (error instanceof Stopped) throw error;
		throw error instanceof LtxError && error.type === 'download_failed'
			? error
			: downloadFailed(describeNetworkFault(error));
	});
}

function storageError(status: number, headers: IDataObject): LtxError {
	return downloadFailed(`the storage answered HTTP ${status}`, {
		httpStatus: status,
		isPassing: isPassingStatus(status),
		retryAfterMs: retryAfterMsOf({ headers: headers as Record<string, string> }),
	});
}

export interface Download {
	url: string;
	/** Asks the API for a new URL of the same file, for when the storage refuses the first. */
	freshUrl(): Promise<string>;
	fileName: string;
	file: ResultFile;
	clock: Clock;
	stop: AbortSignal;
	/** On the clock's scale: the file must be complete by then. */
	deadlineMs: number;
	/** On the clock's scale: no further try begins after it. */
	lastTryMs: number;
	/** A try that gets no byte for so long is given up; default: 30 s. */
	silenceMs?: number;
}

/**
 * Streams a finished file into n8n's binary data. What is cut short, empty or another kind of file
 * is fetched again; when the storage says 403 or 404, once from a fresh URL.
 *
 * @throws {LtxError} `download_failed`
 */
export async function downloadFile(
	helpers: BinaryHelpers,
	{ url, freshUrl, fileName, file, clock, stop, deadlineMs, lastTryMs, silenceMs }: Download,
): Promise<IBinaryData> {
	let currentUrl = url;
	let isFresh = false;
	const attempt = async (): Promise<IBinaryData> => {
		const limitMs = Math.max(1, deadlineMs - clock.nowMs());
		const limits = { limitMs, silenceMs: silenceMs ?? SILENCE_MS, stop };
		return await fetchFile(helpers, currentUrl, fileName, file, limits);
	};
	return await repeatWhilePassing(
		async () =>
			await attempt().catch(async (error: unknown) => {
				const isExpired =
					error instanceof LtxError && (error.httpStatus === 403 || error.httpStatus === 404);
				if (!isExpired || isFresh) throw error;
				currentUrl = await freshUrl();
				isFresh = true;
				return await attempt();
			}),
		{ clock, stop, untilMs: lastTryMs },
	);
}
