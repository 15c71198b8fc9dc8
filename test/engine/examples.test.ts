import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	NodeHelpers,
	Workflow,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type IRun,
} from 'n8n-workflow';

import { ENDPOINTS } from '../../nodes/LtxVideo/endpoints';
import { Engine, type WorkflowJson } from '../../tools/engine/engine';
import { REPOSITORY } from '../../tools/engine/paths';
import { apiError } from '../../tools/ltx-server/faults';
import { LtxServer } from '../../tools/ltx-server/LtxServer';
import { readMp4 } from '../../tools/samples/readMp4';
import { PNG } from '../../tools/samples/samples';
import { expectNoLeak } from './useLtx';
import { startWebServices, type WebServices } from './webServices';

const FOLDER = join(REPOSITORY, 'examples');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

function textOf(file: string): string {
	return readFileSync(join(FOLDER, file), 'utf8');
}

function load(file: string): WorkflowJson {
	return JSON.parse(textOf(file)) as WorkflowJson;
}

let engine: Engine;
beforeAll(async () => {
	engine = await Engine.start();
});

const LTX = 'n8n-nodes-ltx-video.ltxVideo';
/** The twin of the node that n8n makes for agents, and the two parameters that n8n gives it. */
const LTX_TOOL = `${LTX}Tool`;
const TOOL_PARAMETERS = ['descriptionType', 'toolDescription'];
const STICKY = 'n8n-nodes-base.stickyNote';

/**
 * Nodes of n8n's package for language models, which is too large to be a development dependency:
 * only their names and versions are checked here, and agent-tool.json is not run.
 */
const LANGCHAIN = ['agent', 'chatTrigger', 'lmChatOpenAi'].map(
	(name) => `@n8n/n8n-nodes-langchain.${name}`,
);

/** The newest version of each node in n8n 1.123, the oldest n8n that must open the examples. */
const NEWEST_IN_1_123: Record<string, number> = {
	[LTX]: 1,
	[LTX_TOOL]: 1,
	[STICKY]: 1,
	'@n8n/n8n-nodes-langchain.agent': 3,
	'@n8n/n8n-nodes-langchain.chatTrigger': 1.4,
	'@n8n/n8n-nodes-langchain.lmChatOpenAi': 1.3,
	'n8n-nodes-base.formTrigger': 2.3,
	'n8n-nodes-base.httpRequest': 4.3,
	'n8n-nodes-base.manualTrigger': 1,
	'n8n-nodes-base.noOp': 1,
	'n8n-nodes-base.scheduleTrigger': 1.3,
	'n8n-nodes-base.set': 3.4,
	'n8n-nodes-base.splitOut': 1,
	'n8n-nodes-base.switch': 3.4,
	'n8n-nodes-base.wait': 1.1,
};

/** What notes also set in bold: headings, and words of n8n's own editor. */
const N8N_WORDS = [
	'A list from a table',
	'Before the first run',
	'Execute workflow',
	'Max Iterations',
	'On Error: Continue (using error output)',
	'Retry On Fail',
	'What to change',
];

function isLtx({ type }: INode): boolean {
	return type === LTX || type === LTX_TOOL;
}

function describeNode({ type, typeVersion }: INode) {
	const name = type === LTX_TOOL ? LTX : type;
	return engine.nodeTypes.getByNameAndVersion(name, typeVersion).description;
}

function ownParameters({ type, parameters }: INode): INodeParameters {
	const isOwn = ([name]: [string, unknown]) => type !== LTX_TOOL || !TOOL_PARAMETERS.includes(name);
	return Object.fromEntries(Object.entries(parameters).filter(isOwn));
}

/** What the canvas covers with a node and its name, or with a note. */
function boxOf({ type, position: [x, y], parameters: { width, height } }: INode) {
	return type === STICKY
		? { left: x, top: y, right: x + Number(width), bottom: y + Number(height) }
		: { left: x - 30, top: y, right: x + 126, bottom: y + 140 };
}

