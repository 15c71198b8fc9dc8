import type {
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	IRun,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import type { Engine, Execution, WorkflowJson } from './engine';
import type { LtxServer } from '../ltx-server/LtxServer';

export type Item = Omit<INodeExecutionData, 'json'> & { json?: IDataObject };

export interface NodeRun {
	/** Parameters of the LTX Video node; what is left out has its default. */
	parameters?: INodeParameters;
	/** Node settings: `onError`, `retryOnFail`, `maxTries`, `waitBetweenTries`. */
	settings?: Partial<INode>;
	/** Input items; default: one with an empty json. */
	items?: Item[];
	credentials?: { apiKey?: string; baseUrl?: string };
}

export interface NodeResult {
	run: IRun;
	/** Items at the node's output. */
	items: INodeExecutionData[];
	/** Items at its error output, where it has one. */
	errorItems: INodeExecutionData[];
	/** What ended the node. */
	error?: (NodeApiError | NodeOperationError) & { context: IDataObject; httpCode?: string | null };
}

/** A request that the stand-in accepts. */
export const GOOD_REQUEST: INodeParameters = {
	resource: 'imageToVideo',
	imageSource: 'url',
	imageUri: 'https://images.example.com/lighthouse.png',
	prompt: 'Waves roll in',
	model: 'ltx-2-3-fast',
	duration: 6,
	resolution: '1280x720',
};

/** Waits that suit a stand-in whose jobs take milliseconds. */
export const QUICK = { pollInterval: 0.02, maxWait: 0.2 };

const LTX = 'LTX Video';

/** A workflow whose first node gives `items` to the LTX Video node. */
export function workflowWith({
	parameters = {},
	settings = {},
	items = [{}],
}: NodeRun): WorkflowJson {
	const at = (x: number, y: number): [number, number] => [x, y];
	const next = (node: string) => [{ node, type: 'main' as const, index: 0 }];
	return {
		nodes: [
			{
				id: 'items',
				name: 'Items',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: at(0, 0),
				parameters: {},
			},
			{
				id: 'ltx',
				name: LTX,
				type: 'n8n-nodes-ltx-video.ltxVideo',
				typeVersion: 1,
				position: at(200, 0),
				parameters,
				credentials: { ltxApi: { id: '1', name: 'LTX API' } },
				...settings,
			},
			{
				id: 'done',
				name: 'Done',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: at(400, 0),
				parameters: {},
			},
		],
		connections: { Items: { main: [next(LTX)] }, [LTX]: { main: [next('Done')] } },
		pinData: { Items: items.map((item) => ({ json: {}, ...item })) },
	};
}

export function startNode(engine: Engine, server: LtxServer, run: NodeRun): Execution {
	return engine.execute(workflowWith(run), {
		ltxApi: { apiKey: server.apiKey, baseUrl: server.apiUrl, ...run.credentials },
	});
}

export function resultOf(run: IRun): NodeResult {
	const { runData, error } = run.data.resultData;
	const outputs = runData[LTX]?.at(-1)?.data?.main ?? [];
	return {
		run,
		items: outputs[0] ?? [],
		errorItems: outputs[1] ?? [],
		error: (runData[LTX]?.at(-1)?.error ?? error) as NodeResult['error'],
	};
}

/** Runs the LTX Video node in n8n's engine, to its end. */
export async function runNode(
	engine: Engine,
	server: LtxServer,
	run: NodeRun = {},
): Promise<NodeResult> {
	return resultOf(await startNode(engine, server, run).finished);
}
