import type { INode } from 'n8n-workflow';

import { apiError, processThenReset } from '../../tools/ltx-server/faults';
import { LtxServer } from '../../tools/ltx-server/LtxServer';
import { credentialsFor, GOOD_REQUEST, workflowWith } from '../../tools/engine/runNode';
import { chain, node } from '../../tools/engine/workflow';
import { PNG } from '../../tools/samples/samples';
import { pause, until, useLtx } from './useLtx';

const ltx = useLtx({ maxRunningJobs: 2, retryAfterSeconds: 'none', jobMs: 60 });

const NUMBERED = { ...GOOD_REQUEST, prompt: '={{ $json.n }}' };
const OPTIONS = { pollInterval: 0.02, maxWait: 1 };
const WAITING = { ...NUMBERED, operation: 'submitAndWait', downloadVideo: false, options: OPTIONS };
const SUBMITTING = { ...NUMBERED, operation: 'submit' };

const items = (count: number) => Array.from({ length: count }, (_, n) => ({ json: { n } }));
/** Long enough that the first ten submits have been answered. */
const FIRST_JOB_MS = 1_500;
const lengthOf = (jobIndex: number) => (jobIndex < 2 ? { durationMs: FIRST_JOB_MS } : {});
const GPU_LOST = { failed: { type: 'api_error', message: 'GPU lost' } };
const sorted = (items: number[]) => [...items].sort((a, b) => a - b);
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

beforeEach(() => {
	ltx.server.planJob = (_body, index) => lengthOf(index);
});

const accepted = (server: LtxServer = ltx.server) =>
	server.jobs.map(({ body }) => Number(body.prompt));

/**
 * The first items submit at once, and the server may take any two of them. From the first refusal
 * on, nobody is passed over.
 */
function expectInOrder(items: number[], count: number): void {
	const afterFirstTwo = items.slice(2);
	expect(afterFirstTwo).toEqual(sorted(afterFirstTwo));
	expect(sorted(items)).toEqual(numbers(count));
}

describe('30 items on an account that takes two jobs at a time', () => {
	it.each<NonNullable<INode['onError']>>(['stopWorkflow', 'continueRegularOutput'])(
		'all come through in their order, with few submits (On Error: %s)',
		async (onError) => {
			const { items: outputs, error } = await ltx.run({
				parameters: WAITING,
				settings: { onError },
				items: items(30),
			});

			expect(error).toBeUndefined();
			expect(outputs.map(({ json }) => json.status)).toEqual(Array(30).fill('completed'));
			expect(outputs.map(({ json }) => json.id)).toEqual(
				numbers(30).map((n) => ltx.server.jobs[accepted().indexOf(n)].id),
			);
			expectInOrder(accepted(), 30);
			expect(ltx.server.count('submit')).toBeLessThan(4 * 30);
		},
	);

	it('all come through where LTX asks for a pause of an hour, as soon as jobs end', async () => {
		ltx.server.retryAfterSeconds = 3_600;

		await ltx.run({ parameters: WAITING, items: items(30) });

		expectInOrder(accepted(), 30);
	});

	it('all come through when tried again', async () => {
		ltx.server.planJob = (_body, index) => (index === 9 ? { ends: GPU_LOST } : lengthOf(index));

		const { items: outputs, error } = await ltx.run({
			parameters: WAITING,
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 },
			items: items(30),
		});

		expect(error).toBeUndefined();
		expect(outputs.map(({ json }) => json.status)).toEqual(Array(30).fill('completed'));
		expect(ltx.server.billedJobs).toBe(30);
	});

	it('one that is refused for good, or whose answer is lost, ends alone', async () => {
		const { server } = ltx;
		server.planJob = (_body, index) => {
			if (index === 10) server.fail('submit', apiError('content_filtered_error'));
			if (index === 20) server.fail('submit', processThenReset);
			return lengthOf(index);
		};

		const { items: outputs } = await ltx.run({
			parameters: WAITING,
			settings: { onError: 'continueRegularOutput' },
			items: items(30),
		});

		const failed = outputs.filter(({ json }) => json.error !== undefined);
		expect(failed.map(({ json }) => (json.error as { type: string }).type)).toEqual([
			'content_filtered_error',
			'answer_lost',
		]);
		const order = accepted().slice(2);
		expect(order).toEqual(sorted(order));
		expect(order).toHaveLength(27);
	});

	it('none is submitted after Stop', async () => {
		const { finished, stop } = ltx.start({ parameters: WAITING, items: items(30) });
		await until(() => ltx.server.jobs.length >= 7);
		stop();
		const stopMs = Date.now();
		const { run } = await finished;

		expect(Date.now() - stopMs).toBeLessThan(1_000);
		expect(run.status).toBe('canceled');
		await pause(300);
		const order = accepted().slice(2);
		expect(order).toEqual(sorted(order));
		expect(ltx.server.jobs.length).toBeLessThan(10);
	});

	it('no item is submitted after one that failed, and none before it passed over', async () => {
		ltx.server.planJob = ({ prompt }, index) =>
			prompt === '5' ? { ends: GPU_LOST } : lengthOf(index);

		const { error } = await ltx.run({ parameters: WAITING, items: items(30) });

		expect(error?.message).toContain('GPU lost');
		expect(error?.context.itemIndex).toBe(5);
		expect(accepted().slice(2)).toEqual(sorted(accepted().slice(2)));
		expect(accepted()).toEqual(expect.arrayContaining(numbers(6)));
		expect(ltx.server.jobs.length).toBeLessThan(10);
	});
});

