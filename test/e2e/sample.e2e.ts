import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import axios from 'axios';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import { SAMPLE_MP4 } from '../../nodes/LtxVideo/sample/files';
import { chain, manualTrigger, node, noOp, type WorkflowJson } from '../../tools/engine/workflow';
import type { ExecutionDetails, SavedWorkflow } from '../../tools/n8n/N8nClient';
import { RELEASES } from '../../tools/n8n/releases';
import {
	ANSWER_AT_ONCE,
	itemsOf,
	ltxVideo,
	postWebhook,
	QUICK_OPTIONS,
	saveAndActivate,
	webhook,
} from '../../tools/n8n/workflows';
import { until } from '../../tools/until';
import { REQUESTS } from '../engine/requests';
import { ChatModel, equipAgent } from './ChatModel';
import { eventually, useEditor } from './useEditor';
import { useN8n } from './useN8n';

const SAMPLE_ID = /^sample-/;

/** The option Sample Instead of Video. */
const withSample = (sample: string): INodeParameters => ({
	options: { ...QUICK_OPTIONS, sample },
});
const IN_THE_EDITOR = withSample('editor');

/** Nodes one after the other, which begin with Start in the editor, and with a webhook. */
function begunByHandOrWebhook(path: string, ...nodes: INode[]): WorkflowJson {
	const json = chain(webhook(path, ANSWER_AT_ONCE), ...nodes);
	json.nodes.push(manualTrigger('Start'));
	json.connections.Start = { main: [[{ node: nodes[0].name, type: 'main', index: 0 }]] };
	return json;
}

