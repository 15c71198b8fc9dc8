import type { INodeExecutionData, IRun } from 'n8n-workflow';

import type { Engine } from '../engine/engine';
import { GOOD_REQUEST, workflowWith, type NodeRun } from '../engine/runNode';
import { chain, node } from '../engine/workflow';
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
	{ parameters, items }: Pick<NodeRun, 'parameters' | 'items'>,
): Promise<FinishedRun> {
	const { nodes, pinData } = workflowWith({ items });
	const workflow = {
		...chain(nodes[0], node(HTTP, 'n8n-nodes-base.httpRequest', 4.2, parameters)),
		pinData,
	};
	return finishedRunOf(await engine.execute(workflow, {}).finished, HTTP);
}
