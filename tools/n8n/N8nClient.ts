import { randomUUID } from 'node:crypto';

import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import type { IDataObject, INodeTypeDescription, IRunExecutionData } from 'n8n-workflow';

import type { WorkflowJson } from '../engine/workflow';
import { until } from '../until';

export interface SavedWorkflow extends WorkflowJson {
	id: string;
	versionId: string;
	active: boolean;
}

export interface CredentialReference {
	id: string;
	name: string;
}

/** A row of n8n's list of executions. */
export interface ExecutionSummary {
	id: string;
	workflowId: string;
	mode: string;
	status: string;
	startedAt: string;
	stoppedAt?: string;
}

export interface ExecutionDetails extends ExecutionSummary {
	data: IRunExecutionData;
	/** What nodes noted about the execution, saved at its end. */
	customData: Record<string, string>;
}

/** The account that owns every n8n that is started here. */
export const OWNER = {
	email: 'owner@example.com',
	password: 'LtxVideo-1',
	firstName: 'Olive',
	lastName: 'Owner',
};

const ENDED = new Set(['success', 'error', 'crashed', 'canceled']);
const POLL_MS = 200;

/** n8n's own REST API, as its editor uses it. Every answer but 2xx throws, with n8n's words. */
export class N8nClient {
	private readonly http: AxiosInstance;
	private cookie = '';

	/**
	 * @param url where n8n answers
	 * @param isVersion1 n8n 1 publishes at once, and wants the whole workflow when it is run by hand
	 */
	constructor(
		private readonly url: string,
		private readonly isVersion1: boolean,
	) {
		this.http = axios.create({
			baseURL: url,
			// n8n ties a login to the browser that made it.
			headers: { 'browser-id': randomUUID() },
			maxBodyLength: Infinity,
			validateStatus: () => true,
		});
	}

	/** Makes the owner account of a fresh n8n, and signs in. */
	async setUpOwner(): Promise<void> {
		await this.request({ method: 'POST', url: '/rest/owner/setup', data: OWNER });
		await this.signIn();
	}

	async signIn(): Promise<void> {
		const { email, password } = OWNER;
		const data = { emailOrLdapLoginId: email, password };
		await this.request({ method: 'POST', url: '/rest/login', data });
	}

	async createCredential(
		name: string,
		type: string,
		data: IDataObject,
	): Promise<CredentialReference> {
		const { id } = await this.rest<CredentialReference>('POST', '/credentials', {
			name,
			type,
			data,
		});
		return { id, name };
	}

	/** n8n's credential test. */
	async testCredential(
		credential: CredentialReference,
		type: string,
		data: IDataObject,
	): Promise<{ status: string; message: string }> {
		return await this.rest('POST', '/credentials/test', {
			credentials: { ...credential, type, data },
		});
	}

	async createWorkflow(workflow: WorkflowJson): Promise<SavedWorkflow> {
		return await this.rest('POST', '/workflows', {
			name: 'Test',
			active: false,
			...workflow,
			settings: { executionOrder: 'v1', ...workflow.settings },
		});
	}

	/** Saves a workflow that was edited; in n8n 2 that does not publish it. */
	async saveWorkflow({
		id,
		versionId,
		nodes,
		connections,
		settings,
	}: SavedWorkflow): Promise<void> {
		await this.rest('PATCH', `/workflows/${id}`, { versionId, nodes, connections, settings });
	}

	async workflow(id: string): Promise<SavedWorkflow> {
		return await this.rest('GET', `/workflows/${id}`);
	}

	/** Lets the triggers of a workflow listen, which n8n 2 calls publishing, and waits until they do. */
	async activate({ id, versionId }: SavedWorkflow): Promise<void> {
		await this.rest('POST', `/workflows/${id}/activate`, { versionId });
		if (this.isVersion1) return;
		// n8n 2 answers first and publishes then.
		await until(async () => {
			const publication = await this.rest<{ status: string }>(
				'GET',
				`/workflows/${id}/publication-status`,
			);
			if (publication.status === 'failed' || publication.status === 'partial') {
				throw new Error(`Workflow ${id} was not published: ${JSON.stringify(publication)}`);
			}
			return publication.status === 'published';
		}, POLL_MS);
	}

	async deactivate({ id }: SavedWorkflow): Promise<void> {
		await this.rest('POST', `/workflows/${id}/deactivate`, {});
	}

