import express from 'express';
import type { IDataObject } from 'n8n-workflow';

import { SAMPLE_MP4 } from '../../nodes/LtxVideo/sample/files';
import { apiError, processThenReset, processThenSilence } from '../../tools/ltx-server/faults';
import { listen, type Listening } from '../../tools/ltx-server/listen';
import { exampleWorkflow, withNodes, withoutSamples } from '../../tools/n8n/examples';
import type { SavedWorkflow } from '../../tools/n8n/N8nClient';
import { N8N_2 } from '../../tools/n8n/releases';
import { node, type WorkflowJson } from '../../tools/engine/workflow';
import { until } from '../../tools/until';
import { useN8n } from './useN8n';

/** A row as far as the tests look at it. */
interface Row extends IDataObject {
	id: number;
	prompt: string;
	status: string | null;
	job_id: string | null;
	video_link: string | null;
	note: string | null;
}

interface FiledVideo {
	name: string;
	video: Buffer;
}

const FAILED = { failed: { type: 'api_error', message: 'The model gave up' } };

// n8n 1 has no node that makes a table.
describe('a-month-of-posts.json in n8n 2', () => {
	const test = useN8n(N8N_2);
	/**
	 * Takes the files in the place of Google Drive, whose address n8n does not let anybody choose:
	 * the only node of the template that is another one here.
	 */
	let drive: Listening;
	let isDriveAway: boolean;
	let filed: FiledVideo[];
	/** With samples in the editor, as it comes. */
	let template: WorkflowJson;
	/** The same without samples. */
	let workflow: SavedWorkflow;
	let tables: string;

	beforeAll(async () => {
		const app = express();
		const bytes = express.raw({ type: () => true, limit: '10mb' });
		app.post('/files', bytes, (request, response) => {
			if (isDriveAway) {
				response.sendStatus(503);
				return;
			}
			filed.push({ name: String(request.query.name), video: request.body as Buffer });
			response.json({ webViewLink: `drive:${filed.length}` });
		});
		drive = await listen(app);
		const { id } = await test.rest.rest<{ id: string }>('GET', '/projects/personal');
		tables = `/projects/${id}/data-tables`;
	});
	afterAll(async () => await drive.stop());

	beforeEach(async () => {
		const { rest, ltxApi } = test;
		isDriveAway = false;
		filed = [];
		const example = exampleWorkflow('a-month-of-posts.json', ltxApi);
		const save = example.nodes.find(({ name }) => name === 'Save in Google Drive');
		const name = String(save?.parameters.name).slice(1);
		const upload = node('Save in Google Drive', 'n8n-nodes-base.httpRequest', 4.2, {
			method: 'POST',
			url: `=${drive.url}/files`,
			sendQuery: true,
			queryParameters: { parameters: [{ name: 'name', value: `=${name}` }] },
			sendBody: true,
			contentType: 'binaryData',
			inputDataFieldName: save?.parameters.inputDataFieldName as string,
			options: {},
		});
		template = withNodes(example, { ...upload, onError: save?.onError });
		workflow = await rest.createWorkflow(withoutSamples(template));
		await run('Run this once');
	});
	afterEach(async () => {
		await test.rest.rest('DELETE', `${tables}/${await tableId()}`);
		await test.rest.rest('POST', `/workflows/${workflow.id}/archive`, {});
	});

	async function tableId(): Promise<string> {
		const { data } = await test.rest.rest<{ data: Array<{ id: string }> }>('GET', tables);
		return data[0].id;
	}

	/** The rows, in the order of their dates. */
	async function rows(): Promise<Row[]> {
		const path = `${tables}/${await tableId()}/rows?sortBy=date:asc`;
		return (await test.rest.rest<{ data: Row[] }>('GET', path)).data;
	}

	/** What a person does in the table. */
	async function edit(id: number, data: IDataObject): Promise<void> {
		const filter = { type: 'and', filters: [{ columnName: 'id', condition: 'eq', value: id }] };
		await test.rest.rest('PATCH', `${tables}/${await tableId()}/rows`, { filter, data });
	}

	/** Starts the workflow at one of its triggers. */
	async function run(trigger: string): Promise<void> {
		const execution = await test.rest.endOf(await test.rest.runManually(workflow, trigger));
		expect([trigger, execution.status, execution.data.resultData.error?.message]).toEqual([
			trigger,
			'success',
			undefined,
		]);
	}

	it('makes its table once, with samples of which the first is due', async () => {
		await run('Run this once');
		const samples = await rows();
		expect(samples.map(({ status }) => status)).toEqual([null, null, null]);
		await run('Every day at 9');
		expect(test.ltx.jobs.map(({ body }) => body.prompt)).toEqual([samples[0].prompt]);
	});

	it('files a sample in the editor, and makes the videos when it is published', async () => {
		const { rest, ltx } = test;
		ltx.jobMs = 0;
		await rest.rest('POST', `/workflows/${workflow.id}/archive`, {});
		workflow = await rest.createWorkflow(template);
		await run('Every day at 9');
		expect((await rows())[0]).toMatchObject({
			status: '',
			job_id: expect.stringMatching(/^sample-/),
		});
		await run('Every hour');
		await run('Every hour');
		expect((await rows())[0]).toMatchObject({ status: '', job_id: '', video_link: 'drive:1' });
		expect(filed.map(({ video }) => video.toString('base64'))).toEqual([SAMPLE_MP4]);

		// A sample that is not filed yet when the workflow is published is none of its business.
		await run('Every day at 9');
		expect(ltx.requests).toEqual([]);
		const everySecond = { rule: { interval: [{ field: 'seconds', secondsInterval: 1 }] } };
		const schedules = workflow.nodes
			.filter(({ type }) => type === 'n8n-nodes-base.scheduleTrigger')
			.map((schedule) => ({ ...schedule, parameters: everySecond }));
		await rest.saveWorkflow({ ...workflow, ...withNodes(workflow, ...schedules) });
		await rest.activate(await rest.workflow(workflow.id));
		const [row] = await until(async () => {
			const all = await rows();
			return all[0].status === 'done' && all;
		});
		await rest.deactivate(workflow);
		expect(row).toMatchObject({ job_id: ltx.jobs[0].id, video_link: 'drive:2' });
		expect(filed[1].video.equals(ltx.video)).toBe(true);
		expect([ltx.jobs.length, filed.length]).toEqual([1, 2]);
	});

	it('writes the job down, and files the video when it is finished', async () => {
		const { ltx } = test;
		ltx.jobMs = 600_000;
		await run('Every day at 9');
		const [{ id }] = ltx.jobs;
		expect((await rows())[0]).toMatchObject({ status: 'submitted', job_id: id });

		await run('Every hour');
		expect((await rows())[0]).toMatchObject({ status: 'submitted', job_id: id });
		expect(filed).toEqual([]);

		ltx.jobMs = 0;
		await test.n8n.restart();
		await run('Every hour');
		const [row] = await rows();
		expect(row).toMatchObject({ status: 'done', job_id: id, video_link: 'drive:1' });
		expect(filed).toEqual([
			{
				name: expect.stringMatching(/^\d{4}-\d\d-\d\d .*\.mp4$/),
				video: ltx.video,
			},
		]);
		await run('Every day at 9');
		await run('Every hour');
		expect([ltx.jobs.length, filed.length]).toEqual([1, 1]);
	});

	it('never sends a row again whose submit n8n did not survive', async () => {
		const { ltx, n8n, rest } = test;
		ltx.jobMs = 0;
		ltx.fail('submit', processThenSilence);
		await rest.runManually(workflow, 'Every day at 9');
		await until(() => ltx.jobs.length === 1);
		await n8n.kill();
		await n8n.start();

		await run('Every day at 9');
		await run('Every hour');
		const [row] = await rows();
		expect([row.status, row.job_id]).toEqual(['submitting', null]);
		expect([ltx.jobs.length, filed.length]).toEqual([1, 0]);

		await edit(row.id, { status: 'submitted', job_id: ltx.jobs[0].id });
		await run('Every hour');
		expect((await rows())[0]).toMatchObject({ status: 'done', video_link: 'drive:1' });
		expect(ltx.jobs).toHaveLength(1);
	});

	it('never sends a row again whose answer was lost', async () => {
		const { ltx } = test;
		ltx.fail('submit', processThenReset);
		await run('Every day at 9');
		await run('Every day at 9');
		const [row] = await rows();
		expect([row.status, row.job_id]).toEqual(['submitting', '']);
		expect(row.note).not.toBe('');
		expect(ltx.jobs).toHaveLength(1);
	});

	it('says why LTX refused a row, goes on with the next, and tries again when asked', async () => {
		const { ltx } = test;
		const [first, second] = await rows();
		await edit(second.id, { date: first.date });
		ltx.fail('submit', apiError('content_filtered_error', 'Not this image'));
		await run('Every day at 9');
		await run('Every day at 9');
		const after = await rows();
		const refused = after.find(({ status }) => status === 'failed');
		expect(refused?.note).toContain('Not this image');
		expect(after.map(({ status }) => status).sort()).toEqual(['failed', 'submitted', null].sort());
		expect(ltx.count('submit')).toBe(2);

		await edit(refused?.id as number, { status: '' });
		await run('Every day at 9');
		expect(ltx.jobs).toHaveLength(2);
	});

	it('says why a job failed', async () => {
		test.ltx.planJob = () => ({ ends: FAILED, durationMs: 0 });
		await run('Every day at 9');
		await run('Every hour');
		expect((await rows())[0]).toMatchObject({ status: 'failed', note: 'The model gave up' });
	});

	it('looks again when LTX could not be reached, and gives up when it knows no such job', async () => {
		const { ltx } = test;
		ltx.jobMs = 0;
		await run('Every day at 9');
		ltx.fail('poll', apiError('permission_error'));
		await run('Every hour');
		expect((await rows())[0]).toMatchObject({ status: 'submitted', job_id: ltx.jobs[0].id });
		ltx.forgetJobs();
		await run('Every hour');
		const [row] = await rows();
		expect(row.status).toBe('failed');
		expect(row.note).not.toBe('');
	});

	it('saves a video later that could not be saved', async () => {
		const { ltx } = test;
		ltx.jobMs = 0;
		await run('Every day at 9');
		isDriveAway = true;
		await run('Every hour');
		expect((await rows())[0]).toMatchObject({
			status: 'submitted',
			note: expect.stringContaining('could not be saved'),
		});
		isDriveAway = false;
		await run('Every hour');
		expect((await rows())[0]).toMatchObject({ status: 'done', note: '' });
		expect([ltx.jobs.length, filed.length]).toEqual([1, 1]);
	});
});
