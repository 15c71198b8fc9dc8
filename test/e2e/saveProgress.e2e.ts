import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INode } from 'n8n-workflow';

import { REPOSITORY } from '../../tools/engine/paths';
import { chain, node, type WorkflowJson } from '../../tools/engine/workflow';
import { processThenSilence } from '../../tools/ltx-server/faults';
import type { ExecutionDetails } from '../../tools/n8n/N8nClient';
import { RELEASES } from '../../tools/n8n/releases';
import { ANSWER_AT_ONCE, itemsOf, ltxVideo, webhook } from '../../tools/n8n/workflows';
import { until } from '../../tools/until';
import { startExecution } from './executions';
import { useN8n } from './useN8n';

const IMAGE = readFileSync(join(REPOSITORY, 'examples', 'lighthouse.png'));
/** Names of the files that each execution is given, of each of which it makes an item. */
const FILES = ['Waves', 'Gulls'];

/** Longer than any test here. */
const ENDLESS_MS = 600_000;
const PATIENT = { options: { pollInterval: 0.2, maxWait: 10 } };
/** Long enough for all jobs to be accepted before it, on a busy machine too. */
const TIME_OUT_SECONDS = 15;

/** The workflow setting "Save execution progress". */
const SAVE_PROGRESS = { saveExecutionProgress: true };

