import type { IBinaryData, IDataObject } from 'n8n-workflow';

import type { Deadline } from '../api/deadline';
import { rethrowWith } from '../api/errors';
import type { Job } from '../api/job';
import { isRecord, textOf } from '../api/json';
import { cleanText } from '../api/redact';
import { toBoolean, toTrimmedText } from '../endpoints/fields/values';
import { downloadFile } from '../media/download';
import { finishSample, keepSampleFile } from '../sample/sample';
import type { BaseItem, Item, ItemResult } from './item';

/** Where the finished file goes; `undefined` where it is not wanted. */
export type DownloadTarget = { binaryProperty: string; fileName: string | undefined } | undefined;

/** A setting, or its default where it was not added. One that was added but is empty is a mistake. */
export function settingOf(read: BaseItem['option'], name: string, byDefault: unknown): unknown {
	const value = read(name);
	return value === undefined ? byDefault : value;
}

export function readDownloadTarget(
	{ parameter, option }: Item,
	isDefault: boolean,
): DownloadTarget {
	const isWanted = toBoolean('Download File', settingOf(parameter, 'downloadVideo', isDefault));
	const property = settingOf(option, 'binaryPropertyOutput', 'data');
	const binaryProperty = toTrimmedText('Put Output in Field', property);
	const name = option('fileName');
	const fileName = name === undefined ? undefined : toTrimmedText('File Name', name);
	return isWanted ? { binaryProperty, fileName } : undefined;
}

/** The URL of the finished file; `undefined` where the job has none. */
export function fileUrlOf(item: Item, job: Partial<Job>): string | undefined {
	return isRecord(job.result) ? textOf(job.result[item.endpoint.result.key]) : undefined;
}

const HOISTED_KEY = 'video_url';

/** An object and what is put beside it, in which it keeps each of its own values. */
export function withoutReplacing(own: IDataObject, beside: IDataObject): IDataObject {
	return { ...own, ...beside, ...own };
}

/** The job as it is output: as the API gave it, and what a user wants to find without digging. */
export function toJson(item: Item, job: Partial<Job>): IDataObject {
	const { path, result } = item.endpoint;
	const keys = isRecord(job.result) ? [...new Set([result.key, HOISTED_KEY])] : [];
	const hoisted = keys.flatMap((key) => {
		const url = textOf((job.result as Record<string, unknown>)[key]);
		return url === undefined ? [] : [[key, url]];
	});
	return withoutReplacing(job as IDataObject, { endpoint: path, ...Object.fromEntries(hoisted) });
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
	{
		fileName = cleanText(job.id),
		...limits
	}: {
		fileName: string | undefined;
		deadline: Deadline;
		lastTry: Deadline;
		getJob: () => Promise<Job>;
	},
): Promise<IBinaryData> {
	const { clock, endpoint, helpers, stop } = item;
	let latestUrl = url;
	return await downloadFile(helpers, {
		...limits,
		url,
		fileName,
		clock,
		stop,
		file: endpoint.result,
		freshUrl: async () => {
			latestUrl = fileUrlOf(item, await limits.getJob()) ?? latestUrl;
			return latestUrl;
		},
	}).catch((error: unknown) => rethrowWith({ jobId: job.id, videoUrl: latestUrl })(error));
}

/** What stands for a finished job and its file. */
export async function giveSample(
	item: Item,
	known: Partial<Job> & { id: string },
	target: DownloadTarget,
	extra: IDataObject = {},
): Promise<ItemResult> {
	const { endpoint, helpers } = item;
	const job = finishSample(known, endpoint.result);
	const json = withoutReplacing(toJson(item, job), extra);
	if (!target) return { json };
	const { binaryProperty, fileName = known.id } = target;
	const file = await keepSampleFile(helpers, endpoint.result, fileName);
	return { json, binary: { [binaryProperty]: file } };
}
