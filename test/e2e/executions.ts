import { randomUUID } from 'node:crypto';

import type { IDataObject, INode } from 'n8n-workflow';

import { chain, type WorkflowJson } from '../../tools/engine/workflow';
import type { SavedWorkflow } from '../../tools/n8n/N8nClient';
import {
	ANSWER_AT_ONCE,
	postWebhook,
	saveAndActivate,
	SPLIT_ITEMS,
	webhook,
} from '../../tools/n8n/workflows';
import { until } from '../../tools/until';
import type { N8nTest } from './useN8n';

/** An execution that may still be running. */
export interface Started {
	id: string;
	workflow: SavedWorkflow;
}

/** A workflow that gives the items of `startExecution` to the first of these nodes. */
export function afterItems(...nodes: INode[]): WorkflowJson {
	return chain(webhook(randomUUID(), ANSWER_AT_ONCE), SPLIT_ITEMS, ...nodes);
}

/**
 * Lets a new workflow that begins with a webhook run once, in production.
 * @param items what `SPLIT_ITEMS` makes items of, or a form
 */
export async function startExecution(
	{ n8n, rest }: Pick<N8nTest, 'n8n' | 'rest'>,
	json: WorkflowJson,
	items: IDataObject[] | FormData = [{}],
): Promise<Started> {
	const workflow = await saveAndActivate(rest, json);
	await postWebhook(
		n8n.url,
		String(json.nodes[0].parameters.path),
		items instanceof FormData ? items : { items },
	);
	const [{ id }] = await until(async () => {
		const executions = await rest.executions(workflow.id);
		return executions.length > 0 && executions;
	});
	return { id, workflow };
}
