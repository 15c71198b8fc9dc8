import { join } from 'node:path';

import { REPOSITORY } from '../../tools/engine/paths';
import { chain, manualTrigger } from '../../tools/engine/workflow';
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

	it('ends with Stop, and asks LTX nothing more', async () => {
		const { rest, ltx, ltxApi } = test;
		const { editor } = browser;
		ltx.jobMs = 600_000;
		const { id } = await rest.createWorkflow(chain(manualTrigger(), ltxVideo(ltxApi, STOPPABLE)));
		await editor.openWorkflow(id);
		await editor.execute();
		await until(() => ltx.count('poll') >= 3);
		await editor.stop();
		await editor.executionEnd();
		const [{ status }] = await rest.endedExecutions(id);
		expect(status).toBe('canceled');
		await expectSilence(ltx);
	});
});
