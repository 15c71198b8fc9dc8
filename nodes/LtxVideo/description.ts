import {
	updateDisplayOptions,
	type IDisplayOptions,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { ENDPOINTS } from './endpoints';
import { chosenProperties, type Endpoint } from './endpoints/endpoint';
import { EVERY_KIND } from './media/kinds';
import { FILE_RESOURCE, JOB_OPERATIONS } from './operations';
import { createDownload, createOptions, GIVING_FILES, SUBMITTING } from './settings';

const OPERATION_NAMES: Record<string, string> = {
	submitAndWait: 'Submit and Wait',
	submit: 'Submit',
	wait: 'Wait',
	getStatus: 'Get Status',
	upload: 'Upload',
};
const [usualOperation] = Object.keys(JOB_OPERATIONS);
const [usualResource] = Object.keys(ENDPOINTS);

const RESOURCES: INodePropertyOptions[] = [
	...Object.entries(ENDPOINTS).map(([value, { name, description }]) => ({
		name,
		value,
		description,
	})),
	{
		name: 'File',
		value: FILE_RESOURCE,
		description: 'Upload a file once, use it in several videos. Free.',
	},
];

/** An expression for the line below the name of the node, as in "Retake" or "Retake: Wait". */
export function createSubtitle(): string {
	const resources = Object.fromEntries(RESOURCES.map(({ name, value }) => [value, name]));
	const suffixes = Object.fromEntries(
		Object.keys(JOB_OPERATIONS)
			.filter((operation) => operation !== usualOperation)
			.map((operation) => [operation, `: ${OPERATION_NAMES[operation]}`]),
	);
	const of = (names: object, parameter: string) =>
		`(${JSON.stringify(names)})[$parameter["${parameter}"]]`;
	return `={{ ${of(resources, 'resource')} + (${of(suffixes, 'operation')} ?? "") }}`;
}

const createResource = (): INodeProperties => ({
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: RESOURCES,
	default: usualResource,
});

function createOperation(
	resource: string,
	texts: Record<string, Pick<INodePropertyOptions, 'action' | 'description' | 'builderHint'>>,
): INodeProperties {
	const [byDefault] = Object.keys(texts);
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: Object.entries(texts).map(([value, text]) => ({
			name: OPERATION_NAMES[value],
			value,
			...text,
		})),
		default: byDefault,
	};
}

function createJobOperation(resource: string, { action, product }: Endpoint): INodeProperties {
	return createOperation(resource, {
		submitAndWait: {
			action,
			description: 'Start a job and wait for the finished file. Charged.',
		},
		submit: {
			action: `Start ${product}`,
			description:
				'Start a job and go on at once with its ID, for Wait in a second node: that survives a crash. Charged.',
			builderHint: {
				propertyHint:
					'For unattended workflows: Submit, then Wait with Job ID {{ $json.id }} in a second node, and the workflow setting saveExecutionProgress. A Retry after a crash then pays for nothing again. For jobs of many minutes: Submit, then a Wait node and Get Status in a loop.',
			},
		},
		wait: {
			action: `Wait for ${product}`,
			description:
				'Wait, in a node of its own, for the file of a job that was started before. Free.',
		},
		getStatus: {
			action: `Get status of ${product}`,
			description: 'Look once at a job that was started before. Free.',
		},
	});
}

const createFileOperation = (): INodeProperties =>
	createOperation(FILE_RESOURCE, {
		upload: {
			action: 'Upload file',
			description: 'Upload a file to be used in any number of jobs for 24 hours. Free.',
		},
	});

const createFileToUpload = (): INodeProperties => ({
	displayName: 'Input Binary Field',
	name: 'binaryProperty',
	type: 'string',
	typeOptions: { binaryDataProperty: true },
	required: true,
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the input field that holds the file',
	description: EVERY_KIND.map(
		({ types, largestMebibytes }) => `${types}: at most ${largestMebibytes} MiB.`,
	).join(' '),
	displayOptions: { show: { resource: [FILE_RESOURCE] } },
});

const createJobId = (): INodeProperties => ({
	displayName: 'Job ID',
	name: 'jobId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 6f1c2f0e-5a3d-4c58-9d0b-2b7e4a91c7d3',
	hint: 'LTX keeps the status of a job for at most 24 hours after it ended',
	description: 'The ID that Submit gave for the job. The job must belong to the chosen resource.',
	displayOptions: { show: { operation: ['wait', 'getStatus'] } },
});

/**
 * Puts the properties of all endpoints into one list, in which those with the same words stand once.
 * Each endpoint's own order is kept.
 *
 * @param stamp makes a property be shown for some resources
 */
function mergeOfEndpoints(
	propertiesOf: (endpoint: Endpoint) => INodeProperties[],
	stamp: (property: INodeProperties, resources: string[]) => INodeProperties,
): INodeProperties[] {
	const merged: Array<{ key: string; property: INodeProperties; resources: string[] }> = [];
	for (const [resource, endpoint] of Object.entries(ENDPOINTS)) {
		let place = 0;
		for (const property of propertiesOf(endpoint)) {
			const key = JSON.stringify(property);
			const found = merged.findIndex((entry, index) => index >= place && entry.key === key);
			if (found >= 0) merged[found].resources.push(resource);
			else merged.splice(place, 0, { key, property, resources: [resource] });
			place = (found >= 0 ? found : place) + 1;
		}
	}
	return merged.map(({ property, resources }) => stamp(property, resources));
}

function shownFor(show: IDisplayOptions['show'], property: INodeProperties): INodeProperties {
	return updateDisplayOptions({ show }, [property])[0];
}

const createTopLevelFields = (): INodeProperties[] =>
	mergeOfEndpoints(
		({ fields }) =>
			fields.filter(({ isAdditional }) => !isAdditional).flatMap(({ properties }) => properties),
		(property, resource) => shownFor({ resource, operation: SUBMITTING }, property),
	);

function createAdditionalFields(): INodeProperties {
	const additional = mergeOfEndpoints(
		({ fields }) =>
			fields.filter(({ isAdditional }) => isAdditional).flatMap(({ properties }) => properties),
		(property, resources) => shownFor({ '/resource': resources }, property),
	);
	const resource = Object.entries(ENDPOINTS)
		.filter(([, { fields }]) => fields.some(({ isAdditional }) => isAdditional))
		.map(([name]) => name);
	return {
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: additional,
		displayOptions: { show: { resource, operation: SUBMITTING } },
	};
}

const createPaths = (): INodeProperties[] =>
	mergeOfEndpoints(
		({ path }) => chosenProperties(path),
		(property, resource) => shownFor({ resource }, property),
	);

const createResults = (): INodeProperties[] =>
	mergeOfEndpoints(
		({ result }) => chosenProperties(result),
		(property, resource) => shownFor({ resource, operation: GIVING_FILES }, property),
	);

/** Every parameter of the node, derived from the table of endpoints. */
export function createProperties(): INodeProperties[] {
	return [
		createResource(),
		...Object.entries(ENDPOINTS).map(([name, endpoint]) => createJobOperation(name, endpoint)),
		createFileOperation(),
		createFileToUpload(),
		...createPaths(),
		createJobId(),
		...createTopLevelFields(),
		...createResults(),
		...createDownload(),
		// Before the larger of the two collections, to be in sight on a screen of 900 pixels.
		createOptions(),
		createAdditionalFields(),
	];
}
