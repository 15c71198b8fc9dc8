import type { WorkflowJson } from '../../tools/engine/workflow';
import { RELEASES } from '../../tools/n8n/releases';
import { ltxVideo } from '../../tools/n8n/workflows';
import { until } from '../../tools/until';
import { afterItems, startExecution } from './executions';
import { STOPPABLE } from './stop';
import { useN8n } from './useN8n';

const ITEMS = [{ prompt: 'Waves' }, { prompt: 'Gulls' }];

describe.each(RELEASES)('The custom data of an execution of n8n $version', (release) => {
	const test = useN8n(release);

	/** Starts a workflow that submits two jobs, which nobody finishes. */
	async function start(
		parameters: Parameters<typeof ltxVideo>[1],
		settings: WorkflowJson['settings'] = {},
	): Promise<string> {
		test.ltx.jobMs = 600_000;
		const video = ltxVideo(test.ltxApi, { prompt: '={{ $json.prompt }}', ...parameters });
		const { id } = await startExecution(test, { ...afterItems(video), settings }, ITEMS);
		return id;
	}

	async function expectJobIds(executionId: string, status: string): Promise<void> {
		const execution = await test.rest.endOf(executionId);
		expect(execution.status).toBe(status);
		expect(test.ltx.jobs).toHaveLength(ITEMS.length);
		// n8n saves that an execution is over before it saves the execution's custom data.
		const ids = await until(
			async () => (await test.rest.execution(executionId)).customData.ltx_job_ids,
		);
		for (const { id } of test.ltx.jobs) {
			expect(ids).toContain(id);
		}
	}

	it('has the jobs of one that was stopped', async () => {
		const id = await start(STOPPABLE);
		await until(() => test.ltx.count('poll') >= 3);
		await test.rest.stopExecution(id);
		await expectJobIds(id, 'canceled');
	});

	it('has the jobs of one that outlasted the time-out of its workflow', async () => {
		// Long enough for both jobs to be accepted before it, on a busy machine too.
		await expectJobIds(await start(STOPPABLE, { executionTimeout: 15 }), 'canceled');
	});

	it('has the jobs of one that failed', async () => {
		const impatient = { options: { pollInterval: 0.2, maxWait: 0.02 } };
		await expectJobIds(await start(impatient), 'error');
	});
});
