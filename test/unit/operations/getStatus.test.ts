import { Readable } from 'node:stream';

import { LtxError } from '../../../nodes/LtxVideo/api/errors';
import type { Job } from '../../../nodes/LtxVideo/api/job';
import { ENDPOINTS } from '../../../nodes/LtxVideo/endpoints';
import { getStatus } from '../../../nodes/LtxVideo/operations/getStatus';
import type { Item } from '../../../nodes/LtxVideo/operations/item';
import { createFakeClock } from '../fakeClock';

const MINUTE_MS = 60_000;

const busy = new LtxError('overloaded_error', 'Busy', { httpStatus: 529, isPassing: true });
const completed: Job = {
	id: 'job-1',
	status: 'completed',
	result: { video_url: 'https://storage.example/v' },
};

/** A job that is looked at, and how long each download may take. */
function setUp(
	look: () => Job,
	parameters: object = {},
	storageStatus: number | ((url: string, nowMs: number) => number) = 200,
	resource = 'textToVideo',
) {
	const clock = createFakeClock();
	const limitsMs: number[] = [];
	const startsMs: number[] = [];
	const item = {
		clock,
		stop: new AbortController().signal,
		endpoint: ENDPOINTS[resource],
		parameter: (name: string) =>
			(({ jobId: ' job-1 ', ...parameters }) as Record<string, unknown>)[name],
		option: () => undefined,
		client: { getJob: async () => look() },
		helpers: {
			async httpRequest({ timeout, url }: { timeout: number; url: string }) {
				limitsMs.push(timeout);
				startsMs.push(clock.nowMs());
				const body = Readable.from([Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomavc1')]);
				const statusCode =
					typeof storageStatus === 'number' ? storageStatus : storageStatus(url, clock.nowMs());
				return { statusCode, headers: {}, body };
			},
			prepareBinaryData: async () => ({ data: 'AAAA', mimeType: 'video/mp4' }),
		},
	} as unknown as Item;
	return { clock, limitsMs, startsMs, run: async () => await (await getStatus(item)).run() };
}

it('gives the file twenty minutes to come', async () => {
	const { run, limitsMs } = setUp(() => completed, { downloadVideo: true });

	expect((await run()).binary).toHaveProperty('data');
	expect(limitsMs).toEqual([20 * MINUTE_MS]);
});

it('begins no new try of a download after a minute', async () => {
	const { run, startsMs } = setUp(() => completed, { downloadVideo: true }, 503);

	await expect(run()).rejects.toMatchObject({
		type: 'download_failed',
		jobId: 'job-1',
		videoUrl: 'https://storage.example/v',
	});
	expect(startsMs.length).toBeGreaterThan(5);
	expect(startsMs.at(-1)).toBeLessThanOrEqual(MINUTE_MS);
});

it('has as much patience with each file of a job', async () => {
	const urls = ['a', 'b'].map((name) => `https://storage.example/${name}`);
	const job = { ...completed, result: { a_url: urls[0], b_url: urls[1] } };
	const busyUntilMs = [MINUTE_MS - 1_000, 1.5 * MINUTE_MS];
	const statusOf = (url: string, nowMs: number) =>
		nowMs < busyUntilMs[urls.indexOf(url)] ? 503 : 200;
	const { run, clock } = setUp(() => job, { downloadVideo: true }, statusOf, 'videoAlphaGen');

	expect(Object.keys((await run()).binary ?? {})).toEqual(['a', 'b']);
	expect(clock.nowMs()).toBeGreaterThanOrEqual(1.5 * MINUTE_MS);
});

it('asks for a minute where LTX is busy, and then tells it with the job', async () => {
	const { run, clock } = setUp(() => {
		throw busy;
	});

	await expect(run()).rejects.toMatchObject({ type: 'overloaded_error', jobId: 'job-1' });
	expect(clock.nowMs()).toBeGreaterThan(MINUTE_MS / 2);
	expect(clock.nowMs()).toBeLessThanOrEqual(MINUTE_MS);
});

it.each<[string, Job, object]>([
	['is not wanted', completed, {}],
	['is not there yet', { id: 'job-1', status: 'processing' }, { downloadVideo: true }],
	['has no address', { id: 'job-1', status: 'completed' }, { downloadVideo: true }],
])('gives the job without its file where that %s', async (_what, job, parameters) => {
	const { run, limitsMs } = setUp(() => job, parameters);

	expect(await run()).toEqual({
		json: {
			...job,
			endpoint: 'text-to-video',
			...(job.result ? { video_url: 'https://storage.example/v' } : {}),
		},
	});
	expect(limitsMs).toEqual([]);
});
