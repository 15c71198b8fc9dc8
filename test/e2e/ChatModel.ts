import express from 'express';
import type { IDataObject, INode } from 'n8n-workflow';

import { node, type WorkflowJson } from '../../tools/engine/workflow';
import { listen, type Listening } from '../../tools/ltx-server/listen';
import type { CredentialReference } from '../../tools/n8n/N8nClient';

export interface ChatMessage {
	role: string;
	content: string | Array<{ type: string; text?: string }> | null;
}

interface ChatRequest {
	messages: ChatMessage[];
	tools?: Array<{ function: { name: string; parameters: IDataObject } }>;
	stream?: boolean;
}

/**
 * Stands in for a chat model behind OpenAI's API: calls its tool as it was told, round by round, and
 * then says a last word.
 */
export class ChatModel {
	readonly requests: ChatRequest[] = [];
	private listening?: Listening;

	/**
	 * @param rounds the arguments of the calls that it makes at the same time, round by round
	 * @param lastWord what it says when all calls were answered
	 * @param tool which of its tools it calls; default: the first one
	 */
	constructor(
		public rounds: IDataObject[][],
		public lastWord: string | ((toolAnswers: string[]) => string),
		public tool?: string,
	) {}

	/** Gives the base URL. */
	async start(): Promise<string> {
		const app = express();
		app.use(express.json({ limit: '10mb' }));
		app.post('/v1/chat/completions', (request, response) => {
			const body = request.body as ChatRequest;
			this.requests.push(body);
			if (body.stream) response.status(400).json({ error: { message: 'no streams here' } });
			else response.json(this.answer(body));
		});
		this.listening = await listen(app);
		return `${this.listening.url}/v1`;
	}

	async stop(): Promise<void> {
		await this.listening?.stop();
	}

	/** What the tool answered, as the model got it. */
	get toolAnswers(): string[] {
		const messages = this.requests.at(-1)?.messages ?? [];
		return messages.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content));
	}

	private sayLastWord(): string {
		return typeof this.lastWord === 'string' ? this.lastWord : this.lastWord(this.toolAnswers);
	}

	private answer({ messages, tools }: ChatRequest) {
		const answered = messages.filter(({ role }) => role === 'tool').length;
		const madeAfter = this.rounds.map((_calls, index) => this.rounds.slice(0, index).flat().length);
		const calls = this.rounds[madeAfter.indexOf(answered)];
		const toolCalls = calls?.map((toolArguments, index) => ({
			id: `call_${answered + index}`,
			type: 'function',
			function: {
				name: this.tool ?? tools?.[0].function.name,
				arguments: JSON.stringify(toolArguments),
			},
		}));
		const message = toolCalls
			? { role: 'assistant', content: null, tool_calls: toolCalls }
			: { role: 'assistant', content: this.sayLastWord() };
		return {
			id: 'chatcmpl-1',
			object: 'chat.completion',
			created: 1_700_000_000,
			model: 'stand-in',
			choices: [{ index: 0, message, finish_reason: toolCalls ? 'tool_calls' : 'stop' }],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		};
	}
}

function textOf(content: ChatMessage['content']): string {
	if (typeof content === 'string') return content;
	return (content ?? []).map(({ text }) => text ?? '').join('');
}

/**
 * Gives the agent of a workflow a chat model and its only tool.
 *
 * @param agent its node
 * @param openAiApi the credential that leads to the model
 * @param ltxVideo the LTX Video node that becomes the tool
 */
export function equipAgent(
	{ nodes, connections }: WorkflowJson,
	agent: string,
	openAiApi: CredentialReference,
	ltxVideo: INode,
): void {
	const model = node(
		'Chat Model',
		'@n8n/n8n-nodes-langchain.lmChatOpenAi',
		1.2,
		{ model: { mode: 'id', value: 'stand-in' }, options: {} },
		{ credentials: { openAiApi } },
	);
	nodes.push(model, { ...ltxVideo, type: `${ltxVideo.type}Tool` });
	const connect = (from: INode, type: 'ai_languageModel' | 'ai_tool') => {
		connections[from.name] = { [type]: [[{ node: agent, type, index: 0 }]] };
	};
	connect(model, 'ai_languageModel');
	connect(ltxVideo, 'ai_tool');
}
