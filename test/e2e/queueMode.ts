import { chain, node, type WorkflowJson } from '../../tools/engine/workflow';
import { LtxServer } from '../../tools/ltx-server/LtxServer';
import { exampleWorkflow, withNodes } from '../../tools/n8n/examples';
import { installN8n } from '../../tools/n8n/install';
import { NODES_FOLDER } from '../../tools/n8n/ltxPackage';
import type {
	CredentialReference,
	ExecutionDetails,
	N8nClient,
	SavedWorkflow,
} from '../../tools/n8n/N8nClient';
import { N8nInstance } from '../../tools/n8n/N8nInstance';
import type { N8nRelease } from '../../tools/n8n/releases';
import {
	ANSWER_AT_ONCE,
	itemsOf,
	ltxVideo,
	postWebhook,
	saveAndActivate,
	SPLIT_ITEMS,
	webhook,
} from '../../tools/n8n/workflows';
import { until } from '../../tools/until';
import { startQueueServices, type QueueServices } from './queueServices';
import { expectStopEndsAll, STOPPABLE } from './stop';
import { createLtxApi, startAfresh } from './useN8n';

/**
 * n8n takes a worker for dead after a minute without a sign of life; here after half of that, which a
 * busy machine may take to start one beside two other n8n.
 */
const IMPATIENT = {
	QUEUE_WORKER_LOCK_DURATION: '30000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
	QUEUE_WORKER_STALLED_INTERVAL: '2000',
	// n8n 1 would run the execution of a dead worker once more from its beginning, and pay again.
	QUEUE_WORKER_MAX_STALLED_COUNT: '0',
};

