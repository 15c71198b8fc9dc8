import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { ENDPOINTS, FILE_RESOURCE, type Endpoint } from './endpoints';
import { AUDIO, IMAGE, VIDEO } from './media/kinds';

const OPERATIONS_THAT_SUBMIT = ['submit', 'submitAndWait'];
const OPERATIONS_THAT_WAIT = ['submitAndWait', 'wait'];

const OPERATION_NAMES: Record<string, string> = {
	getStatus: 'Get Status',
	submit: 'Submit',
	submitAndWait: 'Submit and Wait',
	upload: 'Upload',
	wait: 'Wait',
};

const resourceNames = (): Record<string, string> => ({
	...Object.fromEntries(Object.entries(ENDPOINTS).map(([value, { name }]) => [value, name])),
	[FILE_RESOURCE]: 'File',
});

/** An expression for the line below the name of the node, as in "Retake: Submit and Wait". */
export function createSubtitle(): string {
	const nameOf = (names: Record<string, string>, parameter: string) =>
		`(${JSON.stringify(names)})[$parameter["${parameter}"]]`;
	return `={{ ${nameOf(resourceNames(), 'resource')} + ": " + ${nameOf(OPERATION_NAMES, 'operation')} }}`;
}

function createResource(): INodeProperties {
	const [defaultResource] = Object.keys(ENDPOINTS);
	return {
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: Object.entries(resourceNames())
			.map(([value, name]) => ({ name, value }))
			.sort((a, b) => (a.name < b.name ? -1 : 1)),
		default: defaultResource,
	};
}

type OperationTexts = Record<string, { description: string; action: string }>;

function operationProperty(
	resourceName: string,
	texts: OperationTexts,
	defaultOperation: string,
): INodeProperties {
	const options: INodePropertyOptions[] = Object.entries(texts).map(([value, entry]) => ({
		name: OPERATION_NAMES[value],
		value,
		...entry,
	}));
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resourceName] } },
		options,
		default: defaultOperation,
	};
}

function jobOperations(resourceName: string, { aJob, resultFile }: Endpoint): INodeProperties {
	const { noun } = resultFile;
	return operationProperty(
		resourceName,
		{
			getStatus: {
				description: 'Look once at a job that was submitted before. Costs nothing.',
				action: `Get the status of ${aJob}`,
			},
			submit: {
				description: 'Start a job and go on at once with its ID. Every job is charged.',
				action: `Submit ${aJob}`,
			},
			submitAndWait: {
				description: `Start a job, wait until it is done, and download the ${noun}. Every job is charged.`,
				action: `Submit ${aJob} and wait for the result`,
			},
			wait: {
				description: `Wait for a job that was submitted before, and download the ${noun}. Costs nothing.`,
				action: `Wait for ${aJob}`,
			},
		},
		'submitAndWait',
	);
}

const createFileOperations = (): INodeProperties =>
	operationProperty(
		FILE_RESOURCE,
		{
			upload: {
				description: 'Upload a file to be used in any number of jobs for 24 hours. Costs nothing.',
				action: 'Upload a file',
			},
		},
		'upload',
	);

const createFileToUpload = (): INodeProperties => ({
	displayName: 'Input Binary Field',
	name: 'binaryProperty',
	type: 'string',
	required: true,
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the input field that holds the file',
	description: [IMAGE, VIDEO, AUDIO]
		.map(({ types, largestMebibytes }) => `${types}: at most ${largestMebibytes} MiB.`)
		.join(' '),
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
	displayOptions: { show: { operation: ['getStatus', 'wait'] } },
});

