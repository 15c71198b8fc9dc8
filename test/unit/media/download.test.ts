import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { FileTooLargeError } from 'n8n-core';
import type { IBinaryData, IHttpRequestOptions } from 'n8n-workflow';

import { Deadline } from '../../../nodes/LtxVideo/api/deadline';
import { Stopped } from '../../../nodes/LtxVideo/api/errors';
import { downloadFile } from '../../../nodes/LtxVideo/media/download';
import { MP4_RESULT } from '../../../nodes/LtxVideo/media/resultFile';
import { createFakeClock } from '../fakeClock';

type Helpers = Parameters<typeof downloadFile>[0];

const keepInItem = async (content: Buffer | Readable): Promise<IBinaryData> => ({
	data: (Buffer.isBuffer(content) ? content : await buffer(content)).toString('base64'),
	mimeType: 'video/mp4',
});

interface Scripted {
	status?: number;
	headers?: object;
	content?: Buffer;
	/** Ends the body with a fault. */
	fault?: Error;
	/** Whether n8n unpacked it, which leaves nothing of the answer. */
	isUnpacked?: boolean;
}

const FILM = Buffer.concat([
	Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomavc1', 'latin1'),
	Buffer.alloc(200),
]);
const whole = { 'content-length': String(FILM.length) };

/** A storage that answers from a list. */
function setUp(
	answers: Scripted[],
	{
		keep = keepInItem as unknown,
		getBinaryMetadata = undefined as unknown,
		lastTryMs = 10_000,
	} = {},
) {
	const clock = createFakeClock();
	const requests: IHttpRequestOptions[] = [];
	const bodies: Readable[] = [];
	const named: unknown[][] = [];
	const httpRequest = async (options: IHttpRequestOptions) => {
		const {
			status = 200,
			headers = whole,
			content = FILM,
			fault,
			isUnpacked,
		} = answers[requests.length];
		requests.push(options);
		const chunks = [content.subarray(0, 100), content.subarray(100)].filter(
			({ length }) => length > 0,
		);
		const body = Readable.from(
			(async function* () {
				yield* chunks;
				if (fault) throw fault;
			})(),
			{ objectMode: false },
		);
		if (!isUnpacked) Object.assign(body, { rawHeaders: [] });
		bodies.push(body);
		return { statusCode: status, headers, body };
	};
	const prepareBinaryData = async (...given: [Buffer]) => {
		named.push(given.slice(1));
		return await (keep as Helpers['prepareBinaryData'])(...given);
	};
	const stopping = new AbortController();
	const freshUrl = jest.fn(async () => 'https://storage.example/fresh');
	const run = async () =>
		await downloadFile({ httpRequest, prepareBinaryData, getBinaryMetadata } as Helpers, {
			url: 'https://storage.example/first',
			freshUrl,
			fileName: 'job-1',
			file: MP4_RESULT,
			clock,
			stop: stopping.signal,
			deadline: Deadline.in(600_000, clock),
			lastTry: Deadline.in(lastTryMs, clock),
		});
	const urls = () => requests.map(({ url }) => url.split('/').at(-1));
	const areClosed = () => bodies.every(({ destroyed }) => destroyed);
	return { run, requests, urls, named, freshUrl, areClosed, stopping, clock };
}

it('asks the storage for the file as it is, without anything that a redirect could carry on', async () => {
	const { run, requests, named, areClosed } = setUp([{}]);

	expect(Buffer.from((await run()).data, 'base64').equals(FILM)).toBe(true);
	expect(requests[0]).toMatchObject({
		method: 'GET',
		url: 'https://storage.example/first',
		encoding: 'stream',
		headers: { 'Accept-Encoding': 'identity' },
		sendCredentialsOnCrossOriginRedirect: false,
		ignoreHttpStatusErrors: true,
		returnFullResponse: true,
	});
	expect(named).toEqual([['job-1.mp4', 'video/mp4']]);
	expect(areClosed()).toBe(true);
});

const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
const blocked = Object.assign(new Error('10.0.0.7'), { name: 'SsrfBlockedIpError' });
const pack = { content: FILM, isUnpacked: true, headers: { 'content-length': '9999' } };

it.each<[string, Scripted[], string[]]>([
	['is complete', [{}], ['first']],
	['has no length', [{ headers: {} }], ['first']],
	['was unpacked, so that its length says nothing', [pack], ['first']],
	['was busy', [{ status: 503 }, {}], ['first', 'first']],
	['was empty', [{ content: Buffer.alloc(0) }, {}], ['first', 'first']],
	['was something else', [{ content: Buffer.from('<html>') }, {}], ['first', 'first']],
	['was too short', [{ headers: { 'content-length': '999' } }, {}], ['first', 'first']],
	['broke off', [{ fault: reset }, {}], ['first', 'first']],
	...[400, 401, 403, 410].map((status): [string, Scripted[], string[]] => [
		`has expired, which the storage calls ${status},`,
		[{ status }, {}],
		['first', 'fresh'],
	]),
	['was moved', [{ status: 404 }, { status: 500 }, {}], ['first', 'fresh', 'fresh']],
])('a file that %s is fetched, and leaves no connection open', async (_what, answers, expected) => {
	const { run, urls, areClosed } = setUp(answers);

	expect(Buffer.from((await run()).data, 'base64').equals(FILM)).toBe(true);
	expect(urls()).toEqual(expected);
	expect(areClosed()).toBe(true);
});

