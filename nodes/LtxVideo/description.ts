import type { INodeProperties } from 'n8n-workflow';

import { ENDPOINTS, type Endpoint } from './api/endpoints';

const OPERATIONS_THAT_SUBMIT = ['submit', 'submitAndWait'];
const OPERATIONS_THAT_WAIT = ['submitAndWait', 'wait'];

const resource: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: Object.entries(ENDPOINTS).map(([value, { name }]) => ({ name, value })),
	default: 'imageToVideo',
};

function operationProperty(resourceName: string, { noun }: Endpoint): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resourceName] } },
		options: [
			{
				name: 'Get Status',
				value: 'getStatus',
				description: 'Look once at a job that was submitted before. Costs nothing.',
				action: `Get the status of an ${noun} job`,
			},
			{
				name: 'Submit',
				value: 'submit',
				description: 'Start a job and go on at once with its ID. Every job is charged.',
				action: `Submit an ${noun} job`,
			},
			{
				name: 'Submit and Wait',
				value: 'submitAndWait',
				description:
					'Start a job, wait until it is done, and download the video. Every job is charged.',
				action: `Submit an ${noun} job and wait for the result`,
			},
			{
				name: 'Wait',
				value: 'wait',
				description:
					'Wait for a job that was submitted before, and download the video. Costs nothing.',
				action: `Wait for an ${noun} job`,
			},
		],
		default: 'submitAndWait',
	};
}

const jobId: INodeProperties = {
	displayName: 'Job ID',
	name: 'jobId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 6f1c2f0e-5a3d-4c58-9d0b-2b7e4a91c7d3',
	hint: 'LTX keeps the status of a job for at most 24 hours after it ended',
	description: 'The ID that Submit gave for the job. The job must belong to the chosen resource.',
	displayOptions: { show: { operation: ['getStatus', 'wait'] } },
};

/** The fields of an endpoint, those that are optional gathered in one collection. */
function requestProperties(resourceName: string, { fields }: Endpoint): INodeProperties[] {
	const propertiesOf = (isOptional: boolean) =>
		fields.filter((field) => field.isOptional === isOptional).flatMap((field) => field.properties);
	const additionalFields: INodeProperties = {
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: propertiesOf(true),
	};
	const show = { resource: [resourceName], operation: OPERATIONS_THAT_SUBMIT };
	return [...propertiesOf(false), additionalFields].map((property) => ({
		...property,
		// Not `updateDisplayOptions` of n8n-workflow, which takes longer than all else that n8n does
		// with this package when it starts.
		displayOptions: {
			...property.displayOptions,
			show: { ...show, ...property.displayOptions?.show },
		},
	}));
}

const downloadAfterWaiting: INodeProperties = {
	displayName: 'Download Video',
	name: 'downloadVideo',
	type: 'boolean',
	default: true,
	hint: 'The address of the video expires. Downloading keeps the file in n8n.',
	description: 'Whether to put the finished video into the binary data of the item',
	displayOptions: { show: { operation: OPERATIONS_THAT_WAIT } },
};

const downloadOnGetStatus: INodeProperties = {
	...downloadAfterWaiting,
	default: false,
	displayOptions: { show: { operation: ['getStatus'] } },
};

const WAITING_ONLY = { show: { '/operation': OPERATIONS_THAT_WAIT } };

const options: INodeProperties = {
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
			description: 'The name of the binary field for the downloaded video',
			displayOptions: { hide: { '/operation': ['submit'] } },
		},
	],
};

/** Every parameter of the node, derived from the table of endpoints. */
export const properties: INodeProperties[] = [
	resource,
	...Object.entries(ENDPOINTS).map(([name, endpoint]) => operationProperty(name, endpoint)),
	jobId,
	...Object.entries(ENDPOINTS).flatMap(([name, endpoint]) => requestProperties(name, endpoint)),
	downloadAfterWaiting,
	downloadOnGetStatus,
	options,
];