/** The tests of queue mode, in a function so that a file for each n8n runs them side by side. */
export function testQueueMode(release: N8nRelease): void {
	let services: QueueServices;
	let ltx: LtxServer;
	let main: N8nInstance;
	let workers: N8nInstance[];
	let rest: N8nClient;
	let ltxApi: CredentialReference;

	beforeAll(async () => {
		const [installation] = await installN8n([release], console.log);
		services = await startQueueServices();
		ltx = await LtxServer.start();
		const env = { ...services.env, ...IMPATIENT };
		const nodesFolder = NODES_FOLDER;
		main = await N8nInstance.start(installation, { env, nodesFolder });
		rest = main.rest;
		await rest.setUpOwner();
		ltxApi = await createLtxApi(rest, ltx);
		workers = [];
		for (let index = 0; index < 2; index++) {
			workers.push(await N8nInstance.start(installation, { env, nodesFolder, role: 'worker' }));
		}
	});
	afterAll(async () => {
		for (const instance of [...(workers ?? []), main]) await instance?.remove();
		await services?.remove();
		await ltx?.stop();
	});

	beforeEach(async () => {
		ltx = await startAfresh(ltx);
	});
	afterEach(() => expect(ltx.violations).toEqual([]));

	/** Starts a workflow as often as asked, as fast as n8n takes it. */
	async function start(workflow: WorkflowJson, count: number): Promise<SavedWorkflow> {
		const saved = await saveAndActivate(rest, workflow);
		const { path } = workflow.nodes[0].parameters;
		for (let index = 0; index < count; index++) await postWebhook(main.url, String(path));
		return saved;
	}

	async function detailsOf(workflow: SavedWorkflow, count: number): Promise<ExecutionDetails[]> {
		const ended = await rest.endedExecutions(workflow.id, count);
		return await Promise.all(ended.map(async ({ id }) => await rest.execution(id)));
	}

	/** IDs of the jobs that the last run of a node put out. */
	function outputIds(executions: ExecutionDetails[], nodeName: string): string[] {
		return executions.flatMap((execution) =>
			itemsOf(execution, nodeName).map(({ json }) => String(json.id)),
		);
	}

	function jobIds(): string[] {
		return ltx.jobs.map(({ id }) => id);
	}

	it('spreads 100 executions over both workers and loses none', async () => {
		const workflow = await start(chain(webhook('many', ANSWER_AT_ONCE), ltxVideo(ltxApi)), 100);
		const executions = await detailsOf(workflow, 100);
		expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'success'));
		expect(outputIds(executions, 'LTX Video').sort()).toEqual(jobIds().sort());
		expect(ltx.jobs).toHaveLength(100);
		const shares = workers.map(({ log }) => log.match(/Worker started execution/g)?.length ?? 0);
		expect(Math.min(...shares)).toBeGreaterThan(0);
		expect(shares[0] + shares[1]).toBe(100);
	});

	it('stops what a worker does', async () => {
		await expectStopEndsAll({ n8n: main, rest, ltx }, ltxVideo(ltxApi, STOPPABLE));
	});

	it('has the jobs of a worker that was killed in its log, for Wait to take up', async () => {
		ltx.jobMs = 12_000;
		const patient = { options: { pollInterval: 0.5, maxWait: 5 } };
		const workflow = await start(
			chain(webhook('long', ANSWER_AT_ONCE), ltxVideo(ltxApi, patient)),
			8,
		);
		await until(() => ltx.jobs.length === 8);
		// The last accepted job is logged when its answer has arrived.
		await until(() => jobIds().every((id) => workers.some(({ log }) => log.includes(id))));
		await workers[0].kill();

		const executions = await detailsOf(workflow, 8);
		const finished = outputIds(
			executions.filter(({ status }) => status === 'success'),
			'LTX Video',
		);
		const lost = jobIds().filter((id) => !finished.includes(id));
		expect(lost.length).toBeGreaterThan(0);
		expect(lost.filter((id) => !workers[0].log.includes(id))).toEqual([]);

		const takeUp = { operation: 'wait', jobId: '={{ $json.id }}' };
		const waiting = await saveAndActivate(
			rest,
			chain(webhook('take-up', ANSWER_AT_ONCE), SPLIT_ITEMS, ltxVideo(ltxApi, takeUp)),
		);
		await postWebhook(main.url, 'take-up', { items: lost.map((id) => ({ id })) });
		const [execution] = await detailsOf(waiting, 1);
		expect(execution.status).toBe('success');
		const items = itemsOf(execution, 'LTX Video');
		expect(items.map(({ json, binary }) => [json.id, binary?.data.mimeType])).toEqual(
			lost.map((id) => [id, 'video/mp4']),
		);
		expect(ltx.jobs).toHaveLength(8);
		await workers[0].start();
	});

	/** Starts Submit and Wait in two nodes that save their progress, and lets Wait wait. */
	async function startTwoNodes(path: string): Promise<SavedWorkflow> {
		ltx.jobMs = 600_000;
		const patient = { pollInterval: 0.5, maxWait: 5 };
		const nodes = [
			ltxVideo(ltxApi, { operation: 'submit' }, { name: 'Submit' }),
			ltxVideo(ltxApi, { operation: 'wait', jobId: '={{ $json.id }}', options: patient }),
		];
		const workflow = await start(
			{
				...chain(webhook(path, ANSWER_AT_ONCE), ...nodes),
				settings: { saveExecutionProgress: true },
			},
			1,
		);
		await until(() => ltx.count('poll') > 0);
		return workflow;
	}

	it('shows the job of an execution that was stopped, with Submit and Wait in two nodes', async () => {
		const workflow = await startTwoNodes('stopped');
		const [{ id }] = await rest.executions(workflow.id);
		await rest.stopExecution(id);
		const stopped = await rest.endOf(id);
		expect(stopped.status).toBe('canceled');
		expect(outputIds([stopped], 'Submit')).toEqual(jobIds());
	});

	it('keeps nothing of two nodes whose worker was killed; a Retry runs and pays nothing', async () => {
		const workflow = await startTwoNodes('killed');
		const [id] = jobIds();
		const holder = workers.find(({ log }) => log.includes(id));
		await holder?.kill();

		const [lost] = await detailsOf(workflow, 1);
		expect([lost.status, lost.data.resultData.runData]).toEqual(['error', {}]);
		ltx.jobMs = 0;
		const retried = await rest.retryExecution(lost.id);
		expect([retried.status, retried.data.resultData.runData]).toEqual(['error', {}]);
		expect(jobIds()).toEqual([id]);
		await holder?.start();
	});

	it('finishes every execution that pauses in the database when a worker is killed', async () => {
		// One look after 65 seconds is too early for every other job.
		ltx.planJob = (_body, index) => ({ durationMs: index % 2 === 0 ? 20_000 : 75_000 });
		const workflow = await start(durableWait(), 6);
		// n8n answers a webhook before it has the execution.
		const settled = await until(async () => {
			const started = (await rest.executions(workflow.id)).map(({ status }) => status);
			const isOnItsWay = started.some((status) => ['new', 'running'].includes(status));
			return started.length === 6 && !isOnItsWay && started;
		});
		expect(settled).toEqual(settled.map(() => 'waiting'));
		await workers[1].kill();

		const executions = await detailsOf(workflow, 6);
		expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'success'));
		expect(outputIds(executions, 'Video is ready').sort()).toEqual(jobIds().sort());
		expect(ltx.jobs).toHaveLength(6);
		for (const execution of executions) {
			const [{ json, binary }] = itemsOf(execution, 'Video is ready');
			expect([json.status, binary?.data.mimeType]).toEqual(['completed', 'video/mp4']);
		}
		const looks = executions.map(({ data }) => data.resultData.runData['Get status'].length);
		expect(looks.sort()).toEqual([1, 1, 1, 2, 2, 2]);
	});

	/** The example, with a webhook as its start, and asleep for as short as n8n sleeps. */
	function durableWait(): WorkflowJson {
		const workflow = exampleWorkflow('durable-wait.json', ltxApi);
		const shortest = { amount: 65, unit: 'seconds' };
		return withNodes(
			workflow,
			{ ...webhook('durable', ANSWER_AT_ONCE), name: 'Start' },
			node('Wait 2 minutes', 'n8n-nodes-base.wait', 1.1, shortest),
		);
	}
}
