import express from 'express';

import { listen, type Listening } from '../../tools/ltx-server/listen';

/**
 * Stands in for services that make images. Each answers with the one image, in its own shape; of
 * their requests it looks at nothing but the path.
 */
export class ImageMakers {
	/** Where the image is, for services that give an address. */
	readonly imageUrl = 'https://images.example.com/lighthouse.png';
	/** Calls that none of them knows; empty after a good test. */
	readonly violations: string[] = [];
	private listening?: Listening;

	constructor(private readonly image: Buffer) {}

	async start(): Promise<void> {
		const base64 = this.image.toString('base64');
		const app = express();
		app.use(express.json());
		app.post('/openai/images/generations', ({ body }, response) => {
			const { response_format } = body as { response_format?: string };
			const isUrl = response_format === 'url';
			response.json({ data: [isUrl ? { url: this.imageUrl } : { b64_json: base64 }] });
		});
		app.post('/openai/images/edits', (_request, response) => {
			response.json({ data: [{ b64_json: base64 }] });
		});
		app.post('/gemini/upload/v1beta/files', (_request, response) => {
			response.set('x-goog-upload-url', this.address('gemini/uploads')).json({});
		});
		app.post('/gemini/uploads', (_request, response) => {
			response.json({ file: { uri: 'files/1', mimeType: 'image/png', state: 'ACTIVE' } });
		});
		app.post('/gemini/v1beta/models/:call', ({ params: { call } }, response) => {
			const parts = [
				{ text: 'Here it is' },
				{ inlineData: { mimeType: 'image/png', data: base64 } },
			];
			response.json(
				call.endsWith(':predict')
					? { predictions: [{ mimeType: 'image/png', bytesBase64Encoded: base64 }] }
					: { candidates: [{ content: { parts } }] },
			);
		});
		app.post('/fal/{*model}', (_request, response) => {
			response.json({ images: [{ url: this.imageUrl, content_type: 'image/png' }], seed: 1 });
		});
		app.post('/replicate/{*model}', ({ path }, response) => {
			const output = path.includes('one-image') ? this.imageUrl : [this.imageUrl];
			response.status(201).json({ id: 'abc', status: 'succeeded', output });
		});
		app.post('/stability/{*model}', ({ headers: { accept } }, response) => {
			if (accept === 'application/json') response.json({ image: base64, finish_reason: 'SUCCESS' });
			else response.type('image/png').send(this.image);
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

	/** The address of one of them. */
	address(service: string): string {
		return `${this.listening?.url}/${service}`;
	}
}
