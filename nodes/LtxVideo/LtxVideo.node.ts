import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { createProperties, createSubtitle } from './description';
import { runItems } from './run/runItems';

/** Makes and changes videos with the LTX API. */
export class LtxVideo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'LTX Video',
		name: 'ltxVideo',
		icon: { light: 'file:ltxVideo.svg', dark: 'file:ltxVideo.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: createSubtitle(),
		description: 'Turn images, text and sound into videos, and change videos, with the LTX API',
		defaults: { name: 'LTX Video' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		hints: [
			{
				message:
					'Each item becomes a video that is charged. The option Max Cost limits what a run may cost.',
				type: 'info',
				location: 'inputPane',
				whenToDisplay: 'beforeExecution',
				displayCondition:
					'={{ $input.all().length > 1 && !$parameter["options"]?.["maxCostUsd"] && !["editor", "always"].includes($parameter["options"]?.["sample"]) && ["submit", "submitAndWait"].includes($parameter["operation"]) }}',
			},
		],
		builderHint: {
			searchHint:
				'Makes videos with LTX from an image, text or sound, and extends, retakes and reframes videos. Every submitted job is charged.',
		},
		credentials: [{ name: 'ltxApi', required: true }],
		properties: createProperties(),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await runItems(this)];
	}
}