it('20 plain submits come through, whose jobs nobody waits for', async () => {
	ltx.server.maxRunningJobs = 5;
	ltx.server.jobMs = 500;

	const { items: outputs } = await ltx.run({ parameters: SUBMITTING, items: items(20) });

	expect(outputs.map(({ json }) => json.status)).toEqual(Array(20).fill('pending'));
	expect(accepted().slice(5)).toEqual(sorted(accepted().slice(5)));
	expect(new Set(accepted()).size).toBe(20);
});

it('the refusal is told to all that wait when nothing has moved for Max Wait', async () => {
	ltx.server.planJob = () => ({ durationMs: 60_000 });
	const startMs = Date.now();

	const { items: outputs } = await ltx.run({
		parameters: { ...WAITING, options: { ...OPTIONS, maxWait: 0.02, maxConcurrency: 20 } },
		settings: { onError: 'continueRegularOutput' },
		items: items(20),
	});

	expect(Date.now() - startMs).toBeLessThan(6_000);
	expect(outputs.map(({ json }) => (json.error as { type: string }).type)).toEqual([
		'timeout',
		'timeout',
		...Array<string>(18).fill('concurrency_limit_error'),
	]);
	expect(outputs[19].json.error).toMatchObject({ http_status: 429, endpoint: 'image-to-video' });
});

it('a limit that changes on the way is followed', async () => {
	ltx.server.planJob = (_body, index) => {
		if (index === 5) ltx.server.maxRunningJobs = 6;
		if (index === 20) ltx.server.maxRunningJobs = 1;
		return lengthOf(index);
	};

	const { error } = await ltx.run({ parameters: WAITING, items: items(30) });

	expect(error).toBeUndefined();
	expectInOrder(accepted(), 30);
});

it('each run of a loop has its own line, and all items come through', async () => {
	const { nodes, pinData } = workflowWith({ parameters: WAITING, items: items(12) });
	const [source, ltxVideo] = nodes;
	const loop = node('Loop', 'n8n-nodes-base.splitInBatches', 3, { batchSize: 4, options: {} });
	const workflow = { ...chain(source, loop), nodes: [source, loop, ltxVideo], pinData };
	const to = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];
	Object.assign(workflow.connections, {
		Loop: { main: [[], to(ltxVideo.name)] },
		[ltxVideo.name]: { main: [to('Loop')] },
	});

	const { data } = await ltx.engine.execute(workflow, credentialsFor(ltx.server)).finished;

	expect(data.resultData.error).toBeUndefined();
	expect(data.resultData.runData[ltxVideo.name]).toHaveLength(3);
	expect(sorted(accepted())).toEqual(numbers(12));
});

it('each account has its own line', async () => {
	const other = await LtxServer.start({ apiKey: ltx.server.apiKey, jobMs: 60 });
	ltx.server.jobMs = 3_000;
	try {
		const { error, items: outputs } = await ltx.run({
			parameters: WAITING,
			items: items(12),
			credentials: { baseUrl: `={{ $json.n % 2 ? "${other.apiUrl}" : "${ltx.server.apiUrl}" }}` },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(error).toBeUndefined();
		expect(outputs).toHaveLength(12);
	} finally {
		await other.stop();
	}
	expect(sorted(accepted())).toEqual([0, 2, 4, 6, 8, 10]);
	expect(sorted(accepted(other))).toEqual([1, 3, 5, 7, 9, 11]);
	expect(other.count('submit')).toBe(6);
});

it('no more files lie uploaded without a job than items are worked on', async () => {
	ltx.server.maxRunningJobs = 1;
	const image = await ltx.file(PNG);

	await ltx.run({
		parameters: {
			...WAITING,
			imageSource: 'binary',
			options: { ...OPTIONS, maxConcurrency: 3 },
		},
		items: items(9).map((item) => ({ ...item, binary: { data: image } })),
	});

	let lying = 0;
	let most = 0;
	const jobsAtMs = ltx.server.jobs.map(({ acceptedAtMs }) => ({ atMs: acceptedAtMs, by: -1 }));
	const putsAtMs = ltx.server.of('put').map(({ atMs }) => ({ atMs, by: 1 }));
	for (const { by } of [...jobsAtMs, ...putsAtMs].sort((a, b) => a.atMs - b.atMs || a.by - b.by)) {
		lying += by;
		most = Math.max(most, lying);
	}
	expect(ltx.server.jobs).toHaveLength(9);
	expect(most).toBeLessThanOrEqual(3);
});
