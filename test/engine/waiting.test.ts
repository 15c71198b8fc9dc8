import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { REPOSITORY } from '../../tools/engine/paths';
import {
	answerWith,
	apiError,
	proxyPage,
	resetBefore,
	silence,
	slowDrip,
	stalled,
	truncated,
	wrongLength,
	type Fault,
} from '../../tools/ltx-server/faults';
import { GOOD_REQUEST, QUICK } from '../../tools/engine/runNode';
import { until, useLtx } from './useLtx';

const ltx = useLtx();

const WAITING = { ...GOOD_REQUEST, operation: 'submitAndWait', options: QUICK };
const VIDEO = readFileSync(join(REPOSITORY, 'tools', 'ltx-server', 'sample.mp4'));

async function submitted(): Promise<string> {
	const { items } = await ltx.run({ parameters: { ...GOOD_REQUEST, operation: 'submit' } });
	return items[0].json.id as string;
}

const forJob = (operation: string, jobId: string, more = {}) => ({
	parameters: { resource: 'imageToVideo', operation, jobId, options: QUICK, ...more },
});

describe('Submit', () => {
	it('gives the job as it was accepted, and nothing else', async () => {
		const { items } = await ltx.run({ parameters: { ...GOOD_REQUEST, operation: 'submit' } });
		const [{ id, acceptedAtMs }] = ltx.server.jobs;
		expect(items).toEqual([
			{
				json: {
					id,
					created_at: new Date(acceptedAtMs).toISOString(),
					status: 'pending',
					endpoint: 'image-to-video',
					estimated_cost_usd: 0.18,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(ltx.server.requests.map(({ kind }) => kind)).toEqual(['submit']);
	});

	it('takes an answer of 200 as accepted too', async () => {
		ltx.server.fail('submit', answerWith({ status: 200, body: { id: 'job-7' } }));
		expect(await submitted()).toBe('job-7');
	});
});

describe('Submit and Wait, and Wait', () => {
	it('outputs the job untouched with what users look for beside it', async () => {
		const { items } = await ltx.run({ parameters: WAITING });
		const { json, binary } = items[0];
		const [job] = ltx.server.jobs;
		const url = (json.result as { video_url: string }).video_url;
		expect(url).toContain(`${ltx.server.storageUrl}/results/${job.id}.mp4`);
		expect(json).toEqual({
			id: job.id,
			status: 'completed',
			created_at: new Date(job.acceptedAtMs).toISOString(),
			completed_at: new Date(job.acceptedAtMs + ltx.server.jobMs).toISOString(),
			result: { video_url: url },
			endpoint: 'image-to-video',
			video_url: url,
			estimated_cost_usd: 0.18,
			polls: ltx.server.count('poll'),
			waited_seconds: expect.any(Number),
		});
		expect(Math.round(Number(json.waited_seconds) * 10)).toBe(Number(json.waited_seconds) * 10);
		expect(binary?.data).toMatchObject({
			fileName: `${job.id}.mp4`,
			mimeType: 'video/mp4',
			bytes: VIDEO.length,
			fileSize: '72.4 kB',
		});
		expect(await ltx.engine.readFile(binary!.data)).toEqual(VIDEO);
	});

	it('waits for a job that was submitted before', async () => {
		const id = await submitted();
		const { items } = await ltx.run(forJob('wait', ` ${id} `));
		expect(items[0].json).toMatchObject({ id, status: 'completed', polls: expect.any(Number) });
		expect(items[0].binary?.data.fileName).toBe(`${id}.mp4`);
		expect(ltx.server.count('submit')).toBe(1);
	});

	it('looks at once at a job that may be done, and never again after it is', async () => {
		const id = await submitted();
		await until(() => Date.now() > ltx.server.jobs[0].acceptedAtMs + ltx.server.jobMs);
		const { items } = await ltx.run(forJob('wait', id, { options: { pollInterval: 60 } }));
		expect(items[0].json.polls).toBe(1);
		expect(Number(items[0].json.waited_seconds)).toBeLessThan(1);
	});

	it('puts the file where the options say', async () => {
		const options = { ...QUICK, binaryPropertyOutput: 'clip' };
		const { items } = await ltx.run({ parameters: { ...WAITING, options } });
		expect(Object.keys(items[0].binary ?? {})).toEqual(['clip']);
	});

	it('does not download when it is not wanted', async () => {
		const { items } = await ltx.run({ parameters: { ...WAITING, downloadVideo: false } });
		expect(items[0].binary).toBeUndefined();
		expect(items[0].json.video_url).toBeDefined();
		expect(ltx.server.count('download')).toBe(0);
	});

	it.each(['queued', 'running', 'in_progress', 'starting'])(
		'takes %s as being on its way',
		async (status) => {
			ltx.server.planJob = () => ({ progressStatus: status });
			const { items } = await ltx.run({ parameters: WAITING });
			expect(items[0].json.status).toBe('completed');
		},
	);

	it('names a pinned output among the causes where LTX knows no such job', async () => {
		const jobId = await submitted();
		ltx.server.forgetJobs();
		const { error } = await ltx.run(forJob('wait', jobId));
		expect(error?.message).toMatch(/does not know this job/);
		expect(error?.description).toMatch(/comes from a pinned output.* click Unpin/);
	});

	it('names a status that it does not know', async () => {
		ltx.server.planJob = () => ({ ends: { status: 'archived' } });
		const { error } = await ltx.run({ parameters: WAITING });
		expect(error?.message).toMatch(/unknown status "archived"/);
		expect(error?.message).toContain(ltx.server.jobs[0].id);
	});

	it.each([{}, null, { video_url: '' }, { video_url: 7 }])(
		'fails when a completed job has the result %j',
		async (result) => {
			ltx.server.planJob = () => ({ result });
			const { error } = await ltx.run({ parameters: WAITING });
			expect(error?.message).toMatch(/completed, but LTX gave no URL/);
		},
	);

	it('fails with the words of a job that failed', async () => {
		ltx.server.planJob = () => ({
			ends: { failed: { type: 'content_filtered_error', message: 'Violence found' } },
		});
		const { items } = await ltx.run({
			parameters: WAITING,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items[0].json.error).toMatchObject({
			type: 'content_filtered_error',
			job_id: ltx.server.jobs[0].id,
		});
		expect(items[0].json.message).toMatch(/The job failed: .*: Violence found/);
	});
});

describe('the longest wait', () => {
	const HALF_A_SECOND = { pollInterval: 0.05, maxWait: 0.5 / 60 };
	const took = async (work: () => Promise<unknown>) => {
		const startMs = Date.now();
		await work();
		return Date.now() - startMs;
	};

	it('ends the item with its id and the next step', async () => {
		ltx.server.jobMs = 60_000;
		const { error } = await ltx.run({ parameters: { ...WAITING, options: HALF_A_SECOND } });
		expect(error?.message).toMatch(/still (pending|processing) after 0.01 minutes/);
		expect(error?.message).toContain(ltx.server.jobs[0].id);
		expect(error?.description).toMatch(/operation Wait/);
	});

	it('outputs the job as it stands when the user wants that', async () => {
		ltx.server.jobMs = 60_000;
		const options = { ...HALF_A_SECOND, onTimeout: 'returnJob' };
		const { items } = await ltx.run({ parameters: { ...WAITING, options } });
		expect(items[0].json).toMatchObject({
			id: ltx.server.jobs[0].id,
			status: expect.stringMatching(/pending|processing/),
			endpoint: 'image-to-video',
			polls: ltx.server.count('poll'),
			waited_seconds: expect.any(Number),
		});
		expect(items[0].binary).toBeUndefined();
	});

	it('outputs at least the id when no poll was answered', async () => {
		ltx.server.fail('poll', silence, { times: 99 });
		const options = { ...HALF_A_SECOND, onTimeout: 'returnJob' };
		const { items } = await ltx.run(forJob('wait', 'job-1', { options }));
		expect(items[0].json).toMatchObject({ id: 'job-1', endpoint: 'image-to-video' });
	});

	it.each<[string, () => void, object]>([
		['a silent server', () => ltx.server.fail('poll', silence, { times: 99 }), {}],
		['a long interval', () => {}, { pollInterval: 300 }],
		[
			'a long Retry-After',
			() => ltx.server.fail('poll', apiError('rate_limit_error', 'later', 300), { times: 99 }),
			{},
		],
		['a server that is down', () => ltx.server.fail('poll', proxyPage(502), { times: 999 }), {}],
	])('is not stretched by %s', async (_name, prepare, options) => {
		ltx.server.jobMs = 60_000;
		prepare();
		const ms = await took(() =>
			ltx.run({ parameters: { ...WAITING, options: { ...HALF_A_SECOND, ...options } } }),
		);
		expect(ms).toBeLessThan(1_500);
	});

	it.each<[string, Fault]>([
		['stalls', stalled],
		['is always cut off', truncated],
		['is always refused for now', answerWith({ status: 503 })],
	])('covers the download: an error in both choices when it %s', async (_name, fault) => {
		ltx.server.fail('download', fault, { times: 99 });
		let outputs: Array<{ json: Record<string, unknown> }> = [];
		const ms = await took(async () => {
			({ items: outputs } = await ltx.run({
				parameters: { ...WAITING, options: { ...HALF_A_SECOND, onTimeout: 'returnJob' } },
				settings: { onError: 'continueRegularOutput' },
			}));
		});
		expect(ms).toBeLessThan(1_500);
		expect(outputs[0].json.error).toMatchObject({
			type: 'download_failed',
			job_id: ltx.server.jobs[0].id,
			video_url: expect.stringContaining('X-Signature'),
		});
	});

	it('tells what the last poll ran into', async () => {
		ltx.server.fail('poll', proxyPage(502), { times: 999 });
		const { error } = await ltx.run({ parameters: { ...WAITING, options: HALF_A_SECOND } });
		expect(error?.message).toMatch(/gave no status.*HTTP 502 with a web page/);
	});
});

describe('the download', () => {
	const later = { ...QUICK, maxWait: 0.2 };

	it.each<[string, Fault]>([
		['cut off', truncated],
		['shorter than announced', wrongLength],
		['empty', answerWith({ status: 200 })],
		[
			'a web page labeled as video',
			answerWith({
				status: 200,
				headers: { 'Content-Type': 'video/mp4' },
				body: '<html>busy, try again</html>',
			}),
		],
		['a few bytes', answerWith({ status: 200, body: Buffer.from('....ftyp') })],
		['reset', resetBefore],
		['refused for now', answerWith({ status: 503 })],
		['limited', answerWith({ status: 429, headers: { 'Retry-After': '0' } })],
	])('is done again when the file is %s', async (_name, fault) => {
		ltx.server.fail('download', fault);
		const { items, error } = await ltx.run({ parameters: { ...WAITING, options: later } });
		expect(error).toBeUndefined();
		expect(await ltx.engine.readFile(items[0].binary!.data)).toEqual(VIDEO);
		expect(ltx.server.count('download')).toBe(2);
	});

	it('takes a video that comes in small pieces', async () => {
		ltx.server.fail('download', slowDrip(200, 2));
		const { items } = await ltx.run({ parameters: { ...WAITING, options: later } });
		expect(await ltx.engine.readFile(items[0].binary!.data)).toEqual(VIDEO);
		expect(ltx.server.count('download')).toBe(1);
	});

	it('takes a video that the storage compresses though nobody asked for it', async () => {
		const headers = { 'Content-Encoding': 'gzip' };
		ltx.server.fail('download', answerWith({ status: 200, headers, body: gzipSync(VIDEO) }));
		const { items } = await ltx.run({ parameters: WAITING });
		expect(await ltx.engine.readFile(items[0].binary!.data)).toEqual(VIDEO);
		expect(ltx.server.of('download')[0].headers['accept-encoding']).toBe('identity');
	});

	it('takes a video by its bytes, whatever its label', async () => {
		ltx.server.fail(
			'download',
			answerWith({ status: 200, headers: { 'Content-Type': 'text/html' }, body: VIDEO }),
		);
		const { items } = await ltx.run({ parameters: WAITING });
		expect(items[0].binary?.data.mimeType).toBe('video/mp4');
		expect(ltx.server.count('download')).toBe(1);
	});

	it('asks once for a fresh address when the storage says 403 or 404', async () => {
		const id = await submitted();
		await until(() => Date.now() > ltx.server.jobs[0].acceptedAtMs + ltx.server.jobMs);
		ltx.server.fail('download', ({ process, response }) => {
			ltx.server.expireUrls();
			const answer = process();
			response.writeHead(answer.status).end();
		});
		const { items } = await ltx.run(forJob('wait', id));
		expect(await ltx.engine.readFile(items[0].binary!.data)).toEqual(VIDEO);
		expect(items[0].json.polls).toBe(2);
		expect(ltx.server.count('poll')).toBe(2);
		expect(items[0].json.video_url).toContain(ltx.server.of('download')[1].path);
	});

	it.each([400, 401, 403, 404, 410])('ends when the storage goes on saying %s', async (status) => {
		ltx.server.fail('download', answerWith({ status }), { times: 99 });
		const { items } = await ltx.run({
			parameters: WAITING,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items[0].json.error).toMatchObject({ type: 'download_failed', http_status: status });
		expect(ltx.server.count('download')).toBe(2);
	});

	it('ends at another 4xx of the storage', async () => {
		ltx.server.fail('download', answerWith({ status: 451 }), { times: 99 });
		const { error } = await ltx.run({ parameters: WAITING });
		expect(error?.message).toMatch(
			/download of the finished file failed: the storage answered HTTP 451/,
		);
		expect(ltx.server.count('download')).toBe(1);
	});
});

describe('Get Status', () => {
	it('looks once, and outputs the job', async () => {
		ltx.server.jobMs = 60_000;
		const id = await submitted();
		const { items } = await ltx.run(forJob('getStatus', id));
		expect(items[0].json).toEqual({
			id,
			status: 'pending',
			created_at: expect.any(String),
			endpoint: 'image-to-video',
		});
		expect(ltx.server.count('poll')).toBe(1);
	});

	it.each<[string, object, object]>([
		[
			'failed',
			{ ends: { failed: { type: 'api_error', message: 'GPU lost' } } },
			{ status: 'failed', error: { type: 'api_error', message: 'GPU lost' } },
		],
		['of unknown status', { ends: { status: 'archived' } }, { status: 'archived' }],
		['completed without result', { result: null }, { status: 'completed', result: null }],
	])('outputs a job that is %s as data', async (_name, plan, expected) => {
		ltx.server.planJob = () => ({ durationMs: 0, ...plan });
		const id = await submitted();
		const { items, error } = await ltx.run(forJob('getStatus', id, { downloadVideo: true }));
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject(expected);
	});

	it('does not download unless told to', async () => {
		ltx.server.planJob = () => ({ durationMs: 0 });
		const id = await submitted();
		const without = await ltx.run(forJob('getStatus', id));
		expect(without.items[0].json.video_url).toBeDefined();
		expect(without.items[0].binary).toBeUndefined();
		const options = { binaryPropertyOutput: 'clip' };
		const { items } = await ltx.run(forJob('getStatus', id, { downloadVideo: true, options }));
		expect(await ltx.engine.readFile(items[0].binary!.clip)).toEqual(VIDEO);
	});

	it('repeats a request that failed for a passing reason', async () => {
		const id = await submitted();
		ltx.server.fail('poll', proxyPage(502));
		const { items } = await ltx.run(forJob('getStatus', id));
		expect(items[0].json.id).toBe(id);
		expect(ltx.server.count('poll')).toBe(2);
	});
});
