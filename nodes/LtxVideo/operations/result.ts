import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { isRecord } from '../api/answers';
import { downloadFile } from '../media/download';
import { rethrowWith } from '../api/errors';
import { cleanText } from '../api/redact';
import type { Job } from '../api/job';
import { toBoolean, toTrimmedText } from '../endpoints/fields/values';
import type { Item } from './item';

/** Where the finished file goes; `undefined` where it is not wanted. */
export type DownloadTarget = string | undefined;

/** @returns the name of the binary field for the file, if the user wants it */
export function readDownloadTarget(item: Item, isDefault: boolean): DownloadTarget {
	const wanted = item.parameter('downloadVideo') ?? isDefault;
	const field = item.collection('options').binaryPropertyOutput ?? 'data';
	return toBoolean('Download Video', wanted)
		? toTrimmedText('Put Output in Field', field)
		: undefined;
}

/** The URL of the finished file; `undefined` where the job has none. */
export function fileUrlOf(item: Item, job: Partial<Job>): string | undefined {
	const url = isRecord(job.result) ? job.result[item.endpoint.resultKey] : undefined;
	return typeof url === 'string' && url !== '' ? url : undefined;
}

/** The job as it is output: as the API gave it, and what a user wants to find without digging. */
export function toJson(item: Item, job: Partial<Job>): IDataObject {
	const { endpoint } = item;
	const url = fileUrlOf(item, job);
	return {
		...(job as IDataObject),
		endpoint: endpoint.path,
		...(url !== undefined && { [endpoint.resultKey]: url }),
	};
}

/**
 * Fetches the finished file into n8n's binary data.
 *
 * @throws {LtxError} with the job's id and the file's URL
 */
export async function fetchResult(
	item: Item,
	job: Job,
	url: string,
	limits: { deadlineMs: number; lastTryMs: number; getJob: () => Promise<Job> },
): Promise<IBinaryData> {
	const { clock, endpoint, helpers, stop } = item;
	let latestUrl = url;
	return await downloadFile(helpers, {
		...limits,
		url,
		clock,
		stop,
		file: endpoint.resultFile,
		// An id is the server's text: in a file name it must not lead into another folder.
		fileName: `${cleanText(job.id).replace(/[\\/]/g, '_')}.${endpoint.resultFile.extension}`,
		freshUrl: async () => {
			latestUrl = fileUrlOf(item, await limits.getJob()) ?? latestUrl;
			return latestUrl;
		},
	}).catch((error: unknown) => rethrowWith({ jobId: job.id, videoUrl: latestUrl })(error));
}
