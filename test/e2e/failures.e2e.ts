import type { IDataObject } from 'n8n-workflow';

import { noOp, type WorkflowJson } from '../../tools/engine/workflow';
import { apiError, delayed, processThenReset } from '../../tools/ltx-server/faults';
import type { ExecutionDetails } from '../../tools/n8n/N8nClient';
import { RELEASES } from '../../tools/n8n/releases';
import { itemsOf, ltxVideo, QUICK_OPTIONS } from '../../tools/n8n/workflows';
import { until } from '../../tools/until';
import { afterItems, startExecution } from './executions';
import { expectStopEndsAll, STOPPABLE } from './stop';
import { useN8n } from './useN8n';

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
const FILTERED = { type: 'content_filtered_error', message: 'The prompt was refused' };

describe.each(RELEASES)('n8n $version when something fails', (release) => {
	const test = useN8n(release);

	/** Runs a workflow once, with these items, and gives the execution. */
	async function run(workflow: WorkflowJson, items: IDataObject[]): Promise<ExecutionDetails> {
		const { id } = await startExecution(test, workflow, items);
		return await test.rest.endOf(id);
	}

	const byPrompt = { prompt: '={{ $json.prompt }}', downloadVideo: false };

	it('Retry On Fail takes up the job of the first try', async () => {
		const { ltx, ltxApi } = test;
		ltx.fail('poll', apiError('permission_error'));
		const execution = await run(afterItems(ltxVideo(ltxApi, byPrompt, RETRY)), [
			{ prompt: 'A' },
			{ prompt: 'B' },
		]);
		expect(execution.status).toBe('success');
		expect(itemsOf(execution, 'LTX Video').map(({ json }) => json.id)).toEqual(
			['A', 'B'].map((prompt) => ltx.jobs.find(({ body }) => body.prompt === prompt)?.id),
		);
		expect(ltx.jobs).toHaveLength(2);
	});

	it('Retry On Fail does not repeat a submit whose answer was lost', async () => {
		const { ltx, ltxApi } = test;
		ltx.fail('submit', processThenReset);
		const execution = await run(afterItems(ltxVideo(ltxApi, byPrompt, RETRY)), [{ prompt: 'A' }]);
		expect(execution.status).toBe('error');
		expect(execution.data.resultData.error?.message).toMatch(/may be running/);
		expect(ltx.count('submit')).toBe(1);
	});

	it('a submit that cannot connect is told as one that was not sent', async () => {
		const { rest, ltx } = test;
		const { apiKey } = ltx;
		// Nobody listens on this port.
		const data = { apiKey, baseUrl: 'http://127.0.0.1:1' };
		const unreachable = await rest.createCredential('Nowhere', 'ltxApi', data);
		const settings = { onError: 'continueRegularOutput' as const };
		const execution = await run(
			afterItems(ltxVideo(unreachable, { ...byPrompt, operation: 'submit' }, settings)),
			[{ prompt: 'A' }],
		);
		const [{ json }] = itemsOf(execution, 'LTX Video');
		expect(json.error).toMatchObject({
			type: 'network_error',
			message: expect.stringContaining('the connection was refused'),
		});
	});

	it('Continue (using error output) sends each item to its branch, and Retry On Fail pays for none again', async () => {
		const { ltx, ltxApi } = test;
		ltx.fail('poll', apiError('permission_error'));
		ltx.planJob = ({ prompt }) => (prompt === 'Bad' ? { ends: { failed: FILTERED } } : {});
		const settings = { ...RETRY, onError: 'continueErrorOutput' as const };
		// n8n tries again only if the first item failed: one after the other, it is the one that does.
		const parameters = { ...byPrompt, options: { ...QUICK_OPTIONS, maxConcurrency: 1 } };
		const workflow = afterItems(ltxVideo(ltxApi, parameters, settings), noOp('Videos'));
		workflow.nodes.push(noOp('Failures'));
		workflow.connections['LTX Video'].main.push([{ node: 'Failures', type: 'main', index: 0 }]);
		const items = ['A', 'Bad', 'B'].map((prompt) => ({ prompt }));
		const execution = await run(workflow, items);

		expect(execution.status).toBe('success');
		const jobOf = (wanted: string) => ltx.jobs.filter(({ body }) => body.prompt === wanted);
		expect(itemsOf(execution, 'Videos').map(({ json }) => [json.id, json.status])).toEqual([
			[jobOf('A')[0].id, 'completed'],
			[jobOf('B')[0].id, 'completed'],
		]);
		const [failure, ...others] = itemsOf(execution, 'Failures');
		expect(others).toEqual([]);
		const job_id = jobOf('Bad').at(-1)?.id;
		const message = expect.stringMatching(`${FILTERED.message}.*${job_id}`);
		expect(failure.json).toEqual({
			prompt: 'Bad',
			error: { type: FILTERED.type, message, endpoint: 'image-to-video', job_id },
			message,
		});
		// A failed job costs nothing, so a new try may submit it anew.
		expect(ltx.billedJobs).toBe(2);
		expect(ltx.jobs).toHaveLength(4);
	});

	it('Continue gives the failed item in its place', async () => {
		const { ltx, ltxApi } = test;
		ltx.planJob = ({ prompt }) => (prompt === 'Bad' ? { ends: { failed: FILTERED } } : {});
		const settings = { onError: 'continueRegularOutput' as const };
		const execution = await run(afterItems(ltxVideo(ltxApi, byPrompt, settings), noOp('Done')), [
			{ prompt: 'Bad' },
			{ prompt: 'A' },
		]);
		expect(execution.status).toBe('success');
		const [failed, video] = itemsOf(execution, 'Done').map(({ json }) => json);
		expect(Object.keys(failed).sort()).toEqual(['error', 'message']);
		expect(failed.error).toMatchObject({ type: FILTERED.type, endpoint: 'image-to-video' });
		expect(video.status).toBe('completed');
		expect(ltx.jobs).toHaveLength(2);
	});

	it('Stop ends the wait and all requests', async () => {
		await expectStopEndsAll(test, ltxVideo(test.ltxApi, STOPPABLE, RETRY));
		expect(test.n8n.log).toContain(test.ltx.jobs[0].id);
	});

	it('Stop does not cut off a submit on its way, whose job stands in the log, and sends no other', async () => {
		const { n8n, rest, ltx, ltxApi } = test;
		ltx.fail('submit', delayed(3_000));
		const parameters = { ...byPrompt, options: { ...QUICK_OPTIONS, maxConcurrency: 1 } };
		const workflow = afterItems(ltxVideo(ltxApi, parameters, RETRY));
		const { id } = await startExecution(test, workflow, [{ prompt: 'A' }, { prompt: 'B' }]);
		await until(() => ltx.jobs.length > 0);
		await rest.stopExecution(id);
		expect((await rest.endOf(id)).status).toBe('canceled');
		expect(n8n.log).not.toContain(ltx.jobs[0].id);
		await until(() => n8n.log.includes(`LTX accepted image-to-video job ${ltx.jobs[0].id}`));
		expect(ltx.count('submit')).toBe(1);
	});
});
