import type { INodeParameters } from 'n8n-workflow';

import { ENDPOINTS } from '../../../nodes/LtxVideo/endpoints';
import { endpointOf } from '../../../nodes/LtxVideo/endpoints/endpoint';
import { readFields } from '../../../nodes/LtxVideo/operations/request';
import { REQUESTS } from '../../engine/requests';
import { withDefaults } from '../panel';
import { refusalOf } from '../refusalOf';
import { readerOf } from './readerOf';

type Parameters = Record<string, unknown> & { additionalFields?: object };

/** What may be left out at the top level. */
const OPTIONAL: Record<string, string[]> = {
	audioToVideo: ['imageSource', 'prompt', 'model', 'resolution'],
	retake: ['prompt', 'mode', 'model'],
	extend: ['prompt', 'mode', 'model'],
	otherEndpoint: ['files'],
};

/** What n8n gives to the node where a user has set no more than these. */
const submitWith = (resource: string, parameters: INodeParameters): Parameters =>
	withDefaults({ resource, operation: 'submit', ...parameters });

const read = (resource: string, parameters: INodeParameters) =>
	readAll(resource, submitWith(resource, parameters));

/** What the fields of a resource make of parameters. */
const readAll = (resource: string, { additionalFields = {}, ...parameters }: Parameters) =>
	readFields({
		endpoint: ENDPOINTS[resource],
		parameter: readerOf(parameters),
		additionalField: readerOf(additionalFields),
	});

const plainOf = (body: Record<string, unknown>) =>
	Object.fromEntries(Object.entries(body).map(([name, value]) => [name, { is: 'plain', value }]));

describe.each(Object.entries(REQUESTS))('%s', (resource, { endpoint, parameters, body, more }) => {
	const { alwaysSent = {} } = ENDPOINTS[resource];
	const own = Object.fromEntries(
		Object.entries(body).filter(([name]) => !Object.hasOwn(alwaysSent, name)),
	);

	it('is read into just what LTX gets', () => {
		expect(read(resource, parameters)).toEqual(plainOf(own));
		expect(body).toMatchObject(alwaysSent);
		const { path } = endpointOf(ENDPOINTS[resource], readerOf(parameters));
		expect(path).toBe(endpoint);
	});

	it('is read with everything that may be added', () => {
		const all = { ...parameters, ...more?.parameters };
		expect(read(resource, all)).toEqual(plainOf({ ...own, ...more?.body }));
	});

	it('has a gap in none of them', () => {
		const all = { ...parameters, ...more?.parameters };
		expect(ENDPOINTS[resource].findGap?.(read(resource, all))).toBeUndefined();
	});

	it('needs what is not optional', () => {
		const given = submitWith(resource, parameters);
		const topLevel = ENDPOINTS[resource].fields.filter(({ isAdditional }) => !isAdditional);
		for (const [{ name }] of topLevel.map(({ properties }) => properties)) {
			const without = { ...given, [name]: undefined };
			const isOptional = OPTIONAL[resource]?.includes(name) ?? false;
			if (isOptional) expect(() => readAll(resource, without)).not.toThrow();
			else expect(() => readAll(resource, without)).toThrow();
		}
	});
});

describe('a file of Other Endpoint', () => {
	const readWith = (requestBody: object) =>
		read('otherEndpoint', {
			endpointPath: 'video-upscale',
			requestBody: JSON.stringify(requestBody),
			files: { file: [{ apiField: 'video_uri', binaryProperty: 'data' }] },
		});

	it.each([{}, { video_uri: '' }, { video_uri: null }])('goes into the body %j', (requestBody) => {
		expect(readWith(requestBody).video_uri).toMatchObject({ is: 'file', source: 'data' });
	});

	it('takes no place that has a value, which would vanish', () => {
		const refused = refusalOf(() => readWith({ video_uri: 'https://example.com/a.mp4' }));

		expect(refused).toMatchObject({
			message: 'Files gives video_uri, which has a value already',
			advice: 'Remove one of the two.',
		});
	});
});
