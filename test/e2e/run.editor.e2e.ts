import { join } from 'node:path';

import { REPOSITORY } from '../../tools/engine/paths';
import { chain, manualTrigger } from '../../tools/engine/workflow';
import { apiError } from '../../tools/ltx-server/faults';
import { RELEASES } from '../../tools/n8n/releases';
import { ltxVideo, readFile } from '../../tools/n8n/workflows';
import { readMp4 } from '../../tools/samples/readMp4';
import { until } from '../../tools/until';
import { expectSilence, STOPPABLE } from './stop';
import { eventually, useEditor } from './useEditor';
import { useN8n } from './useN8n';

const EXAMPLES = join(REPOSITORY, 'examples');

describe.each(RELEASES)('A run from the editor of n8n $version', (release) => {
	const test = useN8n(release, { env: { N8N_RESTRICT_FILE_ACCESS_TO: EXAMPLES } });
	const browser = useEditor(test);

	it('shows the job, and plays the video', async () => {
		const { rest, ltx, ltxApi } = test;
		const { editor } = browser;
		const { id } = await rest.createWorkflow(
			chain(
				manualTrigger(),
				readFile(join(EXAMPLES, 'lighthouse.png')),
				ltxVideo(ltxApi, { imageSource: 'binary' }),
			),
		);
		await editor.openWorkflow(id);
		await editor.execute();
		await editor.executionEnd();
		await editor.succeeded('LTX Video').waitFor();

		await editor.openNode('LTX Video');
		const [job] = ltx.jobs;
		await editor.showOutputAs('json');
		await eventually(async () => {
			expect(await editor.outputPanel().innerText()).toMatch(
				new RegExp(`"?id"?\\s*:\\s*"${job.id}"[^]*"?status"?\\s*:\\s*"completed"`),
			);
		});
		const { durationSeconds } = readMp4(ltx.video);
		const video = await editor.playVideo();
		expect(video).toEqual({
			durationSeconds: expect.closeTo(durationSeconds, 1),
			playedSeconds: expect.any(Number),
			width: expect.any(Number),
			height: expect.any(Number),
		});
		expect(Math.min(video.playedSeconds, video.width, video.height)).toBeGreaterThan(0);
	});

	it('is offered to be retried when it failed', async () => {
		const { rest, ltx, ltxApi } = test;
		ltx.fail('submit', apiError('invalid_request_error', 'Not like this'));
		const workflow = await rest.createWorkflow(chain(manualTrigger(), ltxVideo(ltxApi)));
		const [{ name }] = workflow.nodes;
		const { id, status } = await rest.endOf(await rest.runManually(workflow, name));
		expect(status).toBe('error');
		expect(await browser.editor.offersRetry(workflow.id, id)).toBe(true);
	});

	it('ends with Stop, asks LTX nothing more, and is not offered to be retried', async () => {
		const { rest, ltx, ltxApi } = test;
		const { editor } = browser;
		ltx.jobMs = 600_000;
		const { id } = await rest.createWorkflow(chain(manualTrigger(), ltxVideo(ltxApi, STOPPABLE)));
		await editor.openWorkflow(id);
		await editor.execute();
		await until(() => ltx.count('poll') >= 3);
		await editor.stop();
		await editor.executionEnd();
		const [execution] = await rest.endedExecutions(id);
		expect(execution.status).toBe('canceled');
		await expectSilence(ltx);
		expect(await editor.offersRetry(id, execution.id)).toBe(false);
	});
});
