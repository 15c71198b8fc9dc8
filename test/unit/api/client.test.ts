import type { IHttpRequestOptions } from 'n8n-workflow';

import { createClient, type LtxClient } from '../../../nodes/LtxVideo/api/client';
import { Stopped } from '../../../nodes/LtxVideo/api/errors';
import { createRedactor } from '../../../nodes/LtxVideo/api/redact';

const LIMITS = { limitMs: 5_000 };

function clientOf(statusCode: number, body: unknown, sent: IHttpRequestOptions[] = []) {
	const send = async (options: IHttpRequestOptions) => {
		sent.push(options);
		return { statusCode, headers: {}, body };
	};
	return createClient(send, 'https://api.ltx.io', createRedactor([]));
}

describe('the id of a job', () => {
	it.each([
		['6f1c-42', '6f1c-42'],
		[42, '42'],
		[0, '0'],
	])('%p is kept as the text %p, by a submit and by a poll', async (id, expected) => {
		const created_at = '2026-11-25T12:00:00Z';
		const body = { id, created_at, status: 'pending' };

		expect(await clientOf(202, body).submitJob('retake', {}, 5_000)).toEqual({
			id: expected,
			created_at,
		});
		expect(await clientOf(200, body).getJob('retake', 'asked', LIMITS)).toMatchObject({
			id: expected,
		});
	});

	it.each<unknown>([
		{ id: '' },
		{ id: ' ' },
		{ id: null },
		{ id: true },
		{ id: ['a'] },
		{},
		[],
		'',
	])('is not in %j: a submit is lost, a poll keeps the one that was asked for', async (body) => {
		await expect(clientOf(202, body).submitJob('retake', {}, 5_000)).rejects.toMatchObject({
			type: 'answer_lost',
			wasRefused: false,
			isPassing: false,
		});
		const job = { ...(body as object), status: 'pending' };
		expect(await clientOf(200, job).getJob('retake', 'asked', LIMITS)).toMatchObject({
			id: 'asked',
		});
	});
});

const OWN = { type: 'error', error: { type: 'api_error', message: 'Oh' } };

it.each([
	[404, OWN, { isPassing: false, isUnknownJob: true }],
	[404, '<html>', { isPassing: false, isUnknownJob: false, type: 'unexpected_answer' }],
	[401, OWN, { isPassing: false, isUnknownJob: false }],
	[429, '', { isPassing: true }],
	[502, '', { isPassing: true }],
	[200, '<html>', { isPassing: true, type: 'unexpected_answer' }],
	[200, { id: 'a' }, { isPassing: true, type: 'unexpected_answer' }],
])('a poll that is answered by %i %j fails as %j', async (status, body, error) => {
	await expect(clientOf(status, body).getJob('retake', 'a', LIMITS)).rejects.toMatchObject(error);
});

it.each([
	['a b/c', 'a%20b%2Fc'],
	['a\ud800', 'a%EF%BF%BD'],
])('the job id %j stays one segment of the address', async (jobId, segment) => {
	const sent: IHttpRequestOptions[] = [];
	await clientOf(200, { status: 'pending' }, sent).getJob('retake', jobId, LIMITS);

	expect(sent[0].url).toBe(`https://api.ltx.io/v2/retake/${segment}`);
});

const SLOT = { upload_url: 'https://s.example/1', storage_uri: 'ltx://uploads/1' };

it.each<[object, boolean]>([
	[SLOT, true],
	[{ ...SLOT, required_headers: null }, true],
	[{ ...SLOT, required_headers: { 'x-a': 'b' } }, true],
	[{ ...SLOT, required_headers: 'x-a: b' }, false],
	[{ ...SLOT, upload_url: undefined }, false],
	[{ ...SLOT, storage_uri: 7 }, false],
])('whether %j is a place for an upload: %p', async (body, isSlot) => {
	const slot = clientOf(200, body).createUpload(LIMITS);

	if (isSlot) expect(await slot).toEqual(body);
	else await expect(slot).rejects.toMatchObject({ type: 'unexpected_answer', isPassing: true });
});

it('knows whether the host has answered', async () => {
	const client = clientOf(500, '');
	expect(client.wasReached()).toBe(false);
	await client.createUpload(LIMITS).catch(() => {});
	expect(client.wasReached()).toBe(true);
});

const SAME = {
	json: true,
	disableFollowRedirect: true,
	ignoreHttpStatusErrors: true,
	returnFullResponse: true,
};

it.each<[string, (client: LtxClient) => Promise<unknown>, object]>([
	[
		'a submit',
		async (client) => await client.submitJob('retake', { prompt: 'x' }, 5_000),
		{ method: 'POST', url: 'https://api.ltx.io/v2/retake', body: { prompt: 'x' } },
	],
	[
		'a submit without values, which n8n would not send',
		async (client) => await client.submitJob('retake', {}, 5_000),
		{
			method: 'POST',
			url: 'https://api.ltx.io/v2/retake',
			body: '{}',
			headers: { 'Content-Type': 'application/json' },
		},
	],
	[
		'a poll',
		async (client) => await client.getJob('retake', 'a', LIMITS),
		{ method: 'GET', url: 'https://api.ltx.io/v2/retake/a' },
	],
	[
		'a place for an upload',
		async (client) => await client.createUpload(LIMITS),
		{ method: 'POST', url: 'https://api.ltx.io/v1/upload' },
	],
])('%s asks the API itself, and nobody to whom it redirects', async (_what, ask, expected) => {
	const sent: IHttpRequestOptions[] = [];
	await ask(clientOf(200, { id: 'a', status: 'pending', ...SLOT }, sent));

	expect(sent).toEqual([
		{
			...SAME,
			...expected,
			abortSignal: expect.any(AbortSignal) as unknown,
			// Later than the limit of the client, which says for how long nothing came.
			timeout: 6_000,
		},
	]);
});

it('a submit gives no date where LTX gave none that is a text', async () => {
	expect(await clientOf(202, { id: 'a', created_at: 7 }).submitJob('retake', {}, 5_000)).toEqual({
		id: 'a',
	});
});

describe('a request that gets no answer', () => {
	const failing = (fault: unknown) =>
		createClient(async () => await Promise.reject(fault), 'https://api.ltx.io', createRedactor([]));

	it.each<[string, object]>([
		['ECONNRESET', { isPassing: true, isUnreachable: false }],
		['ENOTFOUND', { isPassing: true, isUnreachable: true }],
	])('for %s may be made again where it is free: %j', async (code, details) => {
		await expect(failing({ code }).getJob('retake', 'a', LIMITS)).rejects.toMatchObject({
			type: 'network_error',
			message: expect.stringMatching(/^Get Status could not reach LTX: the (host|conn)/) as unknown,
			advice: expect.stringMatching(/base URL/) as unknown,
			...details,
		});
		await expect(failing({ code }).createUpload(LIMITS)).rejects.toMatchObject({
			message: expect.stringMatching(/^Upload could not reach LTX/) as unknown,
		});
	});

	it('because n8n does not let it out is told at once', async () => {
		const blocked = { name: 'SsrfBlockedIpError' };

		await expect(failing(blocked).getJob('retake', 'a', LIMITS)).rejects.toMatchObject({
			isPassing: false,
		});
	});

	it('because it was stopped says so, unless it was a submit', async () => {
		const stopped = failing(new Stopped());

		await expect(stopped.getJob('retake', 'a', LIMITS)).rejects.toBeInstanceOf(Stopped);
		await expect(stopped.submitJob('retake', {}, 5_000)).rejects.toMatchObject({
			type: 'answer_lost',
		});
	});
});
