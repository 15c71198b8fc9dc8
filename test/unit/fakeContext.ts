import type {
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
} from 'n8n-workflow';

import { NODE } from './node';

interface Given {
	executionId?: string;
	/** How n8n runs the workflow; `retry` is the Retry of an execution. */
	mode?: string;
	/** How the execution began that is retried. */
	source?: string;
	runIndex?: number;
	nodeName?: string;
	/** Those that are chosen in the node. */
	nodeCredentials?: INode['credentials'];
	/** What n8n keeps of the node in an execution, and hands to its Retry. */
	kept?: IDataObject;
	/** Whether an AI agent calls the node. */
	isTool?: boolean;
	items?: INodeExecutionData[];
	/** By name, for all items or for each; one that is not here is not set. */
	parameters?: IDataObject | IDataObject[];
	/** Parameters as they are written, with their expressions. */
	written?: INodeParameters;
	credentials?: IDataObject;
	customData?: unknown;
	cancel?: AbortSignal;
	continues?: boolean;
	helpers?: object;
	/** Hints given to n8n; `undefined` stands for an n8n without them. */
	hints?: unknown[];
	/** Lines for n8n's log, with their level. */
	log?: string[];
}

/** What n8n gives to a node that it runs, as far as single modules use it. */
export function createFakeContext({
	executionId = '1',
	mode = 'manual',
	source = mode,
	runIndex = 0,
	nodeName = NODE.name,
	nodeCredentials,
	kept = {},
	isTool = false,
	items = [],
	parameters = {},
	written = {},
	credentials = {},
	customData,
	cancel,
	continues = false,
	helpers = {},
	hints,
	log = [],
}: Given = {}): IExecuteFunctions {
	const context = {
		getExecutionId: () => executionId,
		getMode: () => mode,
		getExecutionContext: () => ({ source }),
		getNode: () => ({
			...NODE,
			name: nodeName,
			credentials: nodeCredentials,
			parameters: written,
		}),
		getContext: () => kept,
		getWorkflowDataProxy: () => ({ $runIndex: runIndex, $execution: { customData } }),
		getInputData: () => items,
		getNodeParameter(name: string, index: number, fallback: unknown) {
			const ofItem = Array.isArray(parameters) ? parameters[index] : parameters;
			return Object.hasOwn(ofItem, name) ? ofItem[name] : fallback;
		},
		getCredentials: async () => credentials,
		getExecutionCancelSignal: () => cancel,
		logger: {
			debug: (line: string) => log.push(`debug ${line}`),
			info: (line: string) => log.push(`info ${line}`),
			warn: (line: string) => log.push(`warn ${line}`),
		},
		continueOnFail: () => continues,
		helpers,
		...(isTool && { getNextRunIndex: () => 0 }),
		...(hints && { addExecutionHints: (...given: unknown[]) => hints.push(...given) }),
	};
	return context as unknown as IExecuteFunctions;
}
