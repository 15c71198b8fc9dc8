import type { IHttpRequestOptions } from 'n8n-workflow';

import { createClient } from '../../../nodes/LtxVideo/api/client';
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