describe.each(RELEASES)('A sample in n8n $version', (release) => {
	const test = useN8n(release);
	const isVersion1 = release.version.startsWith('1.');

	const video = (parameters: INodeParameters = IN_THE_EDITOR, settings: Partial<INode> = {}) =>
		ltxVideo(test.ltxApi, parameters, settings);

	/** Expects that an execution gave a sample with its file, and that LTX heard nothing. */
	async function expectSample(execution: ExecutionDetails, mode = 'manual'): Promise<void> {
		const { status, data, customData } = execution;
		expect([execution.mode, status, data.resultData.error?.message]).toEqual([
			mode,
			'success',
			undefined,
		]);
		const [{ json, binary }] = itemsOf(execution, 'LTX Video');
		expect(json).toMatchObject({
			id: expect.stringMatching(SAMPLE_ID),
			status: 'completed',
			sample: true,
			estimated_cost_usd: 0.18,
		});
		expect(binary?.data).toMatchObject({ fileName: `${String(json.id)}.mp4` });
		expect(test.ltx.requests).toEqual([]);
		expect(customData?.ltx_job_ids).toBeUndefined();
	}

	/** Expects that an execution made a real video. */
	function expectVideo(execution: ExecutionDetails, mode: string): void {
		const { status, data } = execution;
		expect([execution.mode, status, data.resultData.error?.message]).toEqual([
			mode,
			'success',
			undefined,
		]);
		const [{ json }] = itemsOf(execution, 'LTX Video');
		expect([json.id, json.sample]).toEqual([test.ltx.jobs[0].id, undefined]);
		expect(test.ltx.jobs).toHaveLength(1);
	}

	async function onlyExecutionOf({ id }: SavedWorkflow): Promise<ExecutionDetails> {
		const [ended] = await test.rest.endedExecutions(id);
		return await test.rest.execution(ended.id);
	}

	/** Lets n8n wait for one call of a test address, as its editor does. */
	async function listenForTest(workflow: SavedWorkflow, trigger: string): Promise<void> {
		const answer = await test.rest.rest<{ waitingForWebhook?: boolean }>(
			'POST',
			`/workflows/${workflow.id}/run`,
			{
				triggerToStartFrom: { name: trigger },
				...(isVersion1 && { workflowData: workflow }),
			},
		);
		expect(answer.waitingForWebhook).toBe(true);
	}

	it('comes from a run in the editor, and a video from the published webhook', async () => {
		const { rest, n8n } = test;
		const path = randomUUID();
		const workflow = await saveAndActivate(rest, begunByHandOrWebhook(path, video()));
		const manual = await rest.endOf(await rest.runManually(workflow, 'Start'));
		await expectSample(manual);
		const [{ binary }] = itemsOf(manual, 'LTX Video');
		const bytes = await fileOf(binary?.data);
		expect(bytes).toBe(SAMPLE_MP4);

		await postWebhook(n8n.url, path);
		const published = await until(async () =>
			(await rest.endedExecutions(workflow.id, 2)).find(({ mode }) => mode === 'webhook'),
		);
		expectVideo(await rest.execution(published.id), 'webhook');
	});

	/** As base64, from n8n's storage or from the item. */
	async function fileOf(binary?: { id?: string; data: string }): Promise<string | undefined> {
		return binary?.id ? (await test.rest.file(binary.id)).toString('base64') : binary?.data;
	}

	it('comes from the test address of a webhook', async () => {
		const { rest, n8n } = test;
		const path = randomUUID();
		const workflow = await rest.createWorkflow(chain(webhook(path, ANSWER_AT_ONCE), video()));
		await listenForTest(workflow, 'Webhook');
		await axios.post(`${n8n.url}/webhook-test/${path}`, {});
		await expectSample(await onlyExecutionOf(workflow));
	});

	describe('and a form:', () => {
		const form = (path: string) =>
			node(
				'Form',
				'n8n-nodes-base.formTrigger',
				2.3,
				{
					formTitle: 'Video',
					formFields: { values: [{ fieldLabel: 'Text' }] },
					options: { path },
				},
				{ webhookId: path },
			);
		async function fillIn(address: string): Promise<void> {
			const fields = new FormData();
			fields.append('field-0', 'Waves');
			await axios.post(`${test.n8n.url}/${address}`, fields);
		}

		it('a sample comes from its test address', async () => {
			const path = randomUUID();
			const workflow = await test.rest.createWorkflow(chain(form(path), video()));
			await listenForTest(workflow, 'Form');
			await fillIn(`form-test/${path}`);
			await expectSample(await onlyExecutionOf(workflow));
		});

		it('a video comes from the published one', async () => {
			const path = randomUUID();
			const workflow = await saveAndActivate(test.rest, chain(form(path), video()));
			await fillIn(`form/${path}`);
			expectVideo(await onlyExecutionOf(workflow), 'webhook');
		});
	});

	it('does not come from a schedule', async () => {
		const { rest, ltx } = test;
		const everySecond = { rule: { interval: [{ field: 'seconds', secondsInterval: 1 }] } };
		const schedule = node('Schedule', 'n8n-nodes-base.scheduleTrigger', 1.2, everySecond);
		const workflow = await saveAndActivate(rest, chain(schedule, video()));
		const [{ id }] = await rest.endedExecutions(workflow.id);
		await rest.deactivate(workflow);
		// One that began just before must not submit in the next test.
		await setTimeout(1_500);
		await rest.endedExecutions(workflow.id, (await rest.executions(workflow.id)).length);
		const execution = await rest.execution(id);
		expect(execution.mode).toBe('trigger');
		const [{ json }] = itemsOf(execution, 'LTX Video');
		expect(json.sample).toBeUndefined();
		expect(ltx.jobs.map((job) => job.id)).toContain(json.id);
	});

	it.each([
		['a video with In the Editor', 'editor', 1],
		['a sample with Always', 'always', 0],
	])('of a sub-workflow that the editor started: %s', async (_what, sample, jobs) => {
		const { rest, ltx } = test;
		const called = node('Called', 'n8n-nodes-base.executeWorkflowTrigger', 1.1, {
			inputSource: 'passthrough',
		});
		const json = chain(called, video(withSample(sample)));
		const { id } = await (isVersion1 ? rest.createWorkflow(json) : saveAndActivate(rest, json));
		const call = node('Call', 'n8n-nodes-base.executeWorkflow', 1.2, {
			workflowId: { __rl: true, mode: 'id', value: id },
			workflowInputs: { mappingMode: 'defineBelow', value: {} },
			options: {},
		});
		const parent = await rest.createWorkflow(chain(manualTrigger('Start'), call));
		const execution = await rest.endOf(await rest.runManually(parent, 'Start'));
		expect(execution.data.resultData.error?.message).toBeUndefined();
		const [{ json: output }] = itemsOf(execution, 'Call');
		expect(SAMPLE_ID.test(String(output.id))).toBe(jobs === 0);
		expect(ltx.jobs).toHaveLength(jobs);
		if (jobs === 0) expect(ltx.requests).toEqual([]);
	});

	describe('in a workflow of five nodes', () => {
		const LATER = 'Later';
		const names = [1, 2, 3, 4, 5].map((n) => `Video ${n}`);

		/** The later of them take the file of the one before; one fails after the second. */
		function fiveVideos(path: string): WorkflowJson {
			const videos: INode[] = names.map((name, index) => ({
				...video(
					index < 2
						? IN_THE_EDITOR
						: {
								...IN_THE_EDITOR,
								resource: 'extend',
								model: 'ltx-2-3-pro',
								videoSource: 'binary',
								videoBinaryProperty: 'data',
								duration: 4,
							},
				),
				name,
			}));
			videos.splice(2, 0, failing);
			return begunByHandOrWebhook(path, ...videos);
		}
		const failing = node(LATER, 'n8n-nodes-base.stopAndError', 1, { errorMessage: 'Not today' });

		const idsOf = (execution: ExecutionDetails) =>
			names.map((name) => String(itemsOf(execution, name)[0]?.json.id));

		it('all are samples in the editor and in the Retry of its run, and videos when it is published', async () => {
			const { rest, n8n, ltx } = test;
			const path = randomUUID();
			const workflow = await rest.createWorkflow(fiveVideos(path));
			const failed = await rest.endOf(await rest.runManually(workflow, 'Start'));
			expect(failed.data.resultData.error?.message).toBe('Not today');
			expect(idsOf(failed).map((id) => SAMPLE_ID.test(id))).toEqual([
				true,
				true,
				false,
				false,
				false,
			]);

			const nodes = workflow.nodes.map((entry) =>
				entry.name === LATER ? { ...noOp(LATER), id: entry.id } : entry,
			);
			await rest.saveWorkflow({ ...workflow, nodes });
			const retried = await rest.retryExecution(failed.id, { loadWorkflow: true });
			expect([retried.mode, retried.status]).toEqual(['retry', 'success']);
			expect(idsOf(retried)).toEqual(names.map(() => expect.stringMatching(SAMPLE_ID)));
			expect(ltx.requests).toEqual([]);

			await rest.activate(await rest.workflow(workflow.id));
			await postWebhook(n8n.url, path);
			const published = await until(async () =>
				(await rest.endedExecutions(workflow.id, 3)).find(({ mode }) => mode === 'webhook'),
			);
			const execution = await rest.execution(published.id);
			expect(execution.data.resultData.error?.message).toBeUndefined();
			expect(idsOf(execution)).toEqual(ltx.jobs.map(({ id }) => id));
			expect(ltx.jobs).toHaveLength(5);
		});
	});

	it('comes from the Retry of a run that failed before it gave one', async () => {
		const { rest } = test;
		const failing = video({ ...IN_THE_EDITOR, prompt: '={{ "" }}' });
		const workflow = await rest.createWorkflow(chain(manualTrigger('Start'), failing));
		const failed = await rest.endOf(await rest.runManually(workflow, 'Start'));
		const { message, description } = failed.data.resultData.error ?? {};
		expect(message).toMatch(/Prompt is empty/);
		expect(`${message} ${description}`).not.toMatch(/LTX|charge/);
		const nodes = workflow.nodes.map((entry) =>
			entry.name === failing.name
				? { ...entry, parameters: { ...entry.parameters, prompt: 'Waves' } }
				: entry,
		);
		await rest.saveWorkflow({ ...workflow, nodes });
		await expectSample(await rest.retryExecution(failed.id, { loadWorkflow: true }), 'retry');
	});

	it('does not come from the Retry of what a webhook began', async () => {
		const { rest, n8n } = test;
		const path = randomUUID();
		const failing = video({ ...IN_THE_EDITOR, prompt: '={{ "" }}' });
		const workflow = await saveAndActivate(rest, chain(webhook(path, ANSWER_AT_ONCE), failing));
		await postWebhook(n8n.url, path);
		const failed = await onlyExecutionOf(workflow);
		expect(failed.status).toBe('error');
		const nodes = workflow.nodes.map((entry) =>
			entry.name === failing.name
				? { ...entry, parameters: { ...entry.parameters, prompt: 'Waves' } }
				: entry,
		);
		await rest.saveWorkflow({ ...(await rest.workflow(workflow.id)), nodes });
		expectVideo(await rest.retryExecution(failed.id, { loadWorkflow: true }), 'retry');
	});

	describe('of every resource and operation', () => {
		const OPERATIONS = ['submit', 'wait', 'getStatus', 'submitAndWait'];
		const resources = Object.entries(REQUESTS);

		const nameOf = (resource: string, operation: string) => `${resource} ${operation}`;

		/** For each resource, one node for each operation; two of them ask for the job of the first. */
		const videos = () =>
			resources.flatMap(([resource, { parameters }]) =>
				OPERATIONS.map((operation) => ({
					...video(),
					name: nameOf(resource, operation),
					parameters: {
						...parameters,
						...IN_THE_EDITOR,
						resource,
						operation,
						jobId: `={{ $('${nameOf(resource, 'submit')}').item.json.id }}`,
					},
				})),
			);

		/** The job of each node, as it was put out. */
		const jobsOf = (execution: ExecutionDetails) =>
			videos().map(({ name }) => itemsOf(execution, name)[0].json);

		it('are samples in the editor, and jobs when it is published', async () => {
			const { rest, n8n, ltx } = test;
			const path = randomUUID();
			const workflow = await saveAndActivate(rest, begunByHandOrWebhook(path, ...videos()));
			const manual = await rest.endOf(await rest.runManually(workflow, 'Start'));
			expect(manual.data.resultData.error?.message).toBeUndefined();
			for (const job of jobsOf(manual))
				expect(job).toMatchObject({ id: expect.stringMatching(SAMPLE_ID), sample: true });
			expect(ltx.requests).toEqual([]);

			await postWebhook(n8n.url, path);
			const published = await until(async () =>
				(await rest.endedExecutions(workflow.id, 2)).find(({ mode }) => mode === 'webhook'),
			);
			const execution = await rest.execution(published.id);
			expect(execution.data.resultData.error?.message).toBeUndefined();
			const jobs = jobsOf(execution);
			expect(jobs.filter(({ sample }) => sample !== undefined)).toEqual([]);
			expect(new Set(jobs.map(({ id }) => id))).toEqual(new Set(ltx.jobs.map(({ id }) => id)));
			expect(ltx.jobs.map(({ endpoint }) => endpoint)).toEqual(
				resources.flatMap(([, { endpoint }]) => [endpoint, endpoint]),
			);
		});
	});

	describe('of an agent’s tool', () => {
		const model = new ChatModel([], 'Done');
		let modelUrl: string;
		beforeAll(async () => (modelUrl = await model.start()));
		afterAll(async () => await model.stop());

		/** A workflow with an agent that has LTX Video as its tool, begun by hand and by a webhook. */
		async function agentWith(sample: string, path: string): Promise<SavedWorkflow> {
			const { rest } = test;
			model.rounds = [[{ Prompt: 'Waves' }]];
			const data = { apiKey: 'none', url: modelUrl };
			const openAiApi = await rest.createCredential('Chat model', 'openAiApi', data);
			const agent = node('Agent', '@n8n/n8n-nodes-langchain.agent', 2.2, {
				promptType: 'define',
				text: 'Make a video of waves',
				options: { enableStreaming: false },
			});
			const json = begunByHandOrWebhook(path, agent);
			const tool = video({
				...withSample(sample),
				prompt: "={{ $fromAI('Prompt', 'What happens in the video', 'string') }}",
				downloadVideo: false,
			});
			equipAgent(json, 'Agent', openAiApi, tool);
			return await saveAndActivate(rest, json);
		}

		/** What the tool answered last. */
		const answer = () => (JSON.parse(model.toolAnswers.at(-1) ?? '[]') as IDataObject[])[0];

		it('the agent gets one in the editor, and a video when it is published', async () => {
			const { rest, n8n, ltx } = test;
			const path = randomUUID();
			const workflow = await agentWith('editor', path);
			await rest.endOf(await rest.runManually(workflow, 'Start'));
			expect(answer()).toMatchObject({ sample: true, estimated_cost_usd: 0.18 });
			expect(ltx.requests).toEqual([]);

			model.rounds = [[{ Prompt: 'Waves' }]];
			await postWebhook(n8n.url, path);
			await rest.endedExecutions(workflow.id, 2);
			expect(answer().id).toBe(ltx.jobs[0].id);
		});

		it('the agent gets one with Always, so that it can ask for a price', async () => {
			const { rest, n8n, ltx } = test;
			const path = randomUUID();
			const workflow = await agentWith('always', path);
			await postWebhook(n8n.url, path);
			await rest.endedExecutions(workflow.id);
			expect(answer()).toMatchObject({ sample: true, estimated_cost_usd: 0.18 });
			expect(ltx.requests).toEqual([]);
		});
	});

	describe('in the browser', () => {
		const browser = useEditor(test);

		it('comes from Execute step, and plays', async () => {
			const { rest, ltx } = test;
			const { editor } = browser;
			const { id, nodes } = await rest.createWorkflow(chain(manualTrigger(), video()));
			await editor.openPanel(id, nodes[1].id);
			await editor.executeStep();
			await rest.endedExecutions(id);
			await editor.showOutputAs('json');
			await eventually(async () => {
				expect(await editor.outputPanel().innerText()).toMatch(
					/1 sample instead of a video: nothing was sent or charged/,
				);
			});
			const facts = await editor.playVideo();
			expect(facts).toMatchObject({ durationSeconds: expect.closeTo(4, 1), width: 480 });
			expect(facts.error).toBeUndefined();
			expect(ltx.requests).toEqual([]);
		});

		it('comes from the chat of the editor', async () => {
			const { rest } = test;
			const { editor } = browser;
			const chat = node('Chat', '@n8n/n8n-nodes-langchain.chatTrigger', 1.1, { options: {} });
			const workflow = await rest.createWorkflow(
				chain({ ...chat, webhookId: randomUUID() }, video()),
			);
			await editor.openWorkflow(workflow.id);
			await editor.openChat();
			await editor.say('Waves');
			await expectSample(await onlyExecutionOf(workflow));
		});
	});
});
