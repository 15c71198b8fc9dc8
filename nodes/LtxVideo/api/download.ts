import type {
	IBinaryData,
	IDataObject,
	IExecuteFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { isPassingStatus, retryAfterMsOf } from './answers';
import type { Clock } from './clock';
import { LtxError, Stopped } from './errors';
import { HEAD_BYTES } from './fileTypes';
import { withinLimits } from './limits';
import { describeNetworkFault } from './networkFaults';
import { repeatWhilePassing } from './repeat';

type BinaryHelpers = Pick<IExecuteFunctions['helpers'], 'httpRequest' | 'prepareBinaryData'>;
type ByteStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/** What the finished file of an endpoint is. */
export interface ResultFile {
	/** As in "the answer is not …". */
	name: string;
	extension: string;
	mimeType: string;
	/** Tells by the first bytes whether it is such a file. */
	matches(head: Buffer): boolean;
}

const SILENCE_MS = 30_000;

const DOWNLOAD_ADVICE =
	'The job is paid for and finished. Use the operation Get Status or Wait with its ID and Download Video to fetch the file, at most 24 hours after it ended.';

function downloadFailed(reason: string, details: object = {}): LtxError {
	return new LtxError('download_failed', `The download of the finished file failed: ${reason}`, {
		advice: DOWNLOAD_ADVICE,
		isPassing: true,
		...details,
	});
}

/**
 * Passes the bytes on while it looks at them: the first ones must be those of the file that is
 * expected, and as many must come as the server announced.
 */
function verified(
	source: ByteStream,
	file: ResultFile,
	announcedBytes: number | undefined,
	reportProgress: () => void,
): ByteStream {
	return source.compose(async function* (chunks: AsyncIterable<Buffer>) {
		let bytes = 0;
		let held: Buffer | undefined = Buffer.alloc(0);
		for await (const chunk of chunks) {
			reportProgress();
			bytes += chunk.length;
			if (held === undefined) {
				yield chunk;
				continue;
			}
			held = Buffer.concat([held, chunk]);
			if (held.length < HEAD_BYTES) continue;
			if (!file.matches(held)) throw downloadFailed(`what came is not ${file.name}`);
			yield held;
			held = undefined;
		}
		if (bytes === 0) throw downloadFailed('the file is empty');
		if (held !== undefined) throw downloadFailed(`what came is not ${file.name}`);
		if (announcedBytes !== undefined && bytes !== announcedBytes) {
			throw downloadFailed(`${bytes} of ${announcedBytes} bytes came`);
		}
	}) as ByteStream;
}

function announcedBytesOf(headers: IDataObject): number | undefined {
	// An encoded body has another length than the file in it.
	if (headers['content-encoding'] !== undefined) return undefined;
	const length = Number(headers['content-length']);
	return headers['content-length'] === undefined || Number.isNaN(length) ? undefined : length;
}

async function fetchFile(
	helpers: BinaryHelpers,
	url: string,
	fileName: string,
	file: ResultFile,
	limits: { limitMs: number; stop: AbortSignal },
): Promise<IBinaryData> {
	return await withinLimits(
		{ ...limits, silenceMs: SILENCE_MS },
		async (signal, reportProgress) => {
			const response = (await helpers.httpRequest({
				method: 'GET',
				url,
				encoding: 'stream',
				abortSignal: signal,
				// The URL is signed: nothing is sent along that a redirect could carry elsewhere.
				sendCredentialsOnCrossOriginRedirect: false,
				ignoreHttpStatusErrors: true,
				returnFullResponse: true,
			})) as IN8nHttpFullResponse;
			const { statusCode: status, headers } = response;
			const body = response.body as ByteStream;
			if (status < 200 || status >= 300) {
				body.destroy();
				throw downloadFailed(`the storage answered HTTP ${status}`, {
					httpStatus: status,
					isPassing: isPassingStatus(status),
					retryAfterMs: retryAfterMsOf({
						status,
						headers: headers as Record<string, string>,
						body,
					}),
				});
			}
			reportProgress();
			const stream = verified(body, file, announcedBytesOf(headers), reportProgress);
			return await helpers.prepareBinaryData(stream, fileName, file.mimeType);
		},
	).catch((error: unknown) => {
		if (error instanceof Stopped) throw error;
		throw error instanceof LtxError && error.type === 'download_failed'
			? error
			: downloadFailed(describeNetworkFault(error));
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
}

/**
 * Streams a finished file into n8n's binary data. What is cut short, empty or another kind of file
 * is fetched again; when the storage says 403 or 404, once from a fresh URL.
 *
 * @throws {LtxError} `download_failed`
 */
export async function downloadFile(
	helpers: BinaryHelpers,
	{ url, freshUrl, fileName, file, clock, stop, deadlineMs, lastTryMs }: Download,
): Promise<IBinaryData> {
	let currentUrl = url;
	let isFresh = false;
	const attempt = async (): Promise<IBinaryData> => {
		const limitMs = Math.max(1, deadlineMs - clock.nowMs());
		return await fetchFile(helpers, currentUrl, fileName, file, { limitMs, stop });
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
