import type { INode } from 'n8n-workflow';

import { apiError } from '../ltx-server/faults';
import type { ExecutionDetails } from '../n8n/N8nClient';
import { RELEASES } from '../n8n/releases';
import { GOOD_REQUEST } from '../support/runNode';
import { ChatModel } from './support/ChatModel';
import { useN8n } from './support/useN8n';
import {
	ANSWER_JSON,
	chain,
	node,
	postWebhook,
	QUICK_OPTIONS,
	saveAndActivate,
	webhook,
} from './support/workflows';

const LAST_WORD = 'Your video is ready.';
const TOOL_ARGUMENTS = { Prompt: 'Waves at dusk', Duration: 8 };

describe.each(RELEASES)('An AI agent of n8n $version', (release) => {
	const test = useN8n(release);
	let model: ChatModel;
	let modelUrl: string;

	beforeEach(async () => {
		model = new ChatModel(TOOL_ARGUMENTS, LAST_WORD);
		modelUrl = await model.start();
	});
	afterEach(async () => await model.stop());

	/** Lets an agent run that has LTX Video as its only tool. */
	async function runAgent(
		path: string,
		agentVersion: number,
		toolSettings: Partial<INode> = {},
	): Promise<{ answer: string; execution: ExecutionDetails }> {
		const { rest, n8n, ltxApi } = test;
		const openAiApi = await rest.createCredential('Chat model', 'openAiApi', {
			apiKey: 'none',
			url: modelUrl,
		});
		const workflow = chain(
			webhook(path, ANSWER_JSON),
			node('Agent', '@n8n/n8n-nodes-langchain.agent', agentVersion, {
				promptType: 'define',
				text: 'Make a video of waves',
				options: { enableStreaming: false },
			}),
		);
		workflow.nodes.push(
			node(
				'Chat Model',
				'@n8n/n8n-nodes-langchain.lmChatOpenAi',
				1.2,
				{ model: { mode: 'id', value: 'stand-in' }, options: {} },
				{ credentials: { openAiApi } },
			),
			node(
				'LTX Video',
				'n8n-nodes-ltx-video.ltxVideoTool',
				1,
				{
					...GOOD_REQUEST,
					prompt: "={{ $fromAI('Prompt', 'What happens in the video', 'string') }}",
					duration: "={{ $fromAI('Duration', 'Seconds', 'number') }}",
					downloadVideo: false,
					options: QUICK_OPTIONS,
				},
				{ credentials: { ltxApi }, ...toolSettings },
			),
		);
		workflow.connections['Chat Model'] = {
			ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]],
		};
		workflow.connections['LTX Video'] = {
			ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]],
		};
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
		const [job] = JSON.parse(toolAnswer) as Array<{ id: string }>;
		expect(job).toMatchObject({
			id: test.ltx.jobs[0].id,
			status: 'completed',
			video_url: expect.stringMatching(/\.mp4/),
		});
	}

	// From version 3 on the agent does not call its tools itself: n8n's engine runs them as nodes.
	it.each([2.2, 3])('makes a video with the agent node %s', async (agentVersion) => {
		const run = await runAgent(`agent-${agentVersion}`, agentVersion);
		expectOneVideo(run);
		expect(model.requests[0].tools?.[0].function.parameters).toMatchObject({
			properties: { Prompt: { type: 'string' }, Duration: { type: 'number' } },
		});
	});

	it.each([2.2, 3])('pays once when a try of agent node %s failed', async (agentVersion) => {
		test.ltx.fail('poll', apiError('permission_error'));
		const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
		expectOneVideo(await runAgent(`retry-${agentVersion}`, agentVersion, retry));
	});
});
