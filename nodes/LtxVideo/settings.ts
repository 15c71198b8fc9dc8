import type { INodeProperties } from 'n8n-workflow';

import { SAMPLE_OPTIONS } from './sample/sample';

/*
 * The settings of a run, which are the same for every endpoint.
 */

export const SUBMITTING = ['submitAndWait', 'submit'];
const WAITING = ['submitAndWait', 'wait'];
export const GIVING_FILES = [...WAITING, 'getStatus'];

/** Two of one name: only Get Status does not download by default. */
export function createDownload(): INodeProperties[] {
	const afterWaiting: INodeProperties = {
		displayName: 'Download File',
		name: 'downloadVideo',
		type: 'boolean',
		default: true,
		description:
			'Whether to put the finished file into the binary data of the item. Its address at LTX expires.',
		displayOptions: { show: { operation: WAITING } },
	};
	const onGetStatus: INodeProperties = {
		...afterWaiting,
		default: false,
		displayOptions: { show: { operation: ['getStatus'] } },
	};
	return [afterWaiting, onGetStatus];
}

const WHEN_WAITING = { show: { '/operation': WAITING } };
const WHEN_GIVING_FILES = { show: { '/operation': GIVING_FILES } };

export const createOptions = (): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: '',
			placeholder: 'e.g. summer-sale',
			description:
				'The name of the downloaded file. The ID of the job if not set. An ending such as .mp4 is added and, with several files, the field of each.',
			displayOptions: WHEN_GIVING_FILES,
		},
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
				'What all items of one run of this node may cost together. If the estimate is higher, nothing is submitted. An item whose price is not known is never submitted: models and sizes that are not listed, Retake of a URL, Upscale, Cut Out, Other Endpoint.',
			displayOptions: { show: { '/operation': SUBMITTING } },
		},
		{
			displayName: 'Max Wait (Minutes)',
			name: 'maxWait',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 20,
			description:
				'How long to wait for each job, download included. LTX cannot cancel: a job that takes longer goes on and is charged.',
			displayOptions: WHEN_WAITING,
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
				{
					name: 'Throw an Error',
					value: 'error',
					description: 'Let the item fail; its job goes on and is charged',
				},
			],
			default: 'error',
			description: 'What to do when a job is not done in time',
			displayOptions: WHEN_WAITING,
		},
		{
			displayName: 'Poll Interval (Seconds)',
			name: 'pollInterval',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 5,
			description:
				'How often to ask for the status. LTX recommends 5 seconds or more; asking more often does not make the video come sooner.',
			displayOptions: WHEN_WAITING,
		},
		{
			displayName: 'Put Output in Field',
			name: 'binaryPropertyOutput',
			type: 'string',
			default: 'data',
			placeholder: 'e.g. data',
			description:
				'The name of the binary field for the downloaded file. With several files, their names begin with it.',
			displayOptions: WHEN_GIVING_FILES,
		},
		{
			displayName: 'Sample Instead of Video',
			name: 'sample',
			type: 'options',
			options: [...SAMPLE_OPTIONS],
			default: 'editor',
			description:
				'To build and try a workflow for nothing: a short file that says SAMPLE comes at once, and nothing is sent to LTX. Everything else is as with a real video, also its estimated cost and Max Cost.',
			displayOptions: { show: { '/operation': SUBMITTING } },
		},
	],
});
