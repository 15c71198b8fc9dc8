import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { asLtxError, invalidInput, LtxError, Stopped } from '../api/errors';
import type { AcceptedJob, Job } from '../api/job';
import type { ReadParameter } from '../endpoints/fields/field';
import { toOneOf } from '../endpoints/fields/values';
import { nameFile } from '../media/fileName';
import { readFile, type InspectedFile } from '../media/inspect';
import { MP4_RESULT, type ResultFiles } from '../media/resultFile';
import { describeStorageFault } from '../media/storageFaults';
import { SAMPLE_FRAMES, SAMPLE_MP4 } from './files';

/*
 * A sample stands for a video while somebody builds a workflow. Nothing of it is sent anywhere.
 */

/** What n8n calls the executions that are started in its editor. Every other mode is real. */
const EDITOR_MODE = 'manual';

/**
 * The modes that do not tell how an execution began. In queue mode, a worker calls a tool of the MCP
 * Server Trigger as `webhook`, also where the editor listens for it (n8n 2.40.7).
 */
const MODES_OF_ANY_START = ['retry', 'webhook'];

/**
 * Whether an execution was started in the editor, or is the Retry of one that was: n8n keeps how
 * an execution began with its data, which its Retry gets. A sub-workflow is none, whoever calls it.
 */
export function isOfEditor(
	context: Pick<IExecuteFunctions, 'getMode' | 'getExecutionContext'>,
): boolean {
	const mode = context.getMode();
	// Older n8n does not tell.
	const began = MODES_OF_ANY_START.includes(mode) ? context.getExecutionContext?.()?.source : mode;
	return began === EDITOR_MODE;
}

/** What the option Sample Instead of Video offers. */
export const SAMPLE_OPTIONS = [
	{
		name: 'Never',
		value: 'never',
		description: 'Every execution makes real videos, which are charged',
	},
	{
		name: 'In the Editor',
		value: 'editor',
		description:
			'Samples while you build. Executions by a trigger, evaluations and sub-workflows make real videos.',
	},
	{
		name: 'Always',
		value: 'always',
		description: 'Samples in every execution, also when the workflow is published',
	},
];

/** Whether an item gets a sample, by the option of the node. */
export function wantsSample(option: ReadParameter, isEditor: boolean): boolean {
	const chosen = option('sample');
	if (chosen === undefined) return false;
	const values = SAMPLE_OPTIONS.map(({ value }) => value);
	const choice = toOneOf('Sample Instead of Video', chosen, values, SAMPLE_OPTIONS);
	return choice === 'always' || (choice === 'editor' && isEditor);
}

const ID_PREFIX = 'sample-';

/** Whether an id that somebody gives is that of a sample, of which LTX never heard. */
export const isSampleId = (jobId: string): boolean => jobId.startsWith(ID_PREFIX);

// A name that no server can ever have, so that nothing is posted by mistake.
const HOST = 'sample.invalid';

/** A job as LTX accepts one. */
export function createSample(): AcceptedJob & { sample: true } {
	const id = `${ID_PREFIX}${crypto.randomUUID()}`;
	return { id, created_at: new Date().toISOString(), sample: true };
}

/** The URI that a file of the request would get. */
export const sampleUri = (jobId: string, apiName: string): string =>
	`ltx://${HOST}/${jobId}/${apiName}`;

/** What stands for a result, by what may come as one. */
function fileFor(result: ResultFiles) {
	const [found] = [SAMPLE_MP4, SAMPLE_FRAMES].flatMap((base64) => {
		const bytes = Buffer.from(base64, 'base64');
		const type = result.typeOf(bytes);
		return type ? { bytes, ...type } : [];
	});
	return found;
}

/** A job as LTX reports one that has ended well. */
export function finishSample(known: Partial<Job> & { id: string }, result: ResultFiles): Job {
	const { id, created_at = new Date().toISOString() } = known;
	const { key = MP4_RESULT.key, others = [] } = result;
	const addressOf = (label: string) =>
		`https://${HOST}/${encodeURIComponent(id)}/${label.replace(/_url$/, '')}`;
	return {
		id,
		status: 'completed',
		created_at,
		completed_at: new Date().toISOString(),
		result: Object.fromEntries([key, ...others].map((label) => [label, addressOf(label)])),
		sample: true,
	};
}

/** Puts the file of a sample into n8n's binary data. */
export async function keepSampleFile(
	{ prepareBinaryData }: Pick<IExecuteFunctions['helpers'], 'prepareBinaryData'>,
	result: ResultFiles,
	fileName: string,
	label = '',
): Promise<IBinaryData> {
	const { bytes, extension, mimeType } = fileFor(result);
	return await prepareBinaryData(bytes, nameFile(fileName, extension, label), mimeType).catch(
		(error: unknown) => {
			if (error instanceof Stopped) throw error;
			const reason = describeStorageFault(error) ?? asLtxError(error, 'download_failed').message;
			throw new LtxError('download_failed', `n8n could not keep the sample: ${reason}`, {
				advice: 'Check the storage of n8n.',
			});
		},
	);
}

const MP4_BYTES = Buffer.byteLength(SAMPLE_MP4, 'base64');

async function isSampleFile(file: InspectedFile): Promise<boolean> {
	return file.sizeBytes === MP4_BYTES && (await readFile(file)).toString('base64') === SAMPLE_MP4;
}

/** Also a `data:` address with the file in it. */
const isSampleAddress = (value: unknown): boolean =>
	typeof value === 'string' &&
	([`https://${HOST}/`, `ltx://${HOST}/`].some((start) => value.startsWith(start)) ||
		value.endsWith(SAMPLE_MP4));

/**
 * Where only the node before has the option, this one would pay for a video made of a sample, which is
 * of use to nobody.
 *
 * @param body fields of the request, by their names in the API
 * @throws {LtxError} `invalid_input` where one of them, or a file, is that of a sample
 */
export async function refuseSamples(
	body: Record<string, unknown>,
	files: InspectedFile[],
): Promise<void> {
	const advice =
		'Add the option Sample Instead of Video to this node too (in a sub-workflow with Always, while you build), or let the node before it make a real video.';
	for (const [apiName, value] of Object.entries(body)) {
		if (isSampleAddress(value)) {
			throw invalidInput(`The address in ${apiName} is that of a sample`, advice);
		}
	}
	for (const file of files) {
		if (await isSampleFile(file)) {
			throw invalidInput(`${file.field} holds a sample`, advice);
		}
	}
}
