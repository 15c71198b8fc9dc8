import type { IDataObject, INode } from 'n8n-workflow';

import { chain, node } from '../../tools/engine/workflow';
import { apiError } from '../../tools/ltx-server/faults';
import { exampleWorkflow, withNodes } from '../../tools/n8n/examples';
import type { CredentialReference, ExecutionDetails } from '../../tools/n8n/N8nClient';
import { RELEASES } from '../../tools/n8n/releases';
import {
	ANSWER_JSON,
	ltxVideo,
	postWebhook,
	saveAndActivate,
	webhook,
} from '../../tools/n8n/workflows';
import { ChatModel, equipAgent } from './ChatModel';
import { useN8n } from './useN8n';

const LAST_WORD = 'Your video is ready.';
const TOOL_ARGUMENTS = { Prompt: 'Waves at dusk', Duration: 8 };

describe.each(RELEASES)('An AI agent of n8n $version', (release) => {
	const test = useN8n(release);
	let model: ChatModel;
	let modelUrl: string;

	async function startModel(rounds: IDataObject[][]): Promise<void> {
		model = new ChatModel(rounds, LAST_WORD);
		modelUrl = await model.start();
	}
	afterEach(async () => await model.stop());

	async function createModelCredential(): Promise<CredentialReference> {
		const data = { apiKey: 'none', url: modelUrl };
		return await test.rest.createCredential('Chat model', 'openAiApi', data);
	}

	/** Lets an agent run that has LTX Video as its only tool. */
	async function runAgent(
		path: string,
		agentVersion: number,
		toolSettings: Partial<INode> = {},
	): Promise<{ answer: string; execution: ExecutionDetails }> {
		const { rest, n8n, ltxApi } = test;
		const openAiApi = await createModelCredential();
		const workflow = chain(
			webhook(path, ANSWER_JSON),
			node('Agent', '@n8n/n8n-nodes-langchain.agent', agentVersion, {
				promptType: 'define',
				text: 'Make a video of waves',
				options: { enableStreaming: false },
			}),
		);
		const tool = ltxVideo(
			ltxApi,
			{
				prompt: "={{ $fromAI('Prompt', 'What happens in the video', 'string') }}",
				duration: "={{ $fromAI('Duration', 'Seconds', 'number') }}",
				downloadVideo: false,
			},
			toolSettings,
		);
		equipAgent(workflow, 'Agent', openAiApi, tool);
		const saved = await saveAndActivate(rest, workflow);
		const answer = await postWebhook(n8n.url, path);
		const [{ id }] = await rest.endedExecutions(saved.id);
		return { answer: answer.toString(), execution: await rest.execution(id) };
	}

	function expectOneVideo({ answer, execution }: Awaited<ReturnType<typeof runAgent>>): void {
		expect(execution.status).toBe('success');
		expect(JSON.parse(answer)).toEqual({ output: LAST_WORD });
		expect(test.ltx.jobs.map(({ body }) => [body.prompt, body.duration])).toEqual([
			[TOOL_ARGUMENTS.Prompt, TOOL_ARGUMENTS.Duration],
		]);
		const [toolAnswer] = model.toolAnswers;
		expect(jobIn(toolAnswer)).toMatchObject({
			id: test.ltx.jobs[0].id,
			status: 'completed',
			video_url: expect.stringMatching(/\.mp4/),
		});
	}

	it('makes a video in the example with a chat', async () => {
		const { rest, n8n, ltx, ltxApi } = test;
		const address = 'https://images.example.com/lighthouse.png';
		await startModel([[{ image_url: address, prompt: 'Waves at dusk' }]]);
		const openAiApi = await createModelCredential();
		const example = exampleWorkflow('agent-tool.json', ltxApi);
		const chatModel = example.nodes.find(({ name }) => name === 'OpenAI Chat Model') as INode;
		// What n8n's chat gives to the workflow, after a webhook in its place.
		const chat = node('Chat', 'n8n-nodes-base.set', 3.4, {
			mode: 'raw',
			jsonOutput: JSON.stringify({ chatInput: `Make a video of ${address}` }),
			options: {},
		});
		const workflow = withNodes(example, chat, { ...chatModel, credentials: { openAiApi } });
		workflow.nodes.push(webhook('chat', ANSWER_JSON));
		workflow.connections.Webhook = { main: [[{ node: 'Chat', type: 'main', index: 0 }]] };
		await saveAndActivate(rest, workflow);

		const answer = (await postWebhook(n8n.url, 'chat')).toString();
		expect(JSON.parse(answer)).toEqual({ output: LAST_WORD });
		expect(ltx.jobs.map(({ body }) => [body.image_uri, body.prompt])).toEqual([
			[address, 'Waves at dusk'],
		]);
		expect(jobIn(model.toolAnswers[0])).toMatchObject({ status: 'completed' });
	});

	// From version 3 on the agent does not call its tools itself: n8n's engine runs them as nodes.
	it.each([2.2, 3])('makes a video with the agent node %s', async (agentVersion) => {
		await startModel([[TOOL_ARGUMENTS]]);
		const run = await runAgent(`agent-${agentVersion}`, agentVersion);
		expectOneVideo(run);
		expect(model.requests[0].tools?.[0].function.parameters).toMatchObject({
			properties: { Prompt: { type: 'string' }, Duration: { type: 'number' } },
		});
	});

	it.each([2.2, 3])('pays once when a try of agent node %s failed', async (agentVersion) => {
		await startModel([[TOOL_ARGUMENTS]]);
		test.ltx.fail('poll', apiError('permission_error'));
		const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
		expectOneVideo(await runAgent(`retry-${agentVersion}`, agentVersion, retry));
	});

	it.each([2.2, 3])('makes one video for each call of agent node %s', async (agentVersion) => {
		const prompts = ['Waves', 'Gulls', 'The moon'];
		const [first, second, third] = prompts.map((Prompt) => ({ Prompt, Duration: 6 }));
		await startModel([[first, second], [third]]);
		const { execution } = await runAgent(`calls-${agentVersion}`, agentVersion);
		expect(execution.status).toBe('success');
		expect(test.ltx.jobs.map(({ body }) => body.prompt).sort()).toEqual([...prompts].sort());
		const idOf = (wanted: string) => test.ltx.jobs.find(({ body }) => body.prompt === wanted)?.id;
		expect(model.toolAnswers.map((answer) => jobIn(answer).id)).toEqual(prompts.map(idOf));
	});
});

/** The job in what the tool answered. */
function jobIn(toolAnswer: string): { id: string } {
	const [job] = JSON.parse(toolAnswer) as Array<{ id: string }>;
	return job;
}
