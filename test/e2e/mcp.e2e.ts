import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { IDataObject } from 'n8n-workflow';

import { silence } from '../../tools/ltx-server/faults';
import { exampleWorkflow, withCredentials } from '../../tools/n8n/examples';
import type { SavedWorkflow } from '../../tools/n8n/N8nClient';
import { N8N_2, RELEASES } from '../../tools/n8n/releases';
import { until } from '../../tools/until';
import { useN8n } from './useN8n';

const TOKEN = 'a-long-random-text';
const WATCHED = { prompt: 'A lighthouse at night, waves roll in', seconds: 6 };

/** How long the assistant of these tests waits before it gives up; others wait for a minute. */
const PATIENCE_MS = 3_000;

describe.each(RELEASES)('mcp-video-server.json in n8n $version', (release) => {
	const test = useN8n(release);
	let workflow: SavedWorkflow;
	let assistants: Client[];

	beforeAll(async () => {
		const { rest, ltxApi } = test;
		const httpBearerAuth = await rest.createCredential('Password', 'httpBearerAuth', {
			token: TOKEN,
		});
		const example = exampleWorkflow('mcp-video-server.json', ltxApi);
		workflow = await rest.createWorkflow(
			withCredentials(example, '@n8n/n8n-nodes-langchain.mcpTrigger', { httpBearerAuth }),
		);
		await rest.activate(workflow);
	});

	beforeEach(() => {
		assistants = [];
	});
	afterEach(async () => {
		await Promise.all(assistants.map(async (assistant) => await assistant.close()));
	});

	/** An assistant that sends these headers. */
	async function connect(headers: Record<string, string>): Promise<Client> {
		const assistant = new Client({ name: 'assistant', version: '1.0.0' });
		const address = new URL(`${test.n8n.url}/mcp/ltx-video`);
		await assistant.connect(
			new StreamableHTTPClientTransport(address, { requestInit: { headers } }),
		);
		assistants.push(assistant);
		return assistant;
	}

	const signIn = async () => await connect({ Authorization: `Bearer ${TOKEN}` });

	/** What a tool says. */
	async function call(assistant: Client, name: string, args: IDataObject): Promise<string> {
		const request = { name, arguments: args };
		const answer = await assistant.callTool(request, undefined, { timeout: PATIENCE_MS });
		const [content] = (answer as CallToolResult).content;
		if (content.type !== 'text') throw new Error(`${name} answered with ${content.type}`);
		return content.text;
	}

	/** The job that a tool gives. */
	async function jobOf(assistant: Client, name: string, args: IDataObject): Promise<IDataObject> {
		const [job] = JSON.parse(await call(assistant, name, args)) as IDataObject[];
		return job;
	}

	it('lists its tools with the fields that the assistant fills in, and with what to know', async () => {
		const assistant = await signIn();
		const { tools } = await assistant.listTools();
		const fields = tools.map(({ name, inputSchema: { properties, required } }) => [
			name,
			Object.keys(properties ?? {}),
			required,
		]);
		expect(fields.sort()).toEqual([
			['Look_at_video', ['job_id'], ['job_id']],
			['Start_video', ['prompt', 'seconds'], ['prompt', 'seconds']],
			['What_would_it_cost', ['seconds'], ['seconds']],
		]);
		const start = tools.find(({ name }) => name === 'Start_video');
		expect(start?.description).toContain('Every call costs money');
		// n8n 1 has no instructions to send.
		const instructions = release === N8N_2 ? /Start video costs money/ : /^$/;
		expect(assistant.getInstructions() ?? '').toMatch(instructions);
	});

	it('begins a video at once, and finds it by its ID when it is done', async () => {
		const { ltx } = test;
		ltx.jobMs = 600_000;
		const assistant = await signIn();
		const { id, status } = await jobOf(assistant, 'Start_video', WATCHED);
		expect([id, status]).toEqual([ltx.jobs[0].id, 'pending']);
		expect(ltx.jobs[0].body).toMatchObject({ prompt: WATCHED.prompt, duration: 6 });
		expect(await jobOf(assistant, 'Look_at_video', { job_id: id })).toMatchObject({
			id,
			status: 'pending',
		});
		ltx.jobMs = 0;
		expect(await jobOf(assistant, 'Look_at_video', { job_id: id })).toMatchObject({
			status: 'completed',
			video_url: expect.stringMatching(/\.mp4/),
		});
		expect(ltx.count('submit')).toBe(1);
	});

	it('keeps the video of an assistant that gives up, for whoever knows its ID', async () => {
		const { ltx } = test;
		const assistant = await signIn();
		const { id } = await jobOf(assistant, 'Start_video', WATCHED);
		ltx.fail('poll', silence);
		await expect(call(assistant, 'Look_at_video', { job_id: id })).rejects.toThrow('timed out');
		await assistant.close();
		expect(await jobOf(await signIn(), 'Look_at_video', { job_id: id })).toMatchObject({
			id,
			status: 'completed',
		});
		expect(ltx.count('submit')).toBe(1);
	});

	it('makes one video for each call, also at the same time', async () => {
		const assistant = await signIn();
		const prompts = ['Waves', 'Gulls', 'The moon'];
		const jobs = await Promise.all(
			prompts.map(async (prompt) => await jobOf(assistant, 'Start_video', { prompt, seconds: 6 })),
		);
		const { ltx } = test;
		expect(jobs.map(({ id }) => ltx.jobs.find((job) => job.id === id)?.body.prompt)).toEqual(
			prompts,
		);
		expect(ltx.jobs).toHaveLength(3);
	});

	it('says what a video would cost, and sends nothing', async () => {
		const assistant = await signIn();
		expect(await jobOf(assistant, 'What_would_it_cost', { seconds: 8 })).toMatchObject({
			estimated_cost_usd: 0.24,
			sample: true,
		});
		expect(test.ltx.requests).toEqual([]);
	});

	it('refuses a video that is dearer than Max Cost, and says why', async () => {
		const assistant = await signIn();
		const answer = await call(assistant, 'Start_video', { ...WATCHED, seconds: 20 });
		expect(answer).toMatch(/USD 0\.60, which is more than Max Cost/);
		expect(test.ltx.requests).toEqual([]);
	});

	it.each([
		['without a password', {}],
		['with another one', { Authorization: 'Bearer of-somebody-else' }],
	])('lets nobody in %s, who then can pay for nothing', async (_who, headers) => {
		await expect(connect(headers)).rejects.toThrow('Authorization data is wrong');
		// Nor somebody who knows the session of an assistant that was let in.
		const { transport } = await signIn();
		const { status } = await fetch(`${test.n8n.url}/mcp/ltx-video`, {
			method: 'POST',
			headers: {
				...headers,
				Accept: 'application/json, text/event-stream',
				'Content-Type': 'application/json',
				'Mcp-Session-Id': String(transport?.sessionId),
			},
			body: JSON.stringify({
				jsonrpc: '2.0',
				id: 1,
				method: 'tools/call',
				params: { name: 'Start_video', arguments: WATCHED },
			}),
		});
		expect([status, test.ltx.requests]).toEqual([403, []]);
	});

	it('shows the job ID of each call in the list of executions', async () => {
		const { rest } = test;
		const { id } = await jobOf(await signIn(), 'Start_video', WATCHED);
		// n8n answers first and saves then.
		await until(async () => {
			const executions = await rest.executions(workflow.id);
			const all = await Promise.all(
				executions.map(async (entry) => await rest.execution(entry.id)),
			);
			return all.some(({ customData }) => customData?.ltx_job_ids === id);
		});
	});
});
