import { randomUUID } from 'node:crypto';

import axios from 'axios';
import type { INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { GOOD_REQUEST } from '../engine/runNode';
import { node, type WorkflowJson } from '../engine/workflow';
import type { CredentialReference, ExecutionDetails, N8nClient, SavedWorkflow } from './N8nClient';

/** Waits that suit a stand-in whose jobs take less than a second. */
export const QUICK_OPTIONS = { pollInterval: 0.2, maxWait: 1 };

/** The LTX Video node: its parameters over those of a request that the stand-in accepts. */
export function ltxVideo(
	ltxApi: CredentialReference,
	parameters: INodeParameters = {},
	settings: Partial<INode> = {},
): INode {
	return node(
		'LTX Video',
		'n8n-nodes-ltx-video.ltxVideo',
		1,
		{ ...GOOD_REQUEST, options: QUICK_OPTIONS, ...parameters },
		{ credentials: { ltxApi }, ...settings },
	);
}

/** Gives an item for each entry of the field `items` of what a webhook took. */
export const SPLIT_ITEMS = node('Split', 'n8n-nodes-base.splitOut', 1, {
	fieldToSplitOut: 'body.items',
	options: {},
});

/** Gives a file of this machine in the binary field `data`. */
export function readFile(path: string): INode {
	return node('Read Image', 'n8n-nodes-base.readWriteFile', 1, { fileSelector: path });
}

/** A Webhook node that answers as `parameters` say; its address is `<n8n>/webhook/<path>`. */
export function webhook(path: string, parameters: INodeParameters = {}): INode {
	return node(
		'Webhook',
		'n8n-nodes-base.webhook',
		2,
		{ httpMethod: 'POST', path, options: {}, ...parameters },
		{ webhookId: randomUUID() },
	);
}

/** Answers at once, and lets the workflow run. */
export const ANSWER_AT_ONCE = { responseMode: 'onReceived' };

/** Answers with the json of the last node's first item. */
export const ANSWER_JSON = { responseMode: 'lastNode', responseData: 'firstEntryJson' };

/** Answers with the file of the last node's first item. */
export const ANSWER_FILE = {
	responseMode: 'lastNode',
	responseData: 'firstEntryBinary',
	responseBinaryPropertyName: 'data',
};

/**
 * Sends a form or, if it is none, JSON to a webhook and gives the body of its answer.
 * @throws with the answer when n8n did not do what it was asked
 */
export async function postWebhook(n8nUrl: string, path: string, body?: object): Promise<Buffer> {
	const answer = await axios.post<ArrayBuffer>(`${n8nUrl}/webhook/${path}`, body, {
		responseType: 'arraybuffer',
		validateStatus: () => true,
	});
	const bytes = Buffer.from(answer.data);
	if (answer.status !== 200) throw new Error(`Webhook ${path}: ${answer.status} ${bytes}`);
	return bytes;
}

export async function saveAndActivate(
	rest: N8nClient,
	workflow: WorkflowJson,
): Promise<SavedWorkflow> {
	const saved = await rest.createWorkflow({ name: randomUUID(), ...workflow });
	await rest.activate(saved);
	return saved;
}

/** The items at an output of a node's last run. */
export function itemsOf(
	{ data }: ExecutionDetails,
	nodeName: string,
	output = 0,
): INodeExecutionData[] {
	return data.resultData.runData[nodeName]?.at(-1)?.data?.main[output] ?? [];
}
