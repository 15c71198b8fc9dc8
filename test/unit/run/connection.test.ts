import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import type { Job } from '../../../nodes/LtxVideo/api/job';
import { createConnections } from '../../../nodes/LtxVideo/run/connection';
import { createFakeContext } from '../fakeContext';

const POLL = { limitMs: 1_000 };
const { signal: stop } = new AbortController();

/** A server that answers every request with what came of the key. */
async function echoOf(apiKey: string, echoed: string): Promise<Job> {
	const helpers = {
		httpRequestWithAuthentication: async () => ({
			statusCode: 200,
			headers: {},
			body: { status: 'pending', authorization: `Bearer ${echoed}`, [echoed]: [echoed] },
		}),
	};
	const credentials = { apiKey, baseUrl: 'https://api.ltx.io' };
	const context = createFakeContext({ credentials, helpers });
	const { client } = await createConnections(context, stop).accountOf(0);
	return await client.getJob('image-to-video', 'job-1', POLL);
}

it.each([
	['a key', 'ltx_key-0123', 'ltx_key-0123'],
	['a key that was pasted with spaces around it', ' ltx_key-0123\n', 'ltx_key-0123'],
	['a key that was pasted with a line break, as it is kept', 'ltx_key\r\n0123', 'ltx_key\r\n0123'],
	// n8n's HTTP library leaves out what a header cannot hold.
	['a key that was pasted with a line break, as it is sent', 'ltx_key\r\n0123', 'ltx_key0123'],
	['a key with a sign that no header holds, as it is sent', 'ltx_key\u200b0123', 'ltx_key0123'],
	['a key, percent-encoded', 'ltx/key+0123', 'ltx%2fkey%2B0123'],
])('%s is taken out of an answer that echoes it', async (_what, apiKey, echoed) => {
	const job = await echoOf(apiKey, echoed);

	expect(job).toMatchObject({
		status: 'pending',
		authorization: 'Bearer [redacted]',
		'[redacted]': ['[redacted]'],
	});
});

it('each item has its own credential; those of the same key and base URL share an account, with its line', async () => {
	const context = createFakeContext();
	const accounts = [
		['key-of-anna', 'https://a.example'],
		['key-of-bert', 'https://a.example'],
		['key-of-anna', 'https://b.example'],
		[' key-of-anna', 'https://a.example/'],
	];
	const getCredentials = async (_type: string, item: number) => ({
		apiKey: accounts[item][0],
		baseUrl: accounts[item][1],
	});
	Object.assign(context, { getCredentials });
	const { accountOf } = createConnections(context, stop);
	const given = await Promise.all(accounts.map(async (_account, item) => await accountOf(item)));

	expect(new Set(given.map(({ client }) => client)).size).toBe(3);
	expect(new Set(given.map(({ line }) => line)).size).toBe(3);
	expect(given[3]).toBe(given[0]);
});

it('what one server echoes of the key of another item is taken out too', async () => {
	const helpers = {
		httpRequestWithAuthentication: async () => ({
			statusCode: 200,
			headers: {},
			body: { status: 'pending', note: 'key-of-anna, key-of-bert' },
		}),
	};
	const context = createFakeContext({ helpers });
	Object.assign(context, {
		getCredentials: async (_type: string, item: number) => ({
			apiKey: ['key-of-anna', 'key-of-bert'][item],
			baseUrl: 'https://a.example',
		}),
	});
	const { accountOf, redactor } = createConnections(context, stop);
	const [{ client: anna }] = [await accountOf(0), await accountOf(1)];

	expect(await anna.getJob('retake', 'job-1', POLL)).toMatchObject({
		note: '[redacted], [redacted]',
	});
	expect(redactor.value('key-of-bert')).toBe('[redacted]');
});

it('an empty key is the mistake of its own item', async () => {
	const context = createFakeContext();
	Object.assign(context, {
		getCredentials: async (_type: string, item: number) => ({
			apiKey: ['key-of-anna', ''][item],
			baseUrl: 'https://a.example',
		}),
	});
	const { accountOf } = createConnections(context, stop);

	await expect(accountOf(1)).rejects.toMatchObject({ type: 'invalid_input' });
	await expect(accountOf(0)).resolves.toBeDefined();
});

it.each([
	['no key', { apiKey: ' ', baseUrl: 'https://api.ltx.io' }, /API key .* is empty/],
	['no base URL', { apiKey: 'ltx_key-0123', baseUrl: '' }, /base URL .* not an http/],
])('a credential with %s is refused', async (_what, credentials, message) => {
	await expect(
		createConnections(createFakeContext({ credentials }), stop).accountOf(0),
	).rejects.toMatchObject({
		type: 'invalid_input',
		message: expect.stringMatching(message) as unknown,
	});
});

it('a request is ended by its own signal, not by the Stop of the execution', async () => {
	let sender: IExecuteFunctions | undefined;
	let sent: IHttpRequestOptions | undefined;
	const helpers = {
		async httpRequestWithAuthentication(
			this: IExecuteFunctions,
			_credential: string,
			options: IHttpRequestOptions,
		) {
			[sender, sent] = [this, options];
			return { statusCode: 202, headers: {}, body: { id: 'job-1' } };
		},
	};
	const credentials = { apiKey: 'ltx_key-0123', baseUrl: 'https://api.ltx.io/' };
	const cancel = AbortSignal.abort();
	const context = createFakeContext({ credentials, helpers, cancel });
	const { client } = await createConnections(context, stop).accountOf(0);

	await client.submitJob('image-to-video', { prompt: 'x' }, 1_000);

	expect(sender?.getExecutionCancelSignal()).toBe(sent?.abortSignal);
	expect(sent).toMatchObject({
		url: 'https://api.ltx.io/v2/image-to-video',
		disableFollowRedirect: true,
	});
});
