import '../../tools/engine/environment';

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { OutboundHttp } from '@n8n/backend-network';
import { Container } from '@n8n/di';
import type { IBinaryData, IHttpRequestOptions } from 'n8n-workflow';

import { systemClock } from '../../nodes/LtxVideo/api/clock';
import { Deadline } from '../../nodes/LtxVideo/api/deadline';
import { downloadFile } from '../../nodes/LtxVideo/media/download';
import { MP4_RESULT } from '../../nodes/LtxVideo/media/resultFile';
import { slowDrip, stalled, type Fault } from '../../tools/ltx-server/faults';
import { LtxServer } from '../../tools/ltx-server/LtxServer';

/*
 * How long a silence may be is the one limit that the tests of the whole node cannot wait for. Here
 * it is short; the requests are n8n's own.
 */

type Content = Buffer | AsyncIterable<Buffer>;

/** As n8n's object stores do: they send a file on when all of it has come. */
const slowlyKept =
	(ms: number) =>
	async (content: Content): Promise<IBinaryData> => {
		const bytes = Buffer.isBuffer(content) ? content : await buffer(content);
		await new Promise((resolve) => setTimeout(resolve, ms));
		return { data: bytes.toString('base64'), mimeType: 'video/mp4' };
	};

const helpersWith = (keepMs: number) =>
	({
		httpRequest: async (options: IHttpRequestOptions) =>
			(await Container.get(OutboundHttp).requests().request(options)) as unknown,
		prepareBinaryData: slowlyKept(keepMs),
	}) as unknown as Parameters<typeof downloadFile>[0];

/** Fetches a file from an address that stays the same. */
async function fetchFilm(
	helpers: Parameters<typeof downloadFile>[0],
	url: string,
	silenceMs: number,
): Promise<Buffer> {
	const deadline = Deadline.in(10_000, systemClock);
	const { data } = await downloadFile(helpers, {
		url,
		freshUrl: async () => url,
		fileName: 'a.mp4',
		file: MP4_RESULT,
		clock: systemClock,
		stop: new AbortController().signal,
		deadline,
		lastTry: deadline,
		silenceMs,
	});
	return Buffer.from(data, 'base64');
}

async function download(
	fault: Fault,
	silenceMs: number,
	keepMs = 0,
): Promise<{ video: Buffer; tries: number }> {
	const server = await LtxServer.start();
	try {
		server.fail('download', fault);
		// The stand-in signs what it gives out, so the address comes from a job.
		const key = { Authorization: `Bearer ${server.apiKey}`, 'Content-Type': 'application/json' };
		const body = JSON.stringify({
			image_uri: 'https://images.example.com/a.png',
			prompt: 'x',
			model: 'ltx-2-3-fast',
			duration: 6,
			resolution: '1280x720',
		});
		server.jobMs = 0;
		const submit = await fetch(`${server.apiUrl}/v2/image-to-video`, {
			method: 'POST',
			headers: key,
			body,
		});
		const { id } = (await submit.json()) as { id: string };
		const poll = await fetch(`${server.apiUrl}/v2/image-to-video/${id}`, { headers: key });
		const { result } = (await poll.json()) as { result: { video_url: string } };
		const video = await fetchFilm(helpersWith(keepMs), result.video_url, silenceMs);
		return { video, tries: server.count('download') };
	} finally {
		await server.stop();
	}
}

it('lets a download go on that is slow but never silent', async () => {
	const { video, tries } = await download(slowDrip(60, 30), 1_000);

	expect(video.length).toBeGreaterThan(10_000);
	expect(tries).toBe(1);
});

it('gives up a try that has fallen silent, and fetches the file again', async () => {
	const { video, tries } = await download(stalled, 1_000);

	expect(video.length).toBeGreaterThan(10_000);
	expect(tries).toBe(2);
});

it('does not count the time that n8n takes to keep the file', async () => {
	const { tries } = await download(slowDrip(3, 10), 200, 900);

	expect(tries).toBe(1);
});

it('does not take a slow copy for silence where the whole file was there before it was looked at', async () => {
	let tries = 0;
	const film = Buffer.concat([
		Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomavc1', 'latin1'),
		Buffer.alloc(200),
	]);
	const helpers = {
		...helpersWith(900),
		async httpRequest() {
			tries++;
			const body = new Readable({ read: () => {} });
			body.push(film);
			body.push(null);
			const headers = { 'content-length': String(film.length) };
			return { statusCode: 200, headers, body: Object.assign(body, { rawHeaders: [] }) };
		},
	};
	const fetched = await fetchFilm(helpers as never, 'https://storage.example/v', 200);

	expect(fetched).toEqual(film);
	expect(tries).toBe(1);
});
