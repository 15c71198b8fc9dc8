import { Readable } from 'node:stream';

import { LtxError, Stopped } from '../../../nodes/LtxVideo/api/errors';
import type { InspectedFile } from '../../../nodes/LtxVideo/media/inspect';
import { uploadFile } from '../../../nodes/LtxVideo/media/upload';
import { createFakeClock } from '../fakeClock';

const MEBIBYTE = 1024 * 1024;
const MINUTE_MS = 60_000;

const SLOT = { upload_url: 'https://storage.example.com/1', storage_uri: 'ltx://uploads/1' };

type Request = { url: string; headers: object; timeout: number; body: unknown };

interface Given {
	sizeBytes?: number;
	/** One for each try: the status of the storage, a fault, or what gives one. */
	answers?: unknown[];
	/** Failures of the slots, before there is one. */
	slotFailures?: unknown[];
	slot?: object;
	open?: InspectedFile['open'];
	wasReached?: boolean;
}

function setUp({
	sizeBytes = 4,
	answers = [200],
	slotFailures = [],
	slot = {},
	open = async () => Readable.from([Buffer.alloc(sizeBytes)]),
	wasReached = true,
}: Given = {}) {
	const requests: Request[] = [];
	const slotLimits: object[] = [];
	const opened: Readable[] = [];
	const clock = createFakeClock();
	const helpers = {
		async httpRequest(request: Request) {
			const given = answers[requests.length];
			requests.push(request);
			const answer: unknown = typeof given === 'function' ? await given() : given;
			if (typeof answer !== 'number') throw answer;
			return { statusCode: answer };
		},
	};
	const client = {
		wasReached: () => wasReached,
		async createUpload(limits: object) {
			slotLimits.push(limits);
			if (slotFailures.length > 0) throw slotFailures.shift();
			return { ...SLOT, ...slot };
		},
	};
	const file: InspectedFile = {
		mimeType: 'video/mp4',
		sizeBytes,
		async open() {
			const source = await open();
			if (!Buffer.isBuffer(source)) opened.push(source as Readable);
			return source;
		},
		facts: {},
		field: 'The binary field "data"',
		name: 'a.mp4',
	};
	const stopping = new AbortController();
	const limits = { clock, stop: stopping.signal };
	const run = async () => await uploadFile(helpers as never, client as never, file, limits);
	return { run, requests, slotLimits, opened, clock, stopping };
}

async function limitMsOf(sizeBytes: number): Promise<number> {
	const { run, requests } = setUp({
		sizeBytes,
		open: async () => Readable.from([Buffer.alloc(1)]),
	});
	await run();
	return requests[0].timeout;
}

it('sends the file with its length and type to the address of the slot, without the key', async () => {
	const required_headers = { 'x-upload-token': 'a' };
	const { run, requests } = setUp({ slot: { required_headers } });

	expect(await run()).toEqual({ ...SLOT, required_headers });
	expect(requests).toHaveLength(1);
	expect(requests[0]).toMatchObject({
		method: 'PUT',
		url: SLOT.upload_url,
		headers: { ...required_headers, 'Content-Type': 'video/mp4', 'Content-Length': 4 },
		disableFollowRedirect: true,
		ignoreHttpStatusErrors: true,
	});
});

it('leaves the type to the slot where that names one', async () => {
	const required_headers = { 'content-type': 'video/x-mine' };
	const { run, requests } = setUp({ slot: { required_headers } });
	await run();

	expect(requests[0].headers).toEqual({ ...required_headers, 'Content-Length': 4 });
});

const reset = () => Object.assign(new Error('reset'), { code: 'ECONNRESET', syscall: 'write' });

it.each<[string, unknown[], number]>([
	['that took it', [200], 1],
	['that was busy', [503, 201], 2],
	['that refused a slot', [403, 200], 2],
	['whose connection broke', [reset(), 299], 2],
])('is through with a storage %s, and leaves no file open', async (_what, answers, tries) => {
	const { run, requests, opened } = setUp({ answers });
	await run();

	expect(requests).toHaveLength(tries);
	expect(opened.map(({ destroyed }) => destroyed)).toEqual(Array(tries).fill(true));
});

it.each<[string, Given, number, object]>([
	[
		'that refuses every slot',
		{ answers: Array(9).fill(403) },
		5,
		{
			message: 'The upload of the file failed: the storage answered HTTP 403',
			httpStatus: 403,
			advice: expect.stringMatching(/^Uploads are free/) as unknown,
		},
	],
	[
		'that does not take so large a file',
		{ answers: [413] },
		1,
		{
			message: expect.stringMatching(/413/) as unknown,
			advice: expect.stringMatching(/smaller/) as unknown,
		},
	],
	[
		'to which n8n lets nothing out',
		{ answers: [{ name: 'SsrfBlockedIpError' }] },
		1,
		{ message: "The upload of the file failed: n8n's settings do not allow this address" },
	],
])('fails with a storage %s, and leaves no file open', async (_what, given, tries, error) => {
	const { run, requests, opened } = setUp(given);

	await expect(run()).rejects.toMatchObject({ type: 'upload_failed', isPassing: false, ...error });
	expect(requests).toHaveLength(tries);
	expect(opened.map(({ destroyed }) => destroyed)).toEqual(Array(tries).fill(true));
});

