import axios from 'axios';
import { Workflow, type IAuthenticateGeneric, type ICredentialType } from 'n8n-workflow';

import { redirect } from '../../tools/ltx-server/faults';
import { useLtx } from './useLtx';

const ltx = useLtx();

interface Data {
	apiKey: string;
	baseUrl: string;
}

const credentialType = () => ltx.engine.credentialType('ltxApi') as ICredentialType;

/** Resolves an expression of the credential as n8n does. */
function resolve(value: unknown, data: Data): string {
	const workflow = new Workflow({
		nodes: [],
		connections: {},
		active: false,
		nodeTypes: ltx.engine.nodeTypes,
	});
	return workflow.expression.getSimpleParameterValue(
		{ parameters: {} } as never,
		value as string,
		'internal',
		{ $credentials: data as never },
	) as string;
}

/** Sends the credential's test request as n8n's editor does. */
async function testCredential(data: Data) {
	const type = credentialType();
	const request = type.test?.request;
	const { headers } = (type.authenticate as IAuthenticateGeneric).properties;
	const answer = await axios.request({
		method: request?.method,
		baseURL: resolve(request?.baseURL, data),
		url: request?.url as string,
		headers: { Authorization: resolve(headers?.Authorization, data) },
		validateStatus: () => true,
		...(request?.disableFollowRedirect && { maxRedirects: 0 }),
	});
	const rule = type.test?.rules?.find(({ properties: { value } }) => value === answer.status);
	return { status: answer.status, message: rule?.properties.message };
}

describe('the credential', () => {
	it('leads to a key, hides it, and has the base URL of LTX', () => {
		const { displayName, properties } = credentialType();
		const [wayToKey, apiKey, baseUrl] = properties;
		expect(wayToKey.type).toBe('notice');
		expect(wayToKey.displayName).toMatch(/"https:\/\/console\.ltx\.io".*5 USD/);
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

	it('is tested without following a redirect, which could carry the key elsewhere', async () => {
		const { apiKey, apiUrl, foreignUrl } = ltx.server;
		ltx.server.fail('upload', redirect(foreignUrl, 307));
		expect((await testCredential({ apiKey, baseUrl: apiUrl })).status).toBe(307);
		expect(ltx.server.count('foreign')).toBe(0);
	});

	it('is tested with a key that was pasted with a line break', async () => {
		const { apiKey, apiUrl } = ltx.server;
		const { status } = await testCredential({ apiKey: ` ${apiKey}\n`, baseUrl: apiUrl });
		expect(status).toBe(200);
	});
});
