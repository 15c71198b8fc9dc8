import express from 'express';

import { listen, type Listening } from '../../tools/ltx-server/listen';

export interface WebServices extends Listening {
	/** Bodies of `POST /generate`, each of which was answered with the image. */
	imageRequests: unknown[];
	/** Forms that came to `POST /posts`. */
	posts: FormData[];
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
	return { ...(await listen(app)), imageRequests, posts };
}