	/** Starts a workflow at one of its triggers, as the editor's button does; gives the execution's ID. */
	async runManually(workflow: SavedWorkflow, trigger: string): Promise<string> {
		const { executionId } = await this.rest<{ executionId: string }>(
			'POST',
			`/workflows/${workflow.id}/run`,
			{
				triggerToStartFrom: { name: trigger },
				...(this.isVersion1 && { workflowData: workflow }),
			},
		);
		return executionId;
	}

	/** The newest executions, newest first. */
	async executions(workflowId?: string, limit = 250): Promise<ExecutionSummary[]> {
		const filter = JSON.stringify(workflowId === undefined ? {} : { workflowId });
		const { results } = await this.rest<{ results: ExecutionSummary[] }>(
			'GET',
			`/executions?limit=${limit}&filter=${encodeURIComponent(filter)}`,
		);
		return results;
	}

	async execution(id: string): Promise<ExecutionDetails> {
		const details = await this.rest<Omit<ExecutionDetails, 'data'> & { data: string }>(
			'GET',
			`/executions/${id}`,
		);
		// Its types are those of an ES module, which only import() may load here.
		const { parse } = await import('flatted');
		return { ...details, data: parse(details.data) as IRunExecutionData };
	}

	/** Waits until an execution is over, in whatever way. */
	async endOf(executionId: string): Promise<ExecutionDetails> {
		let status = '';
		return await until(
			async () => {
				const execution = await this.execution(executionId);
				status = execution.status;
				return ENDED.has(status) && execution;
			},
			POLL_MS,
			() => `the end of execution ${executionId}, which is ${status}`,
		);
	}

	/** Waits until a workflow has as many executions that are over. */
	async endedExecutions(workflowId: string, count = 1): Promise<ExecutionSummary[]> {
		let all: ExecutionSummary[] = [];
		return await until(
			async () => {
				all = await this.executions(workflowId);
				const ended = all.filter(({ status }) => ENDED.has(status));
				return ended.length >= count && ended;
			},
			POLL_MS,
			() => {
				const statuses = all.map(({ id, status }) => `${id} ${status}`).join(', ');
				return `the end of ${count} executions of workflow ${workflowId}, which has ${statuses}`;
			},
		);
	}

	/**
	 * Presses Retry in the list of executions, and waits until the new execution is over.
	 * @param loadWorkflow with the workflow as it is saved now, not as it was then
	 * @throws with n8n's words if it refuses, as it does for an execution that succeeded
	 */
	async retryExecution(
		id: string,
		{ loadWorkflow = false }: { loadWorkflow?: boolean } = {},
	): Promise<ExecutionDetails> {
		const retried = await this.rest<{ id: string }>('POST', `/executions/${id}/retry`, {
			loadWorkflow,
		});
		return await this.endOf(retried.id);
	}

	async stopExecution(id: string): Promise<void> {
		await this.rest('POST', `/executions/${id}/stop`);
	}

	/** A file of n8n's binary data, by the `id` in an item's binary field. */
	async file(binaryId: string): Promise<Buffer> {
		const { data } = await this.request({
			url: '/rest/binary-data',
			params: { id: binaryId, action: 'download' },
			responseType: 'arraybuffer',
		});
		return Buffer.from(data as ArrayBuffer);
	}

	async nodeTypes(): Promise<INodeTypeDescription[]> {
		return (await this.request({ url: '/types/nodes.json' })).data as INodeTypeDescription[];
	}

	async credentialTypes(): Promise<Array<{ name: string; displayName: string }>> {
		const { data } = await this.request({ url: '/types/credentials.json' });
		return data as Array<{ name: string; displayName: string }>;
	}

	/** Any other call: `path` is below `/rest`. Gives what n8n wraps in `data`. */
	async rest<T>(method: string, path: string, data?: unknown): Promise<T> {
		const answer = await this.request({ method, url: `/rest${path}`, data });
		return (answer.data as { data: T }).data;
	}

	private async request(config: AxiosRequestConfig) {
		const answer = await this.http.request({ ...config, headers: { Cookie: this.cookie } });
		if (answer.status < 200 || answer.status > 299) {
			const { method = 'GET', url } = config;
			const words = Buffer.isBuffer(answer.data) ? '' : JSON.stringify(answer.data);
			throw new Error(`${this.url}: ${method} ${url} answered ${answer.status} ${words}`);
		}
		const login = answer.headers['set-cookie']?.find((cookie) => cookie.startsWith('n8n-auth='));
		if (login) this.cookie = login.split(';')[0];
		return answer;
	}
}