it.each<[string, Scripted, number, RegExp]>([
	['the storage refuses', { status: 451 }, 1, /: the storage answered HTTP 451$/],
	['the storage refuses twice', { status: 403 }, 2, /: the storage answered HTTP 403$/],
	['is empty to the end', { content: Buffer.alloc(0) }, 0, /: the file is empty$/],
	['is something else', { content: Buffer.from('<html>') }, 0, /: what came is not an MP4 video$/],
	['n8n may not fetch', { fault: blocked }, 1, /: n8n's settings do not allow this address$/],
	['is too short', { headers: { 'content-length': '999' } }, 0, /: 2\d\d of 999 bytes came$/],
	['breaks off', { fault: reset }, 0, /: the connection was closed/],
])(
	'a file that %s is told, and leaves no connection open',
	async (_what, answer, tries, message) => {
		const { run, requests, areClosed } = setUp(Array<Scripted>(99).fill(answer));

		await expect(run()).rejects.toMatchObject({
			type: 'download_failed',
			message: expect.stringMatching(message) as unknown,
			advice: expect.stringMatching(/^The job is paid for and finished\. .* 24 hours/) as unknown,
		});
		if (tries > 0) expect(requests).toHaveLength(tries);
		else expect(requests.length).toBeGreaterThan(3);
		expect(areClosed()).toBe(true);
	},
);

it('asks for a fresh address only once', async () => {
	const { run, freshUrl } = setUp([{ status: 403 }, { status: 503 }, { status: 404 }]);

	await expect(run()).rejects.toMatchObject({ httpStatus: 404 });
	expect(freshUrl).toHaveBeenCalledTimes(1);
});

it('waits as long as the storage asks', async () => {
	const { run, clock } = setUp([{ status: 429, headers: { 'retry-after': '7' } }, {}]);
	await run();

	expect(clock.nowMs()).toBeGreaterThanOrEqual(7_000);
});

it.each<[string, unknown, string]>([
	[
		'no space',
		Object.assign(new Error('x'), { code: 'ENOSPC', syscall: 'write' }),
		'there is no disk space left',
	],
	['something new', new Error('The vault is shut'), 'The vault is shut'],
])('tells at once that n8n could not keep the file: %s', async (_what, fault, reason) => {
	const { run, requests, areClosed } = setUp([{}, {}], {
		keep: async () => await Promise.reject(fault),
	});

	await expect(run()).rejects.toMatchObject({
		type: 'download_failed',
		message: `n8n could not keep the finished file: ${reason}`,
		advice: expect.stringMatching(/^Check the storage of n8n\. The job is paid for/) as unknown,
		isPassing: false,
	});
	expect(requests).toHaveLength(1);
	expect(areClosed()).toBe(true);
});

it('names the setting and the smaller file where a file is too large for the database of n8n', async () => {
	const fault = new FileTooLargeError({
		fileSizeMb: 1234.5,
		maxFileSizeMb: 512,
		fileId: 'c0ffee',
		fileName: 'job-1.zip',
	});
	const { run, requests } = setUp([{}], { keep: async () => await Promise.reject(fault) });

	await expect(run()).rejects.toMatchObject({
		type: 'download_failed',
		message: expect.stringMatching(
			/^n8n could not keep .* 1234\.5 MB exceeds .* 512 MB/,
		) as unknown,
		advice: expect.stringMatching(
			/^Raise N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE in .*Video to HDR .* Result File, choose Video\. The job is paid/,
		) as unknown,
	});
	expect(requests).toHaveLength(1);
});

it('asks n8n for the size of a file that it keeps elsewhere', async () => {
	const keep = async () => ({
		id: 'filesystem-v2:1',
		data: 'filesystem-v2',
		mimeType: 'video/mp4',
	});
	const getBinaryMetadata = jest.fn(async () => ({ fileSize: FILM.length }));
	const { run } = setUp([{}], { keep, getBinaryMetadata });

	expect(await run()).toMatchObject({ id: 'filesystem-v2:1' });
	expect(getBinaryMetadata).toHaveBeenCalledWith('filesystem-v2:1');
});

it('ends when it is stopped', async () => {
	const { run, stopping, requests } = setUp([{}]);
	stopping.abort();

	await expect(run()).rejects.toBeInstanceOf(Stopped);
	expect(requests).toEqual([]);
});

it('ends with a stop while n8n does not keep the file', async () => {
	const { run, stopping } = setUp([{}], {
		keep: async () => await new Promise(() => {}),
	});
	const running = run();
	setImmediate(() => stopping.abort());

	await expect(running).rejects.toBeInstanceOf(Stopped);
});
