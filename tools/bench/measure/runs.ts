import type {
	ICredentialDataDecryptedObject,
	INodeExecutionData,
	INodeParameters,
	IRun,
} from 'n8n-workflow';

import type { Engine, WorkflowJson } from '../../engine/engine';
import { GOOD_REQUEST, workflowWith, type NodeRun } from '../../engine/runNode';
import type { RemoteServer } from './remoteServer';

/** A run of one node, over. */
export interface FinishedRun {
	items: INodeExecutionData[];
	/** When the node began and returned, on the clock of `Date.now()`. */
	startMs: number;
	endMs: number;
}

type Server = Pick<RemoteServer, 'apiKey' | 'apiUrl'>;

const LTX = 'LTX Video';
const HTTP = 'HTTP Request';

function finishedRunOf(run: IRun, nodeName: string): FinishedRun {
	const { error, runData } = run.data.resultData;
	const data = runData[nodeName]?.at(-1);
	if (error || !data) throw error ?? new Error(`${nodeName} did not run`);
	return {
		items: data.data?.main[0] ?? [],
		startMs: data.startTime,
		endMs: data.startTime + data.executionTime,
	};
}

/** Runs the LTX Video node; parameters default to a good request. */
export async function runLtx(
	engine: Engine,
	{ apiKey, apiUrl }: Server,
	run: NodeRun,
): Promise<FinishedRun> {
	const workflow = workflowWith({ ...run, parameters: { ...GOOD_REQUEST, ...run.parameters } });
	const credentials = { ltxApi: { apiKey, baseUrl: apiUrl } };
	return finishedRunOf(await engine.execute(workflow, credentials).finished, LTX);
}

/** Runs n8n's own HTTP Request node in the place of ours. */
export async function runHttpRequest(
	engine: Engine,
	{
		parameters,
		items,
		credentials = {},
	}: {
		parameters: INodeParameters;
		items?: NodeRun['items'];
		credentials?: Record<string, ICredentialDataDecryptedObject>;
	},
): Promise<FinishedRun> {
	const { nodes, connections, pinData } = workflowWith({ items });
	const names = Object.keys(credentials);
	const workflow: WorkflowJson = {
		nodes: nodes.map((node) =>
			node.name === LTX
				? {
						...node,
						name: HTTP,
						type: 'n8n-nodes-base.httpRequest',
						typeVersion: 4.2,
						parameters,
						credentials: Object.fromEntries(names.map((name) => [name, { id: '1', name }])),
					}
				: node,
		),
		connections: {
			Items: { main: [[{ node: HTTP, type: 'main', index: 0 }]] },
			[HTTP]: connections[LTX],
		},
		pinData,
	};
	return finishedRunOf(await engine.execute(workflow, credentials).finished, HTTP);
}
