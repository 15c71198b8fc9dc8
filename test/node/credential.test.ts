import axios from 'axios';
import { Workflow, type ICredentialType } from 'n8n-workflow';

import { useLtx } from '../support/useLtx';

const ltx = useLtx();

/** Sends the credential's test request as n8n's editor does. */
async function testCredential(data: { apiKey: string; baseUrl: string }) {
	const type = ltx.engine.credentialType('ltxApi') as ICredentialType;
	const request = type.test?.request;
	const workflow = new Workflow({
		nodes: [],
		connections: {},
		active: false,
		nodeTypes: ltx.engine.nodeTypes,
	});
	const resolve = (value: unknown) =>
		workflow.expression.getSimpleParameterValue(
			{ parameters: {} } as never,
			value as string,
			'internal',
			{ $credentials: data as never },
		) as string;
	const { properties } = type.authenticate as { properties: { headers: Record<string, string> } };
	const answer = await axios.request({
		method: request?.method,
		baseURL: resolve(request?.baseURL),
		url: request?.url,
		headers: { Authorization: resolve(properties.headers.Authorization) },
		validateStatus: () => true,
		maxRedirects: 0,
	});
	const rule = type.test?.rules?.find(({ properties: { value } }) => value === answer.status);
	return { status: answer.status, message: rule?.properties.message };
}

describe('the credential', () => {
	it('has a hidden key and the base URL of LTX', () => {
		const { displayName, properties } = ltx.engine.credentialType('ltxApi') as ICredentialType;
		const [apiKey, baseUrl] = properties;
		expect(displayName).toBe('LTX API');
		expect(apiKey).toMatchObject({ name: 'apiKey', typeOptions: { password: true } });
		expect(baseUrl).toMatchObject({ name: 'baseUrl', default: 'https://api.ltx.io' });
	});

	it.each(['', '/', '// '])(
		'is tested at no cost, with "%s" behind the base URL',
		async (suffix) => {
			const { apiKey, apiUrl } = ltx.server;
			expect(await testCredential({ apiKey, baseUrl: ` ${apiUrl}${suffix}` })).toEqual({
				status: 200,
				message: undefined,
			});
			expect(ltx.server.requests.map(({ kind }) => kind)).toEqual(['upload']);
			expect(ltx.server.jobs).toEqual([]);
		},
	);

	it('says what is wrong with a bad key', async () => {
		const { status, message } = await testCredential({ apiKey: 'bad', baseUrl: ltx.server.apiUrl });
		expect(status).toBe(401);
		expect(message).toMatch(/does not accept this API key.*console\.ltx\.io/);
	});
});
