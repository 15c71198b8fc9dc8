import type { INode, IRun } from 'n8n-workflow';

import type { Execution } from '../../tools/engine/engine';
import {
	credentialsFor,
	GOOD_REQUEST,
	QUICK,
	resultOf,
	startNode,
	workflowWith,
	type NodeRun,
} from '../../tools/engine/runNode';
import { answerWith, apiError, processThenReset } from '../../tools/ltx-server/faults';
import { PNG } from '../../tools/samples/samples';
import { until, useLtx } from './useLtx';

/*
 * "Retry" in the list of executions takes up what was paid. The tests in a complete n8n press the
 * button itself.
 */

const ltx = useLtx();

/** A third of a second. */
const SHORT_WAIT = { pollInterval: 0.02, maxWait: 0.005 };
const LONG_JOB_MS = 60_000;
const WAITING = { ...GOOD_REQUEST, options: SHORT_WAIT };
const items = (count: number) => Array.from({ length: count }, (_, n) => ({ json: { n } }));

async function start(run: NodeRun): Promise<Execution & { run: IRun }> {
	const execution = startNode(ltx.engine, ltx.server, run);
	return { ...execution, run: await execution.finished };
}

async function retry(failed: Execution, run: NodeRun) {
	const execution = await ltx.engine.retry(workflowWith(run), credentialsFor(ltx.server), failed);
	return { ...execution, ...resultOf(await execution.finished) };
}

/** The same request, with time for the answer; how long to wait is no part of it. */
const patient = (run: NodeRun): NodeRun => ({
	...run,
	parameters: { ...run.parameters, options: QUICK },
});

const accepted = () => ltx.server.jobs.length;

const hintsOf = (run: IRun) =>
	run.data.resultData.runData['LTX Video'].at(-1)?.hints?.map(({ message }) => message) ?? [];

describe('a retried execution takes up its jobs', () => {
	it('after Max Wait', async () => {
		ltx.server.jobMs = LONG_JOB_MS;
		const run = { parameters: WAITING };
		const failed = await start(run);
		expect(resultOf(failed.run).error?.message).toMatch(/still/);
		ltx.server.jobMs = 0;
		const { items: outputs, error } = await retry(failed, patient(run));
		expect(error).toBeUndefined();
		expect(outputs[0].json).toMatchObject({ id: ltx.server.jobs[0].id, status: 'completed' });
		expect(outputs[0].binary?.data).toMatchObject({ mimeType: 'video/mp4' });
		expect(accepted()).toBe(1);
		expect(ltx.log().some(({ message }) => /^Taking up LTX job/.test(message))).toBe(true);
	});

	it('after a download that failed', async () => {
		ltx.server.fail('download', answerWith({ status: 400 }), { times: 2 });
		const run = { parameters: WAITING };
		const failed = await start(run);
		expect(resultOf(failed.run).error?.message).toMatch(/download/);
		const { items: outputs } = await retry(failed, patient(run));
		expect(outputs[0].binary?.data).toMatchObject({ mimeType: 'video/mp4' });
		expect(accepted()).toBe(1);
	});

	it('of all items, when another item ended the node', async () => {
		ltx.server.fail('submit', apiError('content_filtered_error', 'unsafe'), { skip: 2 });
		const run = {
			parameters: { ...WAITING, options: { ...QUICK, maxConcurrency: 1 } },
			items: items(4),
		};
		const failed = await start(run);
		expect(resultOf(failed.run).error?.context.itemIndex).toBe(2);
		expect(accepted()).toBe(2);
		const { items: outputs } = await retry(failed, patient(run));
		expect(outputs).toHaveLength(4);
		expect(accepted()).toBe(4);
	});

	it('with a file, which n8n moved to another folder in between', async () => {
		ltx.server.jobMs = LONG_JOB_MS;
		const parameters = { ...WAITING, imageSource: 'binary', resolution: 'match720p' };
		const file = await ltx.file(PNG);
		const run = (id?: string) => ({ parameters, items: [{ binary: { data: { ...file, id } } }] });
		const failed = await start(run(file.id));
		ltx.server.jobMs = 0;
		const { error } = await retry(failed, patient(run(file.id)));
		expect(error).toBeUndefined();
		expect([accepted(), ltx.server.count('put')]).toEqual([1, 1]);
	});

	it('several times in a row', async () => {
		ltx.server.jobMs = LONG_JOB_MS;
		const run = { parameters: WAITING };
		let failed: Execution = await start(run);
		for (let count = 0; count < 3; count++) failed = await retry(failed, run);
		ltx.server.jobMs = 0;
		const { items: outputs } = await retry(failed, patient(run));
		expect(outputs[0].json.status).toBe('completed');
		expect(accepted()).toBe(1);
	});

	it('even when a retry in between ended before it came to them', async () => {
		ltx.server.jobMs = LONG_JOB_MS;
		const run = { parameters: WAITING, items: items(2) };
		const failed = await start(run);
		const count = accepted();
		const mistaken = await retry(failed, {
			...run,
			parameters: { ...WAITING, options: { ...SHORT_WAIT, maxConcurrency: '={{ "none" }}' } },
		});
		expect(mistaken.error?.message).toMatch(/Max Concurrency/);
		ltx.server.jobMs = 0;
		const { items: outputs } = await retry(mistaken, patient(run));
		expect(outputs).toHaveLength(2);
		expect(accepted()).toBe(Math.max(2, count));
	});

	it.each([
		[
			'with a prompt that comes out differently by itself',
			'={{ $execution.id }}',
			'={{ $execution.id }}',
		],
		['with an edit that leaves the request as it was', 'The sea', '={{ "The sea" }}'],
	])('%s', async (_what, before, after) => {
		ltx.server.jobMs = LONG_JOB_MS;
		const failed = await start({ parameters: { ...WAITING, prompt: before } });
		ltx.server.jobMs = 0;
		const { items: outputs } = await retry(
			failed,
			patient({ parameters: { ...WAITING, prompt: after } }),
		);
		expect(outputs[0].json.id).toBe(ltx.server.jobs[0].id);
		expect(accepted()).toBe(1);
	});

	it('with Submit, which gives the same id', async () => {
		ltx.server.fail('submit', apiError('insufficient_funds_error'), { skip: 1 });
		const run = {
			parameters: { ...GOOD_REQUEST, operation: 'submit', options: { maxConcurrency: 1 } },
			items: items(2),
		};
		const failed = await start(run);
		const { items: outputs } = await retry(failed, patient(run));
		expect(outputs.map(({ json }) => json.id)).toEqual(ltx.server.jobs.map(({ id }) => id));
		expect(accepted()).toBe(2);
	});
});

