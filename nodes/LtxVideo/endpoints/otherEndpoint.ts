import { invalidInput } from '../api/errors';
import { isRecord } from '../api/json';
import { EVERY_KIND } from '../media/kinds';
import { anyResult, type ResultFiles } from '../media/resultFile';
import type { Chosen, Endpoint } from './endpoint';
import { plain, type BodyValue, type Field } from './fields/field';
import { toFileSource } from './fields/mediaField';
import { toTrimmedText } from './fields/values';

const ONE_SEGMENT = /^[A-Za-z0-9_-]+$/;

const path: Chosen<string> = {
	properties: [
		{
			displayName: 'Endpoint Path',
			name: 'endpointPath',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. image-to-video',
			hint: 'What follows /v2/ in the address in the LTX documentation',
			description: 'Letters, digits, - and _ only',
		},
	],
	choose(parameter) {
		const given = toTrimmedText('Endpoint Path', parameter('endpointPath'));
		if (ONE_SEGMENT.test(given)) return given;
		throw invalidInput(
			'Endpoint Path may hold letters, digits, - and _ only',
			'Enter what follows /v2/ in the documentation of the endpoint, such as image-to-video.',
		);
	},
};

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** An expression may give what JSON leaves out, turns into null, or cuts short. */
function refuseLost(body: Record<string, unknown>): void {
	JSON.stringify(body, (name, value: unknown) => {
		const isLost = value === undefined || typeof value === 'function';
		if (isLost || (typeof value === 'number' && !Number.isFinite(value))) {
			throw invalidInput(
				`Request Body: ${name} is ${isLost ? 'empty' : 'not a number'}`,
				`Fill in ${name}, or leave it out.`,
			);
		}
		if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
			throw invalidInput(
				`Request Body: ${name} has more digits than can be sent`,
				'Use a shorter number or, if LTX takes it, a text in quotes.',
			);
		}
		return value;
	});
}

const requestBody: Field = {
	isAdditional: false,
	properties: [
		{
			displayName: 'Request Body',
			name: 'requestBody',
			type: 'json',
			typeOptions: { rows: 6 },
			default: '{}',
			hint: 'JSON as LTX documents it, without Files',
			description: 'What LTX gets. Each job is charged; the price is not known to this node.',
		},
	],
	read(parameter) {
		const given = parameter('requestBody');
		const body = typeof given === 'string' ? parseJson(given) : given;
		if (!isRecord(body)) {
			throw invalidInput(
				'Request Body must be a JSON object',
				'Begin with { and end with }, as in { "resolution": "4k" }.',
			);
		}
		refuseLost(body);
		return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, plain(value)]));
	},
};

const files: Field = {
	isAdditional: false,
	properties: [
		{
			displayName: 'Files',
			name: 'files',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add File',
			default: {},
			options: [
				{
					displayName: 'File',
					name: 'file',
					values: [
						{
							displayName: 'API Field',
							name: 'apiField',
							type: 'string',
							default: '',
							placeholder: 'e.g. video_uri',
							description: 'Where the address of the uploaded file goes in the request body',
						},
						{
							displayName: 'Binary Field',
							name: 'binaryProperty',
							type: 'string',
							typeOptions: { binaryDataProperty: true },
							default: 'data',
							placeholder: 'e.g. data',
							description: 'The name of the input field that holds the file',
						},
					],
				},
			],
			description: 'Files of the input item, uploaded to LTX for free',
		},
	],
	read(parameter) {
		const given = parameter('files');
		if (given === undefined) return {};
		if (!isRecord(given)) throw invalidInput('Files must be a list of files');
		const entries = Object.values(given).flat();
		const read: Record<string, BodyValue> = {};
		for (const entry of entries) {
			const { apiField, binaryProperty } = isRecord(entry) ? entry : {};
			const name = toTrimmedText('API Field', apiField);
			const source = toFileSource('Binary Field', binaryProperty);
			if (Object.hasOwn(read, name)) {
				throw invalidInput(`API Field ${name} has two files`, 'Keep one of them.');
			}
			read[name] = { is: 'file', source, kinds: EVERY_KIND };
		}
		return read;
	},
};

const result: Chosen<ResultFiles> = {
	properties: [
		{
			displayName: 'Result Key',
			name: 'resultKey',
			type: 'string',
			default: 'video_url',
			placeholder: 'e.g. video_url',
			hint: 'Which address in the result of the job is downloaded',
			description: 'As the documentation of the endpoint names it',
		},
	],
	choose(parameter) {
		const given = parameter('resultKey');
		return anyResult(toTrimmedText('Result Key', given === undefined ? 'video_url' : given));
	},
};

/** Any endpoint that is newer than this package. */
export const otherEndpoint: Endpoint = {
	path,
	name: 'Other Endpoint',
	description: 'New at LTX, not yet in this list. LTX names the price.',
	action: 'Use other LTX endpoint',
	product: 'job of other LTX endpoint',
	fields: [requestBody, files],
	result,
	price: () => ({ unknown: 'An endpoint that this version does not list has no known price' }),
};
