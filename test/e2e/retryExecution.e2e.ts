import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPOSITORY } from '../../tools/engine/paths';
import { chain, node, noOp } from '../../tools/engine/workflow';
import { processThenReset } from '../../tools/ltx-server/faults';
import type { ExecutionDetails } from '../../tools/n8n/N8nClient';
import { RELEASES } from '../../tools/n8n/releases';
import { ANSWER_AT_ONCE, itemsOf, ltxVideo, webhook } from '../../tools/n8n/workflows';
import { afterItems, startExecution } from './executions';
import { useN8n } from './useN8n';

const IMAGE = readFileSync(join(REPOSITORY, 'examples', 'lighthouse.png'));

/** Longer than any test here. */
const ENDLESS_MS = 600_000;
/** Runs out after 1.2 s. */
const IMPATIENT = { options: { pollInterval: 0.2, maxWait: 0.02 } };
const BY_PROMPT = { prompt: '={{ $json.prompt }}' };

describe.each(RELEASES)('Retry in the list of executions of n8n $version', (release) => {
	const test = useN8n(release, { env: { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' } });

	/** Expects that an execution put out these jobs and their videos. */
	async function expectVideosOf(execution: ExecutionDetails, jobIds: string[]): Promise<void> {
		const items = itemsOf(execution, 'LTX Video');
		expect(items.map(({ json }) => json.id)).toEqual(jobIds);
		for (const { binary } of items) {
			const video = await test.rest.file(binary?.data.id as string);
			expect(video.equals(test.ltx.video)).toBe(true);
		}
	}

	/** Expects that an execution ended well, with these jobs and their videos. */
	async function expectVideos(execution: ExecutionDetails, jobIds: string[]): Promise<void> {
		const { status, mode, data } = execution;
		expect([mode, status, data.resultData.error?.message]).toEqual(['retry', 'success', undefined]);
		await expectVideosOf(execution, jobIds);
	}

	const finishJobs = () => (test.ltx.jobMs = 0);
	const jobIds = () => test.ltx.jobs.map(({ id }) => id);

	it('waits on for the jobs that took longer than Max Wait, as often as it is pressed', async () => {
		const { rest, ltx, ltxApi } = test;
		ltx.jobMs = ENDLESS_MS;
		const workflow = afterItems(ltxVideo(ltxApi, { ...BY_PROMPT, ...IMPATIENT }));
		const { id } = await startExecution(test, workflow, [{ prompt: 'Waves' }, { prompt: 'Gulls' }]);
		const failed = await rest.endOf(id);
		expect(failed.data.resultData.error?.message).toMatch(/after .* minutes/);
		const again = await rest.retryExecution(id);
		expect(again.status).toBe('error');
		finishJobs();
		await expectVideos(await rest.retryExecution(again.id), jobIds());
		// The list offers it for the first execution too.
		await expectVideos(await rest.retryExecution(id), jobIds());
		expect(ltx.jobs).toHaveLength(2);
	});

	it('takes up a job of an uploaded file, without sending the file again', async () => {
		const { n8n, rest, ltx, ltxApi } = test;
		ltx.jobMs = ENDLESS_MS;
		const binary = { imageSource: 'binary', imageBinaryProperty: 'image', ...IMPATIENT };
		const json = chain(
			webhook(`file-${release.version}`, ANSWER_AT_ONCE),
			ltxVideo(ltxApi, binary),
		);
		const form = new FormData();
		form.append('image', new Blob([new Uint8Array(IMAGE)]), 'lighthouse.png');
		const { id } = await startExecution({ n8n, rest }, json, form);
		await rest.endOf(id);
		finishJobs();
		await expectVideos(await rest.retryExecution(id), jobIds());
		expect([ltx.count('put'), ltx.jobs.length]).toEqual([1, 1]);
	});

	it('pays for the item that failed, and for no other', async () => {
		const { rest, ltx, ltxApi } = test;
		const refused = { type: 'content_filtered_error', message: 'The prompt was refused' };
		ltx.planJob = ({ prompt }) =>
			prompt === 'Bad' ? { ends: { failed: refused }, durationMs: 1500 } : {};
		const workflow = afterItems(ltxVideo(ltxApi, BY_PROMPT));
		const { id } = await startExecution(test, workflow, [{ prompt: 'Waves' }, { prompt: 'Bad' }]);
		expect((await rest.endOf(id)).status).toBe('error');
		ltx.planJob = () => ({});
		const retried = await rest.retryExecution(id);
		expect(ltx.jobs.map(({ body }) => body.prompt)).toEqual(
			expect.arrayContaining(['Waves', 'Bad', 'Bad']),
		);
		expect(ltx.jobs).toHaveLength(3);
		const jobOf = (wanted: string) => ltx.jobs.findLast(({ body }) => body.prompt === wanted)?.id;
		await expectVideos(retried, [jobOf('Waves') as string, jobOf('Bad') as string]);
	});

	it('takes up the job of a prompt that comes out differently in each execution', async () => {
		const { rest, ltx, ltxApi } = test;
		ltx.jobMs = ENDLESS_MS;
		const prompt = '={{ $execution.id + $now }}';
		const { id } = await startExecution(
			test,
			afterItems(ltxVideo(ltxApi, { ...IMPATIENT, prompt })),
		);
		await rest.endOf(id);
		finishJobs();
		await expectVideos(await rest.retryExecution(id), jobIds());
		expect(ltx.jobs).toHaveLength(1);
	});

	it('submits anew what was edited since, and nothing else', async () => {
		const { rest, ltx, ltxApi } = test;
		ltx.jobMs = ENDLESS_MS;
		const edited = ltxVideo(ltxApi, { ...IMPATIENT, prompt: 'Waves' });
		const { id, workflow } = await startExecution(test, afterItems(edited));
		await rest.endOf(id);
		finishJobs();
		const [first] = jobIds();
		await expectVideos(await rest.retryExecution(id, { loadWorkflow: true }), [first]);

		const nodes = workflow.nodes.map((entry) =>
			entry.name === edited.name
				? { ...entry, parameters: { ...entry.parameters, prompt: 'Gulls' } }
				: entry,
		);
		await rest.saveWorkflow({ ...workflow, nodes });
		const retried = await rest.retryExecution(id, { loadWorkflow: true });
		expect(ltx.jobs.map(({ body }) => body.prompt)).toEqual(['Waves', 'Gulls']);
		await expectVideos(retried, [jobIds()[1]]);
		// As it was then, the prompt is the old one.
		await expectVideos(await rest.retryExecution(id), [first]);
		expect(ltx.jobs).toHaveLength(2);
	});

	it('does not run LTX Video again when a later node failed', async () => {
		const { rest, ltx, ltxApi } = test;
		const later = node('Later', 'n8n-nodes-base.stopAndError', 1, { errorMessage: 'Not today' });
		const { id, workflow } = await startExecution(test, afterItems(ltxVideo(ltxApi), later));
		expect((await rest.endOf(id)).data.resultData.error?.message).toBe('Not today');
		const { length } = ltx.requests;
		const nodes = workflow.nodes.map((entry) =>
			entry.name === later.name ? { ...noOp(later.name), id: entry.id } : entry,
		);
		await rest.saveWorkflow({ ...workflow, nodes });
		const retried = await rest.retryExecution(id, { loadWorkflow: true });
		await expectVideos(retried, jobIds());
		expect(itemsOf(retried, later.name).map(({ json }) => json.id)).toEqual(jobIds());
		expect(ltx.requests).toHaveLength(length);
	});

	it('says that LTX knows a job no more, and pays for another one when it is pressed again', async () => {
		const { rest, ltx, ltxApi } = test;
		ltx.jobMs = ENDLESS_MS;
		const { id } = await startExecution(test, afterItems(ltxVideo(ltxApi, IMPATIENT)));
		await rest.endOf(id);
		ltx.forgetJobs();
		finishJobs();
		const unknown = await rest.retryExecution(id);
		expect(unknown.data.resultData.error?.message).toContain(ltx.jobs[0].id);
		expect(ltx.jobs).toHaveLength(1);
		const retried = await rest.retryExecution(unknown.id);
		expect(ltx.jobs).toHaveLength(2);
		await expectVideos(retried, [jobIds()[1]]);
	});

	it('submits anew what may be running, since somebody has read the error', async () => {
		const { rest, ltx, ltxApi } = test;
		ltx.fail('submit', processThenReset);
		const { id } = await startExecution(test, afterItems(ltxVideo(ltxApi)));
		const lost = await rest.endOf(id);
		expect(lost.data.resultData.error?.message).toMatch(/may be running/);
		const retried = await rest.retryExecution(id);
		expect(ltx.jobs).toHaveLength(2);
		await expectVideos(retried, [jobIds()[1]]);
	});
});
