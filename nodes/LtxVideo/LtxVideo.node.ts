import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { properties } from './description';

/** Turns images into videos with the LTX API. */
export class LtxVideo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'LTX Video',
		name: 'ltxVideo',
		icon: { light: 'file:ltxVideo.svg', dark: 'file:ltxVideo.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ ({ getStatus: "Get Status", submit: "Submit", submitAndWait: "Submit and Wait", wait: "Wait" })[$parameter["operation"]] }}',
		description: 'Turn images into videos with the LTX API',
		defaults: { name: 'LTX Video' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'ltxApi', required: true }],
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		// Loaded with the first run: n8n loads every installed node when it starts.
		const { runItems } = await import('./runItems');
		return [await runItems(this)];
	}
}