describe('a retried execution submits anew', () => {
	const failingRun = { parameters: { ...WAITING, prompt: 'before' } };

	it('what was edited since', async () => {
		ltx.server.jobMs = LONG_JOB_MS;
		const failed = await start(failingRun);
		ltx.server.jobMs = 0;
		const { items: outputs, run } = await retry(
			failed,
			patient({ parameters: { ...WAITING, prompt: 'after' } }),
		);
		const [before, after] = ltx.server.jobs;
		expect(outputs[0].json.id).toBe(after.id);
		expect([before, after].map(({ body }) => body.prompt)).toEqual(['before', 'after']);
		const told = new RegExp(`paid anew.*${before.id}`);
		expect(ltx.log().some(({ level, message }) => level === 'warn' && told.test(message))).toBe(
			true,
		);
		expect(hintsOf(run)).toEqual([expect.stringMatching(told)]);
	});

	it('what ended as failed', async () => {
		ltx.server.planJob = (_body, index) =>
			index === 0 ? { ends: { failed: { type: 'api_error', message: 'oops' } } } : {};
		const failed = await start(failingRun);
		const { items: outputs } = await retry(failed, patient(failingRun));
		expect(outputs[0].json.id).toBe(ltx.server.jobs[1].id);
	});

	it('all jobs that have failed since, with one Retry', async () => {
		const failed = { type: 'api_error', message: 'oops' };
		ltx.server.planJob = (_body, index) =>
			index < 4 ? { durationMs: 1_000, ends: { failed } } : {};
		const run = { parameters: WAITING, items: items(4) };
		const late = await start(run);
		expect(resultOf(late.run).error?.message).toMatch(/still/);
		const count = accepted();
		await until(() => Date.now() > ltx.server.jobs[count - 1].acceptedAtMs + 1_000);
		const { items: outputs, error } = await retry(late, {
			...run,
			parameters: { ...WAITING, options: { ...QUICK, maxConcurrency: 1 } },
		});
		expect(error).toBeUndefined();
		expect(outputs.map(({ json }) => json.status)).toEqual(Array(4).fill('completed'));
		expect(accepted()).toBe(count + 4);
	});

	it('no job that has failed since without a look at Max Cost', async () => {
		const failed = { type: 'api_error', message: 'oops' };
		ltx.server.planJob = () => ({ durationMs: 500, ends: { failed } });
		const late = await start({ parameters: WAITING });
		await until(() => Date.now() > ltx.server.jobs[0].acceptedAtMs + 500);
		const limited = { parameters: { ...WAITING, options: { ...QUICK, maxCostUsd: 0.1 } } };
		const first = await retry(late, limited);
		expect(first.error?.message).toMatch(/The job failed/);
		const second = await retry(first, limited);
		expect(second.error?.message).toMatch(/more than Max Cost/);
		expect(accepted()).toBe(1);
	});

	it('what got no answer, since a person has read of it', async () => {
		ltx.server.fail('submit', processThenReset);
		const failed = await start(failingRun);
		expect(resultOf(failed.run).error?.message).toMatch(/may be running/);
		const { error } = await retry(failed, patient(failingRun));
		expect(error).toBeUndefined();
		expect(accepted()).toBe(2);
	});

	it('what LTX no longer knows, but only when a person has read of it', async () => {
		ltx.server.jobMs = LONG_JOB_MS;
		const failed = await start(failingRun);
		ltx.server.forgetJobs();
		const first = await retry(failed, failingRun);
		expect(first.error?.message).toMatch(/does not know this job/);
		expect(first.error?.description).toMatch(/Retry this execution to submit it anew/);
		expect(accepted()).toBe(1);
		ltx.server.jobMs = 0;
		const second = await retry(first, patient(failingRun));
		expect(second.error).toBeUndefined();
		expect(accepted()).toBe(2);
	});

	it('nothing that LTX knows again when the next try asks for it', async () => {
		ltx.server.jobMs = LONG_JOB_MS;
		const failed = await start({ parameters: WAITING });
		ltx.server.fail('poll', apiError('not_found_error'));
		const first = await retry(failed, {
			parameters: WAITING,
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		expect(first.error?.message).toMatch(/still pending|still processing/);
		expect(first.error?.description).toContain(ltx.server.jobs[0].id);
		ltx.server.jobMs = 0;
		const second = await retry(first, patient({ parameters: WAITING }));
		expect(second.items[0].json.id).toBe(ltx.server.jobs[0].id);
		expect(accepted()).toBe(1);
	});

	it('ten jobs that LTX no longer knows with the second Retry, since the first tells of all', async () => {
		ltx.server.jobMs = LONG_JOB_MS;
		const run = {
			parameters: { ...WAITING, options: { ...SHORT_WAIT, maxWait: 0.05 } },
			items: items(10),
		};
		const failed = await start(run);
		expect(accepted()).toBe(10);
		ltx.server.forgetJobs();
		const first = await retry(failed, run);
		expect(first.error?.message).toMatch(/does not know the jobs .*\(items 0, 1, 2, .*9\)/);
		for (const { id } of ltx.server.jobs) expect(first.error?.description).toContain(id);
		expect(first.error?.description).toMatch(/Retry .* all of them anew, which is charged again/);
		expect(first.error?.description).not.toMatch(
			/Nothing was charged|pays for none|does not pay for them again/,
		);
		expect(accepted()).toBe(10);
		ltx.server.jobMs = 0;
		const { error } = await retry(first, { ...patient(run), items: run.items });
		expect(error).toBeUndefined();
		expect(accepted()).toBe(20);
	});

	it('nothing before all jobs of before were asked for, and says whose credential paid', async () => {
		ltx.server.jobMs = LONG_JOB_MS;
		ltx.server.fail('submit', apiError('insufficient_funds_error'), { skip: 1 });
		const run: NodeRun = {
			parameters: { ...WAITING, options: { maxConcurrency: 1 } },
			items: items(2),
		};
		const failed = await start({
			...run,
			parameters: { ...WAITING, operation: 'submit', options: { maxConcurrency: 1 } },
		});
		expect(accepted()).toBe(1);
		ltx.server.forgetJobs();
		const other = { ltxApi: { id: '2', name: 'Another account' } };
		const first = await retry(failed, {
			...run,
			parameters: { ...WAITING, operation: 'submit' },
			settings: { credentials: other },
		});
		expect(first.error?.message).toMatch(/does not know this job/);
		expect(first.error?.description).toMatch(/Another credential paid: LTX API\./);
		expect(accepted()).toBe(1);
	});
});

describe('only a retry takes up what an earlier execution paid', () => {
	it('and no other execution', async () => {
		ltx.server.jobMs = LONG_JOB_MS;
		await start({ parameters: WAITING });
		ltx.server.jobMs = 0;
		await ltx.run({ parameters: WAITING });
		expect(accepted()).toBe(2);
	});

	it('and each run of a loop its own', async () => {
		// The first run is done, the second one fails.
		const credentials = credentialsFor(ltx.server);
		const json = workflowWith({ parameters: WAITING });
		const loop: INode = {
			id: 'loop',
			name: 'Loop',
			type: 'n8n-nodes-base.if',
			typeVersion: 2.2,
			position: [400, 200],
			parameters: {
				conditions: {
					options: { caseSensitive: true, typeValidation: 'loose', version: 2 },
					combinator: 'and',
					conditions: [
						{
							id: '1',
							leftValue: '={{ $runIndex }}',
							rightValue: 2,
							operator: { type: 'number', operation: 'lt' },
						},
					],
				},
			},
		};
		json.nodes.push(loop);
		json.connections['LTX Video'] = { main: [[{ node: 'Loop', type: 'main', index: 0 }]] };
		json.connections.Loop = { main: [[{ node: 'LTX Video', type: 'main', index: 0 }], []] };
		ltx.server.planJob = (_body, index) => ({ durationMs: index === 1 ? 1_000 : 10 });
		const failed = ltx.engine.execute(json, credentials);
		await failed.finished;
		expect(accepted()).toBe(2);
		await until(() => Date.now() > ltx.server.jobs[1].acceptedAtMs + 1_000);
		const again = await ltx.engine.retry(json, credentials, failed);
		const { data } = await again.finished;
		expect(data.resultData.error).toBeUndefined();
		const ids = data.resultData.runData['LTX Video'].map(
			(taskData) => taskData.data?.main[0]?.[0].json.id,
		);
		expect(ids).toEqual(ltx.server.jobs.map(({ id }) => id));
		expect(accepted()).toBe(3);
	});
});

describe('an execution that only looks like a retry', () => {
	it('takes up nothing: n8n hands nothing of a stopped execution over', async () => {
		ltx.server.jobMs = LONG_JOB_MS;
		const run = patient({ parameters: WAITING });
		const execution = startNode(ltx.engine, ltx.server, {
			parameters: { ...WAITING, options: {} },
		});
		await until(() => accepted() === 1);
		execution.stop();
		await execution.finished;
		ltx.server.jobMs = 0;
		const again = ltx.engine.execute(workflowWith(run), credentialsFor(ltx.server), {
			mode: 'retry',
			workflowId: execution.workflowId,
		});
		expect(resultOf(await again.finished).items[0].json.id).toBe(ltx.server.jobs[1].id);
	});
});

describe('the ids of jobs', () => {
	it('are in the custom data of the execution, after Stop too', async () => {
		ltx.server.jobMs = LONG_JOB_MS;
		const { finished, stop } = ltx.start({
			parameters: { ...WAITING, options: { pollInterval: 5 } },
			items: items(3),
		});
		await until(() => accepted() === 3);
		await until(
			() => ltx.log().filter(({ message }) => /^LTX accepted/.test(message)).length === 3,
		);
		stop();
		const { run } = await finished;
		const shown = String(run.data.resultData.metadata?.ltx_job_ids).split(', ');
		expect(shown.sort()).toEqual(ltx.server.jobs.map(({ id }) => id).sort());
	});

	it('stay within what n8n keeps, the latest ones first', async () => {
		const { run } = await ltx.run({
			parameters: { ...GOOD_REQUEST, operation: 'submit' },
			items: items(30),
		});
		const shown = String(run.data.resultData.metadata?.ltx_job_ids);
		expect(shown.length).toBeLessThanOrEqual(512);
		expect(shown.split(', ')).toHaveLength(13);
	});
});

describe('a run that went through tells', () => {
	it('nothing where there is nothing to tell', async () => {
		const { run } = await ltx.run({ parameters: WAITING });
		expect(hintsOf(run)).toEqual([]);
	});

	it('what several items cost, which failed and which are unfinished', async () => {
		ltx.server.planJob = (_body, index) => ({ durationMs: index === 0 ? LONG_JOB_MS : 10 });
		ltx.server.fail('submit', apiError('content_filtered_error', 'unsafe'), { skip: 2 });
		const { run } = await ltx.run({
			parameters: {
				...WAITING,
				options: { ...SHORT_WAIT, onTimeout: 'returnJob', maxConcurrency: 1 },
			},
			settings: { onError: 'continueRegularOutput' },
			items: items(3),
		});
		expect(hintsOf(run)).toEqual([
			expect.stringMatching(/^1 item failed/),
			expect.stringMatching(/^1 job not done within Max Wait/),
			"Estimated cost: USD 0.36 for 2 jobs whose price is known, by LTX's list of prices.",
		]);
	});
});