// With several items and files in each workflow, since n8n has to keep those too.
describe.each(RELEASES)('An execution of n8n $version that saves its progress', (release) => {
	const test = useN8n(release, {
		env: { N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '2', N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' },
	});

	const ofFile = {
		imageSource: 'binary',
		imageBinaryProperty: '={{ Object.keys($binary)[0] }}',
		prompt: '={{ Object.keys($binary)[0] }}',
	};

	function afterFiles(settings: WorkflowJson['settings'], ...nodes: INode[]): WorkflowJson {
		const split = node('Split', 'n8n-nodes-base.splitOut', 1, {
			fieldToSplitOut: '$binary',
			options: {},
		});
		const workflow = chain(webhook(randomUUID(), ANSWER_AT_ONCE), split, ...nodes);
		return { ...workflow, settings: { ...SAVE_PROGRESS, ...settings } };
	}

	/** Submit and Wait in one node. */
	const oneNode = (settings: WorkflowJson['settings'] = {}) =>
		afterFiles(settings, ltxVideo(test.ltxApi, { ...ofFile, ...PATIENT }));

	/** Submit, then Wait, in two nodes. */
	const twoNodes = (settings: WorkflowJson['settings'] = {}) =>
		afterFiles(
			settings,
			ltxVideo(test.ltxApi, { ...ofFile, operation: 'submit' }, { name: 'Submit' }),
			ltxVideo(test.ltxApi, { operation: 'wait', jobId: '={{ $json.id }}', ...PATIENT }),
		);

	/** Starts an execution that is given the files, and lets it come to some point. */
	async function start(workflow: WorkflowJson, hasCome: () => boolean): Promise<string> {
		test.ltx.jobMs = ENDLESS_MS;
		const form = new FormData();
		for (const name of FILES) form.append(name, new Blob([new Uint8Array(IMAGE)]), `${name}.png`);
		const { id } = await startExecution(test, workflow, form);
		await until(hasCome);
		return id;
	}

	interface Waiting {
		id: string;
		jobIds: string[];
	}

	/** Starts an execution and lets it come to where it waits for its jobs, which do not end. */
	async function startWaiting(workflow: WorkflowJson): Promise<Waiting> {
		const { jobs } = test.ltx;
		const { length: earlier } = jobs;
		const areNewOnesPolled = () =>
			jobs.length === earlier + FILES.length && jobs.slice(earlier).every(isPolled);
		const id = await start(workflow, areNewOnesPolled);
		return { id, jobIds: jobs.slice(earlier).map((job) => job.id) };
	}

	function isPolled(job: { id: string }): boolean {
		return test.ltx.requests.some(({ kind, path }) => kind === 'poll' && path.includes(job.id));
	}

	async function expectCrashed(id: string): Promise<ExecutionDetails> {
		const execution = await test.rest.endOf(id);
		expect(execution.status).toBe('crashed');
		return execution;
	}

	/** Presses Retry, once all jobs have ended, and gives the IDs of the jobs whose videos come out. */
	async function retry(id: string): Promise<string[]> {
		test.ltx.jobMs = 0;
		const retried = await test.rest.retryExecution(id);
		const { status, mode, data } = retried;
		expect([mode, status, data.resultData.error?.message]).toEqual(['retry', 'success', undefined]);
		for (const { binary } of itemsOf(retried, 'LTX Video')) {
			const video = await test.rest.file(binary?.data.id as string);
			expect(video.equals(test.ltx.video)).toBe(true);
		}
		return idsAt(retried, 'LTX Video');
	}

	const idsAt = (execution: ExecutionDetails, name: string) =>
		itemsOf(execution, name).map(({ json }) => String(json.id));

	it.each([
		['was killed', async () => await test.n8n.kill()],
		['outlasted the grace period of a SIGTERM', async () => await test.n8n.stop()],
	])(
		'and that %s goes on with its jobs when it is retried, and in one node pays for them again',
		async (_how, end) => {
			const { n8n, ltx } = test;
			const one = await startWaiting(oneNode());
			const two = await startWaiting(twoNodes());
			await end();
			await n8n.start();

			const submitted = idsAt(await expectCrashed(two.id), 'Submit');
			expect(submitted.toSorted()).toEqual(two.jobIds.toSorted());
			expect(await retry(two.id)).toEqual(submitted);
			const { length } = FILES;
			expect([ltx.count('put'), ltx.jobs.length]).toEqual([2 * length, 2 * length]);

			expect(idsAt(await expectCrashed(one.id), 'LTX Video')).toEqual([]);
			const newIds = (await retry(one.id)).toSorted();
			expect(newIds).toEqual(
				ltx.jobs
					.slice(2 * length)
					.map((job) => job.id)
					.toSorted(),
			);
			expect(ltx.jobs).toHaveLength(3 * length);
		},
	);

	it('and that was killed while it submitted submits again when it is retried', async () => {
		const { n8n, ltx } = test;
		ltx.fail('submit', processThenSilence, { times: FILES.length });
		const id = await start(twoNodes(), () => ltx.jobs.length === FILES.length);
		await n8n.kill();
		await n8n.start();
		await expectCrashed(id);
		expect(await retry(id)).toHaveLength(FILES.length);
		expect(ltx.jobs).toHaveLength(2 * FILES.length);
	});

	/** Lets an execution in one node and one in two end while they wait for their jobs. */
	async function expectOutputOnlyOfTwo(
		settings: WorkflowJson['settings'],
		end: (id: string) => Promise<void>,
	): Promise<void> {
		const one = await startWaiting(oneNode(settings));
		const two = await startWaiting(twoNodes(settings));
		for (const { id } of [one, two]) await end(id);
		const [withOne, withTwo] = [await test.rest.endOf(one.id), await test.rest.endOf(two.id)];
		expect([withOne.status, withTwo.status]).toEqual(['canceled', 'canceled']);
		expect(idsAt(withOne, 'LTX Video')).toEqual([]);
		expect(idsAt(withTwo, 'Submit').toSorted()).toEqual(two.jobIds.toSorted());
	}

	it('and that was stopped shows its jobs with two nodes, and no output of one', async () => {
		await expectOutputOnlyOfTwo({}, async (id) => await test.rest.stopExecution(id));
	});

	it('and that outlasted the time-out of its workflow shows its jobs with two nodes, and no output of one', async () => {
		await expectOutputOnlyOfTwo({ executionTimeout: TIME_OUT_SECONDS }, async () => {});
	});
});
