import { randomUUID } from 'node:crypto';

import type {
	IConnections,
	INode,
	INodeParameters,
	IPinData,
	IWorkflowSettings,
} from 'n8n-workflow';

/** A workflow as n8n exports and imports it. */
export interface WorkflowJson {
	id?: string;
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	pinData?: IPinData;
}

/** Between neighbours on the canvas, in its pixels. */
const NODE_DISTANCE = 224;

export function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: INodeParameters = {},
	settings: Partial<INode> = {},
): INode {
	return { id: randomUUID(), name, type, typeVersion, position: [0, 0], parameters, ...settings };
}

/** What the editor's button starts. */
export function manualTrigger(name = 'When clicking ‘Execute workflow’'): INode {
	return node(name, 'n8n-nodes-base.manualTrigger', 1);
}

export function noOp(name: string): INode {
	return node(name, 'n8n-nodes-base.noOp', 1);
}

/** One node after the other, from left to right. */
export function chain(...nodes: INode[]): WorkflowJson {
	const pairs = nodes.slice(1).map((next, index) => [nodes[index].name, next.name] as const);
	return {
		nodes: nodes.map((entry, index) => ({ ...entry, position: [index * NODE_DISTANCE, 0] })),
		connections: Object.fromEntries(
			pairs.map(([from, to]) => [from, { main: [[{ node: to, type: 'main', index: 0 }]] }]),
		),
	};
}