/** The fields of an endpoint, additional ones gathered in one collection. */
function requestProperties(resourceName: string, { fields }: Endpoint): INodeProperties[] {
	const propertiesOf = (isAdditional: boolean) =>
		fields
			.filter((field) => field.isAdditional === isAdditional)
			.flatMap((field) => field.createProperties());
	const additional = propertiesOf(true);
	const additionalFields: INodeProperties = {
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: additional,
	};
	const show = { resource: [resourceName], operation: OPERATIONS_THAT_SUBMIT };
	return [...propertiesOf(false), ...(additional.length > 0 ? [additionalFields] : [])].map(
		(property) => ({
			...property,
			// Not `updateDisplayOptions` of n8n-workflow, which takes longer than all else that n8n does
			// with this package when it starts.
			displayOptions: {
				...property.displayOptions,
				show: { ...show, ...property.displayOptions?.show },
			},
		}),
	);
}

/** Whether to download, in the words of what each endpoint makes. */
function downloadProperties(): INodeProperties[] {
	const nouns = new Set(Object.values(ENDPOINTS).map(({ resultFile }) => resultFile.noun));
	return [...nouns].flatMap((noun) => {
		const resource = Object.entries(ENDPOINTS)
			.filter(([, { resultFile }]) => resultFile.noun === noun)
			.map(([name]) => name);
		const afterWaiting: INodeProperties = {
			displayName: `Download ${noun[0].toUpperCase()}${noun.slice(1)}`,
			name: 'downloadVideo',
			type: 'boolean',
			default: true,
			hint: `The address of the ${noun} expires. Downloading keeps the file in n8n.`,
			description: `Whether to put the finished ${noun} into the binary data of the item`,
			displayOptions: { show: { resource, operation: OPERATIONS_THAT_WAIT } },
		};
		const onGetStatus: INodeProperties = {
			...afterWaiting,
			default: false,
			displayOptions: { show: { resource, operation: ['getStatus'] } },
		};
		return [afterWaiting, onGetStatus];
	});
}

const WAITING_ONLY = { show: { '/operation': OPERATIONS_THAT_WAIT } };

const createOptions = (): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Max Concurrency',
			name: 'maxConcurrency',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 10,
			description:
				'How many items are worked on at once. When LTX says that too many jobs are running, the node waits and tries again by itself.',
		},
		{
			displayName: 'Max Cost (USD)',
			name: 'maxCostUsd',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 2 },
			default: 5,
			description:
				'What all items of one run of this node may cost together. If the estimate is higher, nothing is submitted.',
			displayOptions: { show: { '/operation': OPERATIONS_THAT_SUBMIT } },
		},
		{
			displayName: 'Max Wait (Minutes)',
			name: 'maxWait',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 20,
			description:
				'How long to wait for each job, download included. LTX cannot cancel: a job that takes longer goes on and is charged.',
			displayOptions: WAITING_ONLY,
		},
		{
			displayName: 'On Timeout',
			name: 'onTimeout',
			type: 'options',
			options: [
				{
					name: 'Return the Job',
					value: 'returnJob',
					description: 'Output the job as it stands, to be taken up later with Wait',
				},
				{ name: 'Throw an Error', value: 'error', description: 'Let the item fail' },
			],
			default: 'error',
			description: 'What to do when a job is not done in time',
			displayOptions: WAITING_ONLY,
		},
		{
			displayName: 'Poll Interval (Seconds)',
			name: 'pollInterval',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 5,
			description:
				'How often to ask for the status. LTX recommends 5 seconds or more; asking more often does not make the video come sooner.',
			displayOptions: WAITING_ONLY,
		},
		{
			displayName: 'Put Output in Field',
			name: 'binaryPropertyOutput',
			type: 'string',
			default: 'data',
			placeholder: 'e.g. data',
			description: 'The name of the binary field for the downloaded file',
			displayOptions: { hide: { '/operation': ['submit', 'upload'] } },
		},
	],
});

/** Every parameter of the node, derived from the table of endpoints. */
export function createProperties(): INodeProperties[] {
	const endpoints = Object.entries(ENDPOINTS);
	return [
		createResource(),
		...endpoints.map(([name, endpoint]) => jobOperations(name, endpoint)),
		createFileOperations(),
		createFileToUpload(),
		createJobId(),
		...endpoints.flatMap(([name, endpoint]) => requestProperties(name, endpoint)),
		...downloadProperties(),
		createOptions(),
	];
}