describe.each(FILES)('%s', (file) => {
	const { nodes, connections, name, settings, pinData, ...others } = load(file);
	const notes = nodes.filter(({ type }) => type === STICKY);
	const workers = nodes.filter(({ type }) => type !== STICKY);
	const contents = notes.map(({ parameters }) => String(parameters.content));
	const known = workers.filter(({ type }) => !LANGCHAIN.includes(type));

	it('is a workflow with a title, and with nothing of the n8n it was made in', () => {
		expect(name).toMatch(/^[A-Z].{8,}$/);
		expect(settings).toEqual({ executionOrder: 'v1' });
		expect(pinData).toBeUndefined();
		expect(others).toEqual({});
		for (const key of ['id', 'name'] as const) {
			expect(new Set(nodes.map((node) => node[key])).size).toBe(nodes.length);
		}
		for (const node of nodes) {
			expect(node.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
		}
	});

	it('holds no credential, and no address but placeholders', () => {
		expect(nodes.filter(({ credentials }) => credentials !== undefined)).toEqual([]);
		expect(textOf(file)).not.toMatch(/bearer|api_?key|token|password|sk-\w/i);
		const hosts = [...textOf(file).matchAll(/https?:\/\/([^/\s"']+)/g)].map(([, host]) => host);
		expect(hosts.filter((host) => !host.endsWith('.example.com'))).toEqual([]);
	});

	it('has only nodes and versions that n8n 1.123 has too', () => {
		const unknown = nodes.filter(
			({ type, typeVersion }) => !(typeVersion <= NEWEST_IN_1_123[type]),
		);
		expect(unknown).toEqual([]);
		for (const node of [...known, ...notes]) {
			expect([node.name, [describeNode(node).version].flat()]).toEqual([
				node.name,
				expect.arrayContaining([node.typeVersion]),
			]);
		}
	});

	it('has only parameters that n8n shows, and all that it requires', () => {
		for (const node of [...known, ...notes]) {
			const description = describeNode(node);
			const parameters = ownParameters(node);
			const bare = { ...node, parameters };
			const { properties } = description;
			// n8n drops what no property has or what is not displayed.
			const kept = NodeHelpers.getNodeParameters(
				properties,
				parameters,
				true,
				false,
				bare,
				description,
			);
			expect({ name: node.name, kept }).toMatchObject({ name: node.name, kept: parameters });
			expect([
				node.name,
				NodeHelpers.getNodeParametersIssues(properties, bare, description),
			]).toEqual([node.name, null]);
		}
	});

	it('gives the LTX nodes values that their menus offer', () => {
		expect(nodes.some(isLtx)).toBe(true);
		for (const node of nodes.filter(isLtx)) {
			const description = describeNode(node);
			const parameters = ownParameters(node);
			const check = (values: INodeParameters, properties: INodeProperties[]) => {
				for (const [key, value] of Object.entries(values)) {
					const property = properties.find(
						(entry) =>
							entry.name === key &&
							NodeHelpers.displayParameter(values, entry, node, description, parameters),
					);
					if (property?.type === 'collection') {
						check(value as INodeParameters, property.options as INodeProperties[]);
					} else if (property?.type === 'options' && !String(value).startsWith('=')) {
						const options = property.options as INodePropertyOptions[];
						expect(options.map((option) => option.value)).toContain(value);
					} else {
						const type = String(value).startsWith('=') ? 'string' : property?.type;
						expect([key, typeof value]).toEqual([key, type]);
					}
				}
			};
			check(parameters, description.properties);
		}
	});

	it('says what a video costs, and limits what a run may cost', () => {
		const priced = nodes.flatMap((node) => {
			const { resource, operation } = node.parameters;
			const estimate = ENDPOINTS[String(resource)]?.estimateCostUsd;
			const isPaid = isLtx(node) && String(operation).startsWith('submit');
			return isPaid && estimate ? [{ node, costUsd: estimate(node.parameters) as number }] : [];
		});
		expect(priced).toHaveLength(1);
		const [{ node, costUsd }] = priced;
		expect(contents.join()).toContain(`about USD ${costUsd.toFixed(2)}`);
		// A form makes one video for each time that somebody fills it in.
		if (file === 'image-to-video.json') return;
		const { maxCostUsd } = node.parameters.options as { maxCostUsd: number };
		expect(maxCostUsd).toBeGreaterThanOrEqual(costUsd);
		expect(maxCostUsd).toBeLessThanOrEqual(1);
	});

	it('explains itself in notes, which call nodes and fields by their names', () => {
		expect(contents[0]).toMatch(/^## \S.*\n/);
		expect(contents.join()).toMatch(/credential/);
		const bold = contents.flatMap((content) =>
			[...content.matchAll(/\*\*([^*]+)\*\*/g)].map(([, text]) => text),
		);
		const ltx = nodes.find(isLtx) as INode;
		const fields = describeNode(ltx).properties.flatMap(({ displayName, type, options }) => [
			displayName.replace(/ \(.*\)$/, ''),
			...(type === 'collection' ? (options as INodeProperties[]) : []).map((option) =>
				option.displayName.replace(/ \(.*\)$/, ''),
			),
		]);
		const names = [...workers.map((worker) => worker.name), ...fields, ...N8N_WORDS];
		expect(bold.filter((text) => !names.includes(text))).toEqual([]);
		expect(bold).toContain(ltx.name);
	});

	it('has nodes that do not cover each other', () => {
		const covered = nodes.flatMap((one, index) =>
			nodes.slice(index + 1).filter((other) => {
				const [a, b] = [boxOf(one), boxOf(other)];
				return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
			}),
		);
		expect(covered.map((node) => node.name)).toEqual([]);
	});

	it('has connections between outputs and nodes that exist, and no loose node', () => {
		const names = workers.map((worker) => worker.name);
		const ends = Object.values(connections).flatMap((types) =>
			Object.values(types).flatMap((outputs) => outputs.flatMap((output) => output ?? [])),
		);
		const connected = new Set([...Object.keys(connections), ...ends.map(({ node }) => node)]);
		expect([...connected].sort()).toEqual([...names].sort());
		const workflow = new Workflow({
			nodes: known.filter(({ type }) => type !== LTX_TOOL),
			connections: {},
			active: false,
			nodeTypes: engine.nodeTypes,
		});
		for (const node of Object.values(workflow.nodes)) {
			const outputs = NodeHelpers.getNodeOutputs(workflow, node, describeNode(node));
			expect([node.name, (connections[node.name]?.main?.length ?? 0) <= outputs.length]).toEqual([
				node.name,
				true,
			]);
		}
	});
});

/** The items at an output of a node, of all its runs. */
function itemsOf(run: IRun, node: string, output = 0): INodeExecutionData[] {
	const runs = run.data.resultData.runData[node] ?? [];
	return runs.flatMap(({ data }) => data?.main[output] ?? []);
}

function jsonOf(run: IRun, node: string): IDataObject[] {
	return itemsOf(run, node).map(({ json }) => json);
}

function errorOf(run: IRun): string | undefined {
	return run.data.resultData.error?.message;
}

async function expectVideo({ binary }: INodeExecutionData): Promise<void> {
	const video = await engine.readFile(binary!.data);
	expect(readMp4(video)).toMatchObject({ videoTracks: 1, audioTracks: 1 });
}

function ltxApi({ apiKey, apiUrl: baseUrl }: LtxServer) {
	return { ltxApi: { apiKey, baseUrl } };
}

/** Runs a workflow to its end. Only the trigger is pinned. */
async function runToEnd(
	workflow: WorkflowJson,
	ltx: LtxServer,
	trigger: INodeExecutionData = { json: {} },
): Promise<IRun> {
	const pinned = { ...workflow, pinData: { [workflow.nodes[0].name]: [trigger] } };
	const run = await engine.execute(pinned, ltxApi(ltx)).finished;
	expectNoLeak(run, ltx, []);
	return run;
}

/** What the tests below do, each with a stand-in of its own whose jobs are done at once. */
const plays: Array<{ test: (ltx: LtxServer) => Promise<void>; outcome?: Promise<void> }> = [];

function play(title: string, test: (ltx: LtxServer) => Promise<void>): void {
	const entry: (typeof plays)[number] = { test };
	plays.push(entry);
	it(title, async () => await entry.outcome);
}

async function perform(test: (ltx: LtxServer) => Promise<void>): Promise<void> {
	const ltx = await LtxServer.start({ jobMs: 0 });
	try {
		await test(ltx);
		expect(ltx.violations).toEqual([]);
	} finally {
		await ltx.stop();
	}
}

const FAILED = { failed: { type: 'api_error', message: 'The model gave up' } };

/** Runs image-to-video.json. */
async function fillInForm(ltx: LtxServer): Promise<IRun> {
	const image = await engine.storeFile(PNG, 'lighthouse.png', 'image/png');
	return await runToEnd(load('image-to-video.json'), ltx, {
		json: { Prompt: 'Waves roll in' },
		binary: { Image: image },
	});
}

/** Runs scheduled-social-post.json with services of this machine in the place of the placeholders. */
async function publish(ltx: LtxServer, web: WebServices): Promise<IRun> {
	const text = textOf('scheduled-social-post.json');
	const local = text.replace(/https:\/\/(images|social)\.example\.com/g, web.url);
	return await runToEnd(JSON.parse(local) as WorkflowJson, ltx);
}

/**
 * Runs durable-wait.json. Each time that it sleeps, it is woken from its saved state.
 *
 * @param onSleep gets how often it has gone to sleep
 */
async function runThroughSleeps(
	ltx: LtxServer,
	onSleep: (times: number) => void = () => {},
): Promise<IRun> {
	const workflow = load('durable-wait.json');
	// A wait of less than 65 s would not sleep: it would pass in this process, round after round.
	expect(workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.wait')).toMatchObject({
		parameters: { amount: 2, unit: 'minutes' },
	});
	const pinned = { ...workflow, pinData: { Start: [{ json: {} }] } };
	let execution = engine.execute(pinned, ltxApi(ltx));
	let run = await execution.finished;
	for (let times = 1; run.status === 'waiting'; times++) {
		const sleepMs = new Date(run.data.waitTill as Date).getTime() - Date.now();
		expect(sleepMs).toBeGreaterThan(110_000);
		expect(sleepMs).toBeLessThanOrEqual(120_000);
		onSleep(times);
		execution = await engine.resume(pinned, ltxApi(ltx), execution);
		run = await execution.finished;
	}
	expectNoLeak(run, ltx, []);
	expect(errorOf(run)).toBeUndefined();
	expect(ltx.count('submit')).toBe(1);
	return run;
}

const ENDS = ['Video is ready', 'Job failed', 'Still not done', 'Not submitted'];

/** Which of its ends durable-wait.json has reached. */
function endsOf(run: IRun): string[] {
	return ENDS.filter((name) => itemsOf(run, name).length > 0);
}

describe("in n8n's engine", () => {
	// Side by side, because the first look at a job comes after a random part of the poll interval,
	// which is a real one. Not with it.concurrent: n8n loads modules late, which jest allows only
	// until the first of such tests is over.
	beforeAll(async () => {
		for (const entry of plays) entry.outcome = perform(entry.test);
		await Promise.allSettled(plays.map(({ outcome }) => outcome));
	}, 40_000);

	play('image-to-video.json makes a video of what the form gives', async (ltx) => {
		const run = await fillInForm(ltx);
		expect(ltx.jobs.map(({ body }) => body)).toEqual([
			expect.objectContaining({ prompt: 'Waves roll in', resolution: '1280x720', duration: 6 }),
		]);
		await expectVideo(itemsOf(run, 'LTX Video')[0]);
	});

	play('image-to-video.json ends with the reason when the job fails', async (ltx) => {
		ltx.planJob = () => ({ ends: FAILED });
		expect(errorOf(await fillInForm(ltx))).toContain('The model gave up');
	});

	play('social-formats.json makes one video in three formats', async (ltx) => {
		const run = await runToEnd(load('social-formats.json'), ltx, {
			json: { Prompt: 'A lighthouse', 'How it goes on': 'The sun rises' },
		});
		expect(errorOf(run)).toBeUndefined();
		expect(ltx.jobs.map(({ endpoint, body }) => [endpoint, body.prompt, body.resolution])).toEqual([
			['text-to-video', 'A lighthouse', '1920x1080'],
			['extend', 'The sun rises', undefined],
			['video-to-video-reframe', undefined, '1080x1080'],
			['video-to-video-reframe', undefined, '1080x1920'],
			['video-to-video-reframe', undefined, '1920x1080'],
		]);
		const [upload] = jsonOf(run, 'Upload it once');
		expect(ltx.jobs.slice(2).map(({ body }) => body.video_uri)).toEqual(
			Array.from({ length: 3 }, () => upload.storage_uri),
		);
		const videos = itemsOf(run, 'Reframe');
		expect(videos).toHaveLength(3);
		for (const video of videos) await expectVideo(video);
	});

	function playPublishing(
		title: string,
		test: (ltx: LtxServer, web: WebServices) => Promise<void>,
	): void {
		play(`scheduled-social-post.json ${title}`, async (ltx) => {
			const web = await startWebServices(PNG);
			await test(ltx, web).finally(() => web.stop());
		});
	}

	playPublishing('publishes an upright video of the image', async (ltx, web) => {
		const run = await publish(ltx, web);
		expect(errorOf(run)).toBeUndefined();
		const [texts] = jsonOf(run, 'Texts of the post');
		expect(web.imageRequests).toEqual([{ prompt: texts.image_prompt, size: '720x1280' }]);
		expect([...ltx.files.values()].map(({ bytes }) => bytes.equals(PNG))).toEqual([true]);
		expect(ltx.jobs.map(({ body }) => body)).toEqual([
			expect.objectContaining({ prompt: texts.video_prompt, resolution: '720x1280' }),
		]);
		expect(web.posts).toHaveLength(1);
		expect(web.posts[0].get('caption')).toBe(texts.caption);
		const video = web.posts[0].get('video') as File;
		expect([video.name, video.type]).toEqual([`${ltx.jobs[0].id}.mp4`, 'video/mp4']);
		expect(Buffer.from(await video.arrayBuffer()).equals(ltx.video)).toBe(true);
	});

	playPublishing('makes a second job after one that failed, and publishes it', async (ltx, web) => {
		ltx.planJob = (_, index) => (index === 0 ? { ends: FAILED } : {});
		expect(errorOf(await publish(ltx, web))).toBeUndefined();
		expect([ltx.jobs.length, ltx.billedJobs, web.posts.length]).toEqual([2, 1, 1]);
	});

	playPublishing('publishes nothing when both jobs fail', async (ltx, web) => {
		ltx.planJob = () => ({ ends: FAILED });
		expect(errorOf(await publish(ltx, web))).toContain('The model gave up');
		expect([ltx.jobs.length, web.posts.length]).toEqual([2, 0]);
	});

	play('many-images.json makes a video for each entry, and names it', async (ltx) => {
		const run = await runToEnd(load('many-images.json'), ltx);
		const videos = itemsOf(run, 'Videos');
		expect(videos.map(({ json }) => json)).toEqual(
			jsonOf(run, 'One item per image').map(({ name, prompt }) => ({
				name,
				prompt,
				job_id: ltx.jobs.find(({ body }) => body.prompt === prompt)?.id,
				status: 'completed',
			})),
		);
		expect(videos).toHaveLength(3);
		for (const video of videos) await expectVideo(video);
		expect(itemsOf(run, 'Failures')).toEqual([]);
	});

	play(
		'many-images.json tells what was refused and what failed, and makes the rest',
		async (ltx) => {
			ltx.fail('submit', apiError('content_filtered_error', 'Not this image'), { skip: 2 });
			ltx.planJob = (_, index) => (index === 0 ? { ends: FAILED } : {});
			const run = await runToEnd(load('many-images.json'), ltx);
			const [failed, made] = ltx.jobs;
			expect(jsonOf(run, 'Videos').map(({ job_id }) => job_id)).toEqual([made.id]);
			const entries = jsonOf(run, 'One item per image');
			const nameOf = (prompt: unknown) => entries.find((entry) => entry.prompt === prompt)?.name;
			const refused = entries.find(
				({ prompt }) => !ltx.jobs.some(({ body }) => body.prompt === prompt),
			);
			const failures = jsonOf(run, 'Failures');
			expect(failures).toHaveLength(2);
			expect(failures).toContainEqual({
				name: refused?.name,
				prompt: refused?.prompt,
				type: 'content_filtered_error',
				reason: expect.stringContaining('Not this image'),
				job_id: '',
			});
			expect(failures).toContainEqual({
				name: nameOf(failed.body.prompt),
				prompt: failed.body.prompt,
				type: 'api_error',
				reason: expect.stringContaining('The model gave up'),
				job_id: failed.id,
			});
			expect(ltx.count('submit')).toBe(3);
		},
	);

	play('many-images.json submits nothing when the list costs more than Max Cost', async (ltx) => {
		const workflow = load('many-images.json');
		const list = workflow.nodes.find(({ name }) => name === 'Images and prompts') as INode;
		const { images } = JSON.parse(String(list.parameters.jsonOutput)) as { images: object[] };
		list.parameters.jsonOutput = JSON.stringify({ images: [...images, ...images] });
		const run = await runToEnd(workflow, ltx);
		expect(jsonOf(run, 'Failures').map(({ type }) => type)).toEqual(
			Array.from({ length: 6 }, () => 'budget_exceeded'),
		);
		expect(ltx.requests).toEqual([]);
	});

	play('durable-wait.json goes around until the job is done, and has the video', async (ltx) => {
		ltx.jobMs = 3_600_000;
		const run = await runThroughSleeps(ltx, (times) => {
			if (times === 3) ltx.jobMs = 0;
		});
		expect(endsOf(run)).toEqual(['Video is ready']);
		expect(ltx.count('poll')).toBe(3);
		const [item] = itemsOf(run, 'Video is ready');
		expect(item.json).toMatchObject({ id: ltx.jobs[0].id, status: 'completed' });
		await expectVideo(item);
	});

	play('durable-wait.json keeps the job ID when a look at the job fails', async (ltx) => {
		ltx.fail('poll', apiError('permission_error'), { times: 2 });
		const run = await runThroughSleeps(ltx);
		expect(endsOf(run)).toEqual(['Video is ready']);
		expect(ltx.count('poll')).toBe(3);
	});

	play('durable-wait.json tells why a job failed', async (ltx) => {
		ltx.planJob = () => ({ ends: FAILED });
		const run = await runThroughSleeps(ltx);
		expect(endsOf(run)).toEqual(['Job failed']);
		expect(jsonOf(run, 'Job failed')).toEqual([
			{ job_id: ltx.jobs[0].id, reason: 'The model gave up', type: 'api_error' },
		]);
	});

	play('durable-wait.json tells that LTX does not know the job any more', async (ltx) => {
		const run = await runThroughSleeps(ltx, () => ltx.forgetJobs());
		expect(endsOf(run)).toEqual(['Job failed']);
		expect(jsonOf(run, 'Job failed')).toEqual([
			expect.objectContaining({ job_id: ltx.jobs[0].id, type: 'not_found_error' }),
		]);
	});

	play('durable-wait.json gives up after 30 looks, with the job ID', async (ltx) => {
		ltx.jobMs = 3_600_000;
		const run = await runThroughSleeps(ltx);
		expect(endsOf(run)).toEqual(['Still not done']);
		expect(ltx.count('poll')).toBe(30);
		expect(jsonOf(run, 'Still not done')).toEqual([
			expect.objectContaining({ job_id: ltx.jobs[0].id, last_status: 'pending' }),
		]);
	});

	play('durable-wait.json tells why nothing was submitted', async (ltx) => {
		ltx.fail('submit', apiError('insufficient_funds_error', 'Not enough credits'));
		const run = await runThroughSleeps(ltx);
		expect(endsOf(run)).toEqual(['Not submitted']);
		expect(jsonOf(run, 'Not submitted')).toEqual([
			{ reason: expect.stringContaining('credits'), type: 'insufficient_funds_error' },
		]);
	});
});