it('tries again for five minutes', async () => {
	const { run, clock } = setUp({ answers: Array(200).fill(503) });

	await expect(run()).rejects.toMatchObject({ type: 'upload_failed', httpStatus: 503 });
	expect(clock.nowMs()).toBeGreaterThan(4 * MINUTE_MS);
	expect(clock.nowMs()).toBeLessThanOrEqual(5 * MINUTE_MS);
});

it.each<[string, InspectedFile['open'], unknown]>([
	[
		'cannot be opened',
		async () => await Promise.reject(Object.assign(new Error('x'), { code: 'EACCES' })),
		200,
	],
	[
		'cannot be read to its end',
		async () => Readable.from([Buffer.alloc(1)]),
		Object.assign(new Error('x'), { code: 'EACCES', syscall: 'read' }),
	],
])('tells at once that a file %s', async (_what, open, answer) => {
	const { run, requests } = setUp({ open, answers: [answer] });

	await expect(run()).rejects.toMatchObject({
		type: 'upload_failed',
		message: 'n8n could not read the file: n8n has no right to its folder of files',
		advice: expect.stringMatching(/^Check the storage of n8n/) as unknown,
	});
	expect(requests.length).toBeLessThanOrEqual(1);
});

it('tells what n8n says of a file that it cannot open, where that is new', async () => {
	const { run } = setUp({ open: async () => await Promise.reject(new Error('The vault is shut')) });

	await expect(run()).rejects.toMatchObject({
		message: 'n8n could not read the file: The vault is shut',
	});
});

it('takes the fault of the file for the cause where the connection only broke for it', async () => {
	const fault = Object.assign(new Error('x'), { code: 'EIO', syscall: 'read' });
	const file = new Readable({ read() {} });
	const breakOff = async () => {
		file.destroy(fault);
		await new Promise((resolve) => file.once('close', resolve));
		throw reset();
	};
	const { run, requests } = setUp({ answers: [breakOff], open: async () => file });

	await expect(run()).rejects.toMatchObject({
		message: 'n8n could not read the file: the disk gave an error',
	});
	expect(requests).toHaveLength(1);
});

it('sends what n8n keeps in the item too', async () => {
	const { run, requests } = setUp({ open: async () => Buffer.from('film') });
	await run();

	expect(requests[0].body).toEqual(Buffer.from('film'));
});

it('gives the slot no more time than a slot needs, and lets it hear Stop', async () => {
	const { run, slotLimits, stopping } = setUp();
	await run();

	expect(slotLimits).toEqual([{ limitMs: 60_000, stop: stopping.signal }]);
});

it('ends when it is stopped', async () => {
	const { run, stopping, requests } = setUp();
	stopping.abort();

	await expect(run()).rejects.toBeInstanceOf(Stopped);
	expect(requests).toEqual([]);
});

it("keeps the API's own words, but calls its network an upload that failed", async () => {
	const own = new LtxError('authentication_error', 'LTX does not accept the API key');
	const network = new LtxError('network_error', 'Upload could not reach LTX', { advice: 'x' });

	await expect(setUp({ slotFailures: [own] }).run()).rejects.toBe(own);
	await expect(setUp({ slotFailures: [network] }).run()).rejects.toMatchObject({
		type: 'upload_failed',
		message: network.message,
		advice: 'x',
	});
	await expect(setUp({ slotFailures: [new Error('odd')] }).run()).rejects.toThrow('odd');
});

it('tells after half a minute that LTX was never reached', async () => {
	const unreachable = new LtxError('network_error', 'Upload could not reach LTX', {
		isPassing: true,
		isUnreachable: true,
	});
	const upload = async (wasReached: boolean) => {
		const slotFailures = Array<LtxError>(200).fill(unreachable);
		const { run, clock } = setUp({ wasReached, slotFailures });
		await expect(run()).rejects.toThrow(unreachable.message);
		return clock.nowMs();
	};

	expect(await upload(false)).toBeLessThanOrEqual(30_000);
	expect(await upload(true)).toBeGreaterThan(4 * MINUTE_MS);
});

it('gives a small file the five minutes in which it may be sent again', async () => {
	expect(await limitMsOf(MEBIBYTE)).toBe(5 * MINUTE_MS);
});

it('gives a large file the time that a slow line needs', async () => {
	expect(await limitMsOf(200 * MEBIBYTE)).toBeGreaterThan(50 * MINUTE_MS);
});

it('ends with a stop while n8n does not give the file, which is closed when it comes', async () => {
	let give: (file: Readable) => void = () => {};
	const { run, stopping, requests, opened } = setUp({
		open: async () => await new Promise<Readable>((resolve) => (give = resolve)),
	});
	const running = run();
	setImmediate(() => stopping.abort());

	await expect(running).rejects.toBeInstanceOf(Stopped);
	give(Readable.from([Buffer.alloc(4)]));
	await new Promise((resolve) => setImmediate(resolve));
	expect(opened.map(({ destroyed }) => destroyed)).toEqual([true]);
	expect(requests).toEqual([]);
});
