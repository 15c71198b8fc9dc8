import type { IBinaryData, IDataObject } from 'n8n-workflow';

import type { Deadline } from '../api/deadline';
import { rethrowWith } from '../api/errors';
import type { Job } from '../api/job';
import { isRecord, textOf } from '../api/json';
import { cleanText } from '../api/redact';
import { toBoolean, toTrimmedText } from '../endpoints/fields/values';
import { downloadFile } from '../media/download';
import { urlsIn } from '../media/resultFile';
import { finishSample, keepSampleFile } from '../sample/sample';
import type { BaseItem, Item, ItemResult } from './item';

/** Where the finished files go; `undefined` where they are not wanted. */
export type DownloadTarget = { binaryProperty?: string; fileName?: string } | undefined;

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
	const textIn = (label: string, name: string) => {
		const text = option(name);
		return text === undefined ? undefined : toTrimmedText(label, text);
	};
	const binaryProperty = textIn('Put Output in Field', 'binaryPropertyOutput');
	const fileName = textIn('File Name', 'fileName');
	return isWanted ? { binaryProperty, fileName } : undefined;
}

/** The URLs of the finished files that are wanted, by their labels. */
export function fileUrlsOf(item: Item, job: Partial<Job>): Map<string, string> {
	return urlsIn(job.result, item.endpoint.result);
}

/**
 * The binary fields of all files of a job, by their labels in its result. Of a dot or a comma, nodes
 * make a path or a list, and of two fields of one name, one would be lost.
 */
function nameFields(labels: string[], prefix: string | undefined): string[] {
	const fields: string[] = [];
	for (const label of labels) {
		const plain = label.replace(/_url$/, '').replace(/[^\p{L}\p{N}_-]/gu, '_');
		const own = ['', '__proto__'].includes(plain) ? 'file' : plain;
		const name = prefix === undefined ? own : `${prefix}_${own}`;
		let field = name;
		for (let count = 2; fields.includes(field); count++) field = `${name}_${count}`;
		fields.push(field);
	}
	return fields;
}

/** Where each file of a job goes: its binary field, and what tells it apart in the name of the file. */
function placesOf(item: Item, labels: string[], prefix: string | undefined) {
	if (item.endpoint.result.key !== undefined) return [{ field: prefix ?? 'data', label: '' }];
	return nameFields(labels, prefix).map((field) => ({ field, label: `-${field}` }));
}

const HOISTED_KEY = 'video_url';

/** An object and what is put beside it, in which it keeps each of its own values. */
export function withoutReplacing(own: IDataObject, beside: IDataObject): IDataObject {
	return { ...own, ...beside, ...own };
}

/** The job as it is output: as the API gave it, and what a user wants to find without digging. */
export function toJson(item: Item, job: Partial<Job>): IDataObject {
	const { path, result } = item.endpoint;
	const keys = isRecord(job.result) ? [...new Set([result.key ?? HOISTED_KEY, HOISTED_KEY])] : [];
	const hoisted = keys.flatMap((key) => {
		const url = textOf((job.result as Record<string, unknown>)[key]);
		return url === undefined ? [] : [[key, url]];
	});
	return withoutReplacing(job as IDataObject, { endpoint: path, ...Object.fromEntries(hoisted) });
}

/**
 * Fetches the finished files into n8n's binary data, one after another.
 *
 * @returns by binary field
 * @throws {LtxError} with the job's id and the URL of the file that could not be had
 */
export async function fetchResult(
	item: Item,
	job: Job,
	{ binaryProperty, fileName = cleanText(job.id) }: NonNullable<DownloadTarget>,
	limits: {
		/** For all of them. */
		deadline: Deadline;
		/** For each of them. */
		lastTry(): Deadline;
		getJob(): Promise<Job>;
	},
): Promise<Record<string, IBinaryData>> {
	const { clock, endpoint, helpers, stop } = item;
	const { result: file } = endpoint;
	let urls = fileUrlsOf(item, job);
	const labels = [...urls.keys()];
	const places = placesOf(item, labels, binaryProperty);
	const fetched: Array<[string, IBinaryData]> = [];
	for (const [index, key] of labels.entries()) {
		const { field, label } = places[index];
		const binary = await downloadFile(helpers, {
			deadline: limits.deadline,
			lastTry: limits.lastTry(),
			url: urls.get(key) as string,
			fileName,
			label,
			clock,
			stop,
			file,
			freshUrl: async () => {
				// Of those that are still to come, too.
				urls = new Map([...urls, ...fileUrlsOf(item, await limits.getJob())]);
				return urls.get(key) as string;
			},
		}).catch((error: unknown) => rethrowWith({ jobId: job.id, videoUrl: urls.get(key) })(error));
		fetched.push([field, binary]);
	}
	return Object.fromEntries(fetched);
}

/** What stands for a finished job and its file; of several files, for the video. */
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
	const [{ field, label }] = placesOf(item, [HOISTED_KEY], binaryProperty);
	const file = await keepSampleFile(helpers, endpoint.result, fileName, label);
	return { json, binary: { [field]: file } };
}
