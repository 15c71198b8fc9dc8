import type {
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	IRun,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import type { LtxServer } from '../ltx-server/LtxServer';
import type { Engine, Execution } from './engine';
import { chain, manualTrigger, node, noOp, type WorkflowJson } from './workflow';

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
	const ltx = node(LTX, 'n8n-nodes-ltx-video.ltxVideo', 1, parameters, {
		credentials: { ltxApi: { id: '1', name: 'LTX API' } },
		...settings,
	});
	return {
		...chain(manualTrigger('Items'), ltx, noOp('Done')),
		pinData: { Items: items.map((item) => ({ json: {}, ...item })) },
	};
}

/** The credential for a server, as the engine takes it. */
export function credentialsFor({ apiKey, apiUrl }: Pick<LtxServer, 'apiKey' | 'apiUrl'>) {
	return { ltxApi: { apiKey, baseUrl: apiUrl } };
}

export function startNode(engine: Engine, server: LtxServer, run: NodeRun): Execution {
	return engine.execute(workflowWith(run), {
		ltxApi: { ...credentialsFor(server).ltxApi, ...run.credentials },
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
