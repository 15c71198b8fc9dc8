import express, { type Request } from 'express';

import { listen, type Listening } from '../../tools/ltx-server/listen';

/** A video that was sent to a Telegram channel. */
export interface TelegramPost {
	channel: string;
	caption: string;
	fileName: string;
	mimeType: string;
	video: Buffer;
}

/** Stands in for OpenAI, as far as it makes images, and for Telegram's bots. */
export class PostServices {
	readonly imageRequests: unknown[] = [];
	/** Channels that were asked for before anything was posted. */
	readonly checkedChannels: string[] = [];
	readonly posts: TelegramPost[] = [];
	/** The addresses behind the buttons of each message that asks something. */
	readonly questions: string[][] = [];
	/** Whether Telegram says that it knows no such channel. */
	knowsNoChannel = false;
	/** Requests that neither service knows; empty after a good test. */
	readonly violations: string[] = [];
	private listening?: Listening;

	constructor(
		readonly openAiKey: string,
		readonly botToken: string,
		private readonly image: Buffer,
	) {}

	async start(): Promise<void> {
		const app = express();
		app.post('/v1/images/generations', express.json(), (request, response) => {
			if (request.headers.authorization !== `Bearer ${this.openAiKey}`) {
				response.status(401).json({ error: { message: 'Incorrect API key provided' } });
				return;
			}
			this.imageRequests.push(request.body);
			response.json({ created: 1, data: [{ b64_json: this.image.toString('base64') }] });
		});
		const bot = `/bot${this.botToken}`;
		app.post(`${bot}/getChat`, express.json(), (request, response) => {
			const { chat_id } = request.body as { chat_id: string };
			this.checkedChannels.push(chat_id);
			if (this.knowsNoChannel) {
				const description = 'Bad Request: chat not found';
				response.status(400).json({ ok: false, error_code: 400, description });
			} else {
				response.json({ ok: true, result: { id: -100, type: 'channel', title: 'Posts' } });
			}
		});
		app.post(`${bot}/sendMessage`, express.json(), (request, response) => {
			const { reply_markup } = request.body as {
				reply_markup: { inline_keyboard: Array<Array<{ url: string }>> };
			};
			this.questions.push(reply_markup.inline_keyboard.flat().map(({ url }) => url));
			response.json({ ok: true, result: { message_id: this.questions.length } });
		});
		const bytes = express.raw({ type: () => true, limit: '50mb' });
		app.post(`${bot}/sendVideo`, bytes, async (request, response) => {
			this.posts.push(await readPost(request));
			response.json({ ok: true, result: { message_id: this.posts.length } });
		});
		app.use((request, response) => {
			this.violations.push(`${request.method} ${request.path}`);
			response.sendStatus(404);
		});
		this.listening = await listen(app);
	}

	async stop(): Promise<void> {
		await this.listening?.stop();
	}

	get openAiApi() {
		return { apiKey: this.openAiKey, url: `${this.listening?.url}/v1` };
	}

	get telegramApi() {
		return { accessToken: this.botToken, baseUrl: this.listening?.url };
	}
}

async function readPost({ headers, body }: Request): Promise<TelegramPost> {
	const form = await new Response(new Uint8Array(body as Buffer), {
		headers: { 'Content-Type': String(headers['content-type']) },
	}).formData();
	const video = form.get('video') as File;
	return {
		channel: String(form.get('chat_id')),
		caption: String(form.get('caption')),
		fileName: video.name,
		mimeType: video.type,
		video: Buffer.from(await video.arrayBuffer()),
	};
}
