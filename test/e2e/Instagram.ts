import axios from 'axios';
import express, { type Request, type Response } from 'express';
import type { INode } from 'n8n-workflow';

import type { WorkflowJson } from '../../tools/engine/workflow';
import { withNodes } from '../../tools/n8n/examples';
import { listen, type Listening } from '../../tools/ltx-server/listen';

/** What Instagram calls a container: a video that it was handed, and may be asked to post. */
interface Container {
	id: string;
	mediaType: string;
	caption: string;
	video: Buffer;
	/** How often it is still seen as not ready. */
	looksUntilReady: number;
	status: 'IN_PROGRESS' | 'FINISHED' | 'ERROR' | 'PUBLISHED';
}

/** How a call to publish goes wrong, and whether the Reel is posted all the same. */
export interface PublishFault {
	posts: boolean;
	/** The words of Instagram's refusal; without them the connection is cut. */
	message?: string;
	/** It never answers. */
	silent?: boolean;
}

/**
 * Stands in for Instagram's API, as far as it posts Reels. Unlike Instagram, it posts a container
 * again whenever it is asked to: what is posted twice is seen in `posts`.
 */
export class Instagram {
	readonly account = '17840000000000001';
	readonly containers: Container[] = [];
	/** In their order. */
	readonly posts: Container[] = [];
	/** One for each coming call to publish a Reel that is ready. */
	readonly publishFaults: PublishFault[] = [];
	isAccountKnown = true;
	/** Whether it can read the videos that it is handed. */
	readsVideos = true;
	/** Calls that it does not know; empty after a good test. */
	readonly violations: string[] = [];
	/** What it was asked to publish, and does not know. */
	readonly refused: string[] = [];
	/** Method and path of each call that it let in. */
	readonly calls: string[] = [];
	private listening?: Listening;

	constructor(readonly token: string) {}

	async start(): Promise<void> {
		const app = express();
		app.use(express.json());
		app.use((request, response, next) => {
			if (request.headers.authorization === `Bearer ${this.token}`) {
				this.calls.push(`${request.method} ${request.path}`);
				next();
			} else {
				refuse(response, 'Invalid OAuth access token', 190);
			}
		});
		const account = `/v25.0/${this.account}`;
		app.get(account, (_request, response) => {
			if (this.isAccountKnown) response.json({ id: this.account, username: 'lighthouses' });
			else refuse(response, 'Object does not exist', 100);
		});
		app.post(`${account}/media`, async (request, response) => {
			const container = await this.fetchVideo(request);
			this.containers.push(container);
			response.json({ id: container.id });
		});
		app.post(`${account}/media_publish`, (request, response) => this.publish(request, response));
		app.get('/v25.0/:id', (request, response, next) => {
			const container = this.find(request.params.id);
			if (!container) next();
			else response.json(this.look(container));
		});
		app.use((request, response) => {
			this.violations.push(`${request.method} ${request.path}`);
			refuse(response, 'Unsupported request', 100);
		});
		this.listening = await listen(app);
	}

	async stop(): Promise<void> {
		await this.listening?.stop();
	}

	/** reel-from-an-image.json with the address and the account of this stand-in. */
	setUp(workflow: WorkflowJson): WorkflowJson {
		const values = { address: `${this.listening?.url}/v25.0`, account: this.account };
		const settings = workflow.nodes.find(({ name }) => name === 'Instagram') as INode;
		const assignments = Object.entries(values).map(([name, value]) => ({
			id: name,
			name,
			value,
			type: 'string',
		}));
		const parameters = { ...settings.parameters, assignments: { assignments } };
		return withNodes(workflow, { ...settings, parameters });
	}

	/** How often it was asked to publish. */
	get publishCalls(): number {
		return this.calls.filter((call) => call.endsWith('/media_publish')).length;
	}

	private find(id: unknown): Container | undefined {
		return this.containers.find((container) => container.id === id);
	}

	private async fetchVideo({ body }: Request): Promise<Container> {
		const { media_type, video_url, caption } = body as Record<string, string>;
		const { data } = await axios.get<ArrayBuffer>(video_url, { responseType: 'arraybuffer' });
		return {
			id: `1800000000000000${this.containers.length + 1}`,
			mediaType: media_type,
			caption,
			video: Buffer.from(data),
			looksUntilReady: 1,
			status: this.readsVideos ? 'IN_PROGRESS' : 'ERROR',
		};
	}

	private look(container: Container): object {
		if (container.status === 'IN_PROGRESS' && container.looksUntilReady-- === 0) {
			container.status = 'FINISHED';
		}
		const { id, status } = container;
		return { id, status_code: status, status: `${status}: in other words` };
	}

	private publish({ body }: Request, response: Response): void {
		const { creation_id } = body as { creation_id: string };
		const container = this.find(creation_id);
		if (!container) {
			this.refused.push(creation_id);
			refuse(response, 'The post does not exist', 100);
			return;
		}
		if (container.status !== 'FINISHED' && container.status !== 'PUBLISHED') {
			refuse(response, 'Media ID is not available', 9007);
			return;
		}
		const fault = this.publishFaults.shift();
		if (!fault || fault.posts) {
			container.status = 'PUBLISHED';
			this.posts.push(container);
		}
		if (fault?.silent) return;
		if (!fault) response.json({ id: `19${container.id}` });
		else if (fault.message === undefined) response.destroy();
		else refuse(response, fault.message, 4);
	}
}

function refuse(response: Response, message: string, code: number): void {
	response.status(400).json({ error: { message, type: 'OAuthException', code } });
}
