import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import express from 'express';
import type { IDataObject } from 'n8n-workflow';

interface ChatMessage {
	role: string;
	content: string | Array<{ type: string; text?: string }> | null;
}

interface ChatRequest {
	messages: ChatMessage[];
	tools?: Array<{ function: { name: string; parameters: IDataObject } }>;
	stream?: boolean;
}

/** Stands in for a chat model behind OpenAI's API: asks once for its tool, then says a last word. */
export class ChatModel {
	readonly requests: ChatRequest[] = [];
	private server?: Server;

	/**
	 * @param toolArguments what it calls the tool with
	 * @param lastWord what it says once the tool has answered
	 */
	constructor(
		private readonly toolArguments: IDataObject,
		private readonly lastWord: string,
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
		const server = createServer(app);
		this.server = server;
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
	}

	async stop(): Promise<void> {
		const { server } = this;
		server?.closeAllConnections();
		await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
	}

	/** What the tool answered, as the model got it. */
	get toolAnswers(): string[] {
		const messages = this.requests.at(-1)?.messages ?? [];
		return messages.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content));
	}

	private answer({ messages, tools }: ChatRequest) {
		const hasToolAnswer = messages.some(({ role }) => role === 'tool');
		const call = {
			id: 'call_1',
			type: 'function',
			function: {
				name: tools?.[0].function.name,
				arguments: JSON.stringify(this.toolArguments),
			},
		};
		const message = hasToolAnswer
			? { role: 'assistant', content: this.lastWord }
			: { role: 'assistant', content: null, tool_calls: [call] };
		return {
			id: 'chatcmpl-1',
			object: 'chat.completion',
			created: 1_700_000_000,
			model: 'stand-in',
			choices: [{ index: 0, message, finish_reason: hasToolAnswer ? 'stop' : 'tool_calls' }],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		};
	}
}

function textOf(content: ChatMessage['content']): string {
	if (typeof content === 'string') return content;
	return (content ?? []).map(({ text }) => text ?? '').join('');
}
