import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import express from 'express';

export interface WebServices {
	url: string;
	/** Bodies of `POST /generate`, each of which was answered with the image. */
	imageRequests: unknown[];
	/** Forms that came to `POST /posts`. */
	posts: FormData[];
	stop(): void;
}

/** Stands in for a service that makes images and for one that publishes videos. */
export async function startWebServices(image: Buffer): Promise<WebServices> {
	const imageRequests: unknown[] = [];
	const posts: FormData[] = [];
	const app = express();
	app.post('/generate', express.json(), (request, response) => {
		imageRequests.push(request.body);
		response.type('png').send(image);
	});
	const bytes = express.raw({ type: () => true, limit: '10mb' });
	app.post('/posts', bytes, async (request, response) => {
		const headers = { 'Content-Type': String(request.headers['content-type']) };
		const form = new Response(new Uint8Array(request.body as Buffer), { headers });
		posts.push(await form.formData());
		response.json({ ok: true });
	});
	const server = createServer(app);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return { url, imageRequests, posts, stop: () => server.close() };
}
