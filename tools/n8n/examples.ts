import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPOSITORY } from '../engine/paths';
import type { WorkflowJson } from '../engine/workflow';
import type { CredentialReference } from './N8nClient';

const FOLDER = join(REPOSITORY, 'examples');

/** File names of the example workflows. */
export const EXAMPLES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

/** The text of an example workflow. */
export function readExample(file: string): string {
	return readFileSync(join(FOLDER, file), 'utf8');
}

/** An example workflow, with this credential selected in every LTX Video node. */
export function exampleWorkflow(file: string, ltxApi: CredentialReference): WorkflowJson {
	const workflow = JSON.parse(readExample(file)) as WorkflowJson;
	return withCredentials(workflow, 'n8n-nodes-ltx-video.', { ltxApi });
}

/** The same workflow with these credentials selected in all nodes whose type begins like this. */
export function withCredentials(
	workflow: WorkflowJson,
	type: string,
	credentials: Record<string, CredentialReference>,
): WorkflowJson {
	const nodes = workflow.nodes.map((node) =>
		node.type.startsWith(type) ? { ...node, credentials } : node,
	);
	return { ...workflow, nodes };
}

/** The same workflow, which makes real videos also where it is started in the editor. */
export function withoutSamples(workflow: WorkflowJson): WorkflowJson {
	const nodes = workflow.nodes.map((node) => {
		const options = node.parameters.options as { sample?: string } | undefined;
		if (options?.sample === undefined) return node;
		return {
			...node,
			parameters: { ...node.parameters, options: { ...options, sample: 'never' } },
		};
	});
	return { ...workflow, nodes };
}

/** The same workflow with other nodes in the place of those of the same name. */
export function withNodes(
	workflow: WorkflowJson,
	...replacements: WorkflowJson['nodes']
): WorkflowJson {
	const nodes = workflow.nodes.map(
		(node) => replacements.find(({ name }) => name === node.name) ?? node,
	);
	return { ...workflow, nodes };
}
