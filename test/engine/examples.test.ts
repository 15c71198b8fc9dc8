import {
	NodeHelpers,
	Workflow,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type IRun,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { Engine, type Execution, type WorkflowJson } from '../../tools/engine/engine';
import { credentialsFor } from '../../tools/engine/runNode';
import { apiError } from '../../tools/ltx-server/faults';
import { LtxServer } from '../../tools/ltx-server/LtxServer';
import { node } from '../../tools/engine/workflow';
import { EXAMPLES, readExample, withCredentials } from '../../tools/n8n/examples';
import { isDeprecated } from '../../tools/n8n/isDeprecated';
import { readMp4 } from '../../tools/samples/readMp4';
import { PNG } from '../../tools/samples/samples';
import { Instagram } from '../e2e/Instagram';
import { expectNoLeak } from './useLtx';

function load(file: string): WorkflowJson {
	return JSON.parse(readExample(file)) as WorkflowJson;
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
 * only their names and versions are checked here. Examples that have them, or that need a table,
 * a form or a chat to come to their end, run in a complete n8n.
 */
const LANGCHAIN = [
	'agent',
	'chatTrigger',
	'lmChatOpenAi',
	'mcpTrigger',
	'memoryBufferWindow',
	'openAi',
].map((name) => `@n8n/n8n-nodes-langchain.${name}`);

const REEL = 'reel-from-an-image.json';

/** Those that run by schedule, or make several videos: a first try of them costs nothing. */
const WITH_SAMPLES = [
	'a-month-of-posts.json',
	'many-images.json',
	REEL,
	'scheduled-social-post.json',
	'social-formats.json',
];

/** The one example that needs n8n 2, whose Data Table node can make its table. */
const FOR_N8N_2 = 'a-month-of-posts.json';

/**
 * Those that have to go on after a crash. In the other one that runs by schedule, a table keeps the
 * jobs: there, a Retry of what was being submitted would pay again.
 */
const SAVE_PROGRESS = ['scheduled-social-post.json', REEL];

/** The newest version of each node in n8n 1.123, the oldest n8n that must open the examples. */
const NEWEST_IN_1_123: Record<string, number> = {
	[LTX]: 1,
	[LTX_TOOL]: 1,
	[STICKY]: 1,
	'@n8n/n8n-nodes-langchain.agent': 3,
	'@n8n/n8n-nodes-langchain.chatTrigger': 1.4,
	'@n8n/n8n-nodes-langchain.lmChatOpenAi': 1.3,
	'@n8n/n8n-nodes-langchain.mcpTrigger': 2,
	'@n8n/n8n-nodes-langchain.memoryBufferWindow': 1.3,
	'@n8n/n8n-nodes-langchain.openAi': 2.1,
	'n8n-nodes-base.form': 2.3,
	'n8n-nodes-base.formTrigger': 2.3,
	'n8n-nodes-base.googleDrive': 3,
	'n8n-nodes-base.httpRequest': 4.3,
	'n8n-nodes-base.if': 2.3,
	'n8n-nodes-base.manualTrigger': 1,
	'n8n-nodes-base.merge': 3.2,
	'n8n-nodes-base.noOp': 1,
	'n8n-nodes-base.scheduleTrigger': 1.3,
	'n8n-nodes-base.set': 3.4,
	'n8n-nodes-base.splitInBatches': 3,
	'n8n-nodes-base.splitOut': 1,
	'n8n-nodes-base.stopAndError': 1,
	'n8n-nodes-base.switch': 3.4,
	'n8n-nodes-base.telegram': 1.2,
	'n8n-nodes-base.wait': 1.1,
};

/** What notes also set in bold: headings, and words of n8n's own editor. */
const N8N_WORDS = [
	'Access Token',
	'Activate',
	'Authentication',
	'Before the first run',
	'Connect to OpenAI',
	'Connect to Telegram',
	'Create new credential',
	'Execute workflow',
	'Executions',
	'Go on from here',
	'Max Iterations',
	'On Error',
	'On Error: Continue (using error output)',
	'Publish',
	'Retry',
	'Retry On Fail',
	'Retry with original workflow',
	'Save execution progress',
	'Settings',
	'Timezone',
	'What to change',
	'When something fails',
	'Why nothing is lost',
	'Why nothing is paid twice',
	'…',
];

/** LTX's prices of 2026-09-27 in USD per second of the finished video, as far as they are used. */
const PRICE_USD: Record<string, number> = {
	'1280x720': 0.03,
	match720p: 0.03,
	'1920x1080': 0.06,
	'1080x1920': 0.06,
	match1080p: 0.06,
};

/** Triggers that listen only after the workflow was published. */
const LISTENING = [
	'@n8n/n8n-nodes-langchain.mcpTrigger',
	'n8n-nodes-base.formTrigger',
	'n8n-nodes-base.scheduleTrigger',
];

/** The only words of a node that name a secret: how it is asked for, or sent. */
const ASKS_FOR_SECRET = /"(authentication|genericAuthType)":"\w+"/g;

/** The only address in an example: that of Instagram's API. */
const INSTAGRAM = 'https://graph.instagram.com/v25.0';

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

describe.each(EXAMPLES)('%s', (file) => {
	const { nodes, connections, name, settings, pinData, ...others } = load(file);
	const notes = nodes.filter(({ type }) => type === STICKY);
	const workers = nodes.filter(({ type }) => type !== STICKY);
	const contents = notes.map(({ parameters }) => String(parameters.content));
	const known = workers.filter(({ type }) => !LANGCHAIN.includes(type));

	it('is a workflow with a title, and with nothing of the n8n it was made in', () => {
		expect(name).toMatch(/^[A-Z].{8,}$/);
		expect(settings).toEqual({
			executionOrder: 'v1',
			...(SAVE_PROGRESS.includes(file) && { saveExecutionProgress: true }),
		});
		expect(pinData).toBeUndefined();
		expect(others).toEqual({});
		for (const key of ['id', 'name'] as const) {
			expect(new Set(nodes.map((node) => node[key])).size).toBe(nodes.length);
		}
		for (const node of nodes) {
			expect(node.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
		}
	});

	it('holds no credential, and no address that somebody would have to replace', () => {
		expect(nodes.filter(({ credentials }) => credentials !== undefined)).toEqual([]);
		const told = JSON.stringify(workers).replace(ASKS_FOR_SECRET, '');
		expect(told).not.toMatch(/bearer|api_?key|token|password|sk-\w/i);
		expect(readExample(file).replace(INSTAGRAM, '')).not.toMatch(/https?:\/\//);
	});

	it('has only nodes and versions that n8n 1.123 has too', () => {
		const newest =
			file === FOR_N8N_2
				? { ...NEWEST_IN_1_123, 'n8n-nodes-base.dataTable': 1.1 }
				: NEWEST_IN_1_123;
		const unknown = nodes.filter(({ type, typeVersion }) => !(typeVersion <= newest[type]));
		expect(unknown).toEqual([]);
		if (file === FOR_N8N_2) expect(contents[0]).toContain('n8n 2');
		for (const node of [...known, ...notes]) {
			expect([node.name, [describeNode(node).version].flat()]).toEqual([
				node.name,
				expect.arrayContaining([node.typeVersion]),
			]);
		}
	});

	it('has no node that n8n calls deprecated', () => {
		const deprecated = [...known, ...notes].filter((entry) =>
			isDeprecated(entry, describeNode(entry)),
		);
		expect(deprecated.map((entry) => entry.name)).toEqual([]);
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

	it('says what a video and a month cost, and limits what a run may cost', () => {
		const priced = nodes.filter(
			({ parameters: { operation, model, options } }) =>
				String(operation).startsWith('submit') &&
				model === 'ltx-2-3-fast' &&
				(options as INodeParameters).sample !== 'always',
		);
		expect(priced).toHaveLength(1);
		const { duration, resolution, options } = priced[0].parameters;
		// Where an assistant chooses, it is told the shortest first.
		const [seconds] = /\d+/.exec(String(duration)) as RegExpExecArray;
		const costUsd = Number(seconds) * PRICE_USD[String(resolution)];
		expect(contents.join()).toContain(`about USD ${costUsd.toFixed(2)}`);
		expect(contents.join()).toMatch(/month .*about USD \d|about USD \d+ in a month/);
		const { maxCostUsd } = options as { maxCostUsd: number };
		expect(maxCostUsd).toBeGreaterThanOrEqual(costUsd);
		expect(maxCostUsd).toBeLessThanOrEqual(1);
	});

	it('says what a run in the editor gives, where that is a sample', () => {
		const submitting = nodes.filter(({ parameters }) =>
			/^submit/.test(String(parameters.operation)),
		);
		const samples = submitting.map(({ parameters }) => (parameters.options as IDataObject).sample);
		const inEditor = samples.filter((sample) => sample !== 'always');
		const expected = WITH_SAMPLES.includes(file) ? 'editor' : undefined;
		expect(inEditor).toEqual(inEditor.map(() => expected));
		expect(/\*\*Sample Instead of Video\*\*/.test(contents.join())).toBe(
			samples.some((sample) => sample !== undefined),
		);
	});

	it('says how it is switched on, and that n8n shows success when errors are let pass', () => {
		const text = contents.join();
		const listens = workers.some(({ type }) => LISTENING.includes(type));
		if (listens) expect(text).toContain('**Publish**');
		if (listens && file !== FOR_N8N_2) expect(text).toContain('(n8n 1: **Activate**)');
		const fails = workers.some(({ type }) => type === 'n8n-nodes-base.stopAndError');
		if (workers.some(({ onError }) => onError?.startsWith('continue'))) {
			expect(text).toContain('**On Error');
			if (!fails) expect(text).toMatch(/as successful\s+even when/);
		}
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

describe('what n8n calls deprecated', () => {
	it.each([
		['a node', 'function', 1, {}],
		['a node with several versions', 'itemLists', 3.1, {}],
		['an old version', 'merge', 1, {}],
		['a mode', 'executeWorkflow', 1.2, { mode: 'each' }],
	])('is found: %s', (_what, name, version, parameters) => {
		const old = node('Old', `n8n-nodes-base.${name}`, version, parameters);
		expect(isDeprecated(old, describeNode(old))).toBe(true);
	});

	it('is not what only could be set so', () => {
		const once = node('New', 'n8n-nodes-base.executeWorkflow', 1.2, { mode: 'once' });
		expect(isDeprecated(once, describeNode(once))).toBe(false);
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

/** Runs a workflow to its end. Only the trigger is pinned. */
async function runToEnd(
	workflow: WorkflowJson,
	ltx: LtxServer,
	trigger: INodeExecutionData = { json: {} },
	mode: WorkflowExecuteMode = 'trigger',
): Promise<IRun> {
	const pinned = { ...workflow, pinData: { [workflow.nodes[0].name]: [trigger] } };
	const run = await engine.execute(pinned, credentialsFor(ltx), { mode }).finished;
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

/** Expects that a run has come to this page of its form, which n8n then shows. */
function expectPage(run: IRun, page: string): void {
	expect(errorOf(run)).toBeUndefined();
	expect(run.status).toBe('waiting');
	expect(run.data.executionData?.nodeExecutionStack.map(({ node }) => node.name)).toEqual([page]);
}

/** Runs image-to-video.json. */
async function fillInForm(ltx: LtxServer): Promise<IRun> {
	const image = await engine.storeFile(PNG, 'lighthouse.png', 'image/png');
	return await runToEnd(load('image-to-video.json'), ltx, {
		json: { Prompt: 'Waves roll in' },
		binary: { Image: image },
	});
}

/** Runs social-formats.json. */
async function fillInIdea(ltx: LtxServer, mode?: WorkflowExecuteMode): Promise<IRun> {
	const json = { Prompt: 'A lighthouse', 'How it goes on': 'The sun rises' };
	return await runToEnd(load('social-formats.json'), ltx, { json }, mode);
}

/** Runs many-images.json with images of these names. */
async function fillInImages(
	ltx: LtxServer,
	names: string[],
	mode?: WorkflowExecuteMode,
): Promise<IRun> {
	const images = await Promise.all(
		names.map(async (name) => await engine.storeFile(PNG, name, 'image/png')),
	);
	// n8n's form numbers the files of a field.
	const binary = Object.fromEntries(images.map((image, index) => [`Images_${index}`, image]));
	const json = { Prompt: 'Waves roll in' };
	return await runToEnd(load('many-images.json'), ltx, { json, binary }, mode);
}

/**
 * Runs a workflow that waits for two minutes now and then, to its end. Each time that it sleeps, it
 * is woken from its saved state.
 *
 * @param onSleep gets how often it has gone to sleep
 */
async function sleepThrough(
	workflow: WorkflowJson,
	credentials: Record<string, ICredentialDataDecryptedObject>,
	onSleep: (times: number) => void = () => {},
	options: { mode?: WorkflowExecuteMode } = {},
): Promise<Execution> {
	// A wait of less than 65 s would not sleep: it would pass in this process, round after round.
	expect(workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.wait')).toMatchObject({
		parameters: { amount: 2, unit: 'minutes' },
	});
	let execution = engine.execute(workflow, credentials, options);
	let run = await execution.finished;
	for (let times = 1; run.status === 'waiting'; times++) {
		const sleepMs = new Date(run.data.waitTill as Date).getTime() - Date.now();
		expect(sleepMs).toBeGreaterThan(110_000);
		expect(sleepMs).toBeLessThanOrEqual(120_000);
		onSleep(times);
		execution = await engine.resume(workflow, credentials, execution);
		run = await execution.finished;
	}
	return execution;
}

/** Runs durable-wait.json. */
async function runThroughSleeps(ltx: LtxServer, onSleep?: (times: number) => void): Promise<IRun> {
	const pinned = { ...load('durable-wait.json'), pinData: { Start: [{ json: {} }] } };
	const { finished } = await sleepThrough(pinned, credentialsFor(ltx), onSleep);
	const run = await finished;
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

/** A filled-in form of reel-from-an-image.json, and what came of it. */
class Reel {
	readonly instagram = new Instagram('instagram-of-this-test');
	private execution?: Execution;

	constructor(private readonly ltx: LtxServer) {}

	/** Runs it to its end. What Instagram did is known then. */
	async run(options?: { mode?: WorkflowExecuteMode }): Promise<IRun> {
		await this.instagram.start();
		this.execution = await sleepThrough(await this.workflow(), this.credentials, () => {}, options);
		return await this.end();
	}

	/** Presses Retry in the list of executions. */
	async retry(): Promise<IRun> {
		const failed = this.execution as Execution;
		this.execution = await engine.retry(await this.workflow(), this.credentials, failed);
		return await this.end();
	}

	private async end(): Promise<IRun> {
		const run = await (this.execution as Execution).finished;
		expect(run.status).not.toBe('waiting');
		expect(JSON.stringify(run)).not.toContain(this.instagram.token);
		expect(this.instagram.violations).toEqual([]);
		return run;
	}

	private get credentials() {
		return { ...credentialsFor(this.ltx), httpBearerAuth: { token: this.instagram.token } };
	}

	private async workflow(): Promise<WorkflowJson> {
		const workflow = withCredentials(load(REEL), 'n8n-nodes-base.httpRequest', {
			httpBearerAuth: { id: '1', name: 'Instagram' },
		});
		const form: INodeExecutionData = {
			json: { Prompt: 'Waves roll in', Caption: 'Find your way home' },
			binary: { Image: await engine.storeFile(PNG, 'lighthouse.png', 'image/png') },
		};
		return { ...this.instagram.setUp(workflow), pinData: { 'On form submission': [form] } };
	}
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
		expectPage(run, 'Show the video');
		expect(ltx.jobs.map(({ body }) => body)).toEqual([
			expect.objectContaining({ prompt: 'Waves roll in', resolution: '1280x720', duration: 6 }),
		]);
		await expectVideo(itemsOf(run, 'LTX Video')[0]);
	});

	play('image-to-video.json ends with the reason when the job fails', async (ltx) => {
		ltx.planJob = () => ({ ends: FAILED });
		const run = await fillInForm(ltx);
		expectPage(run, 'Say what went wrong');
		expect(itemsOf(run, 'LTX Video', 1)[0].json.message).toContain('The model gave up');
	});

	play(
		'social-formats.json shows three samples in the editor, and LTX hears nothing',
		async (ltx) => {
			const run = await fillInIdea(ltx, 'manual');
			expectPage(run, 'Show the videos');
			const samples = [...jsonOf(run, 'Extend it'), ...jsonOf(run, 'Reframe')];
			expect(samples.map(({ sample }) => sample)).toEqual([true, true, true]);
			expect(ltx.requests).toEqual([]);
		},
	);

	play('many-images.json gives samples in the editor, and LTX hears nothing', async (ltx) => {
		const run = await fillInImages(ltx, ['a.png', 'b.png'], 'manual');
		expectPage(run, 'Show the videos');
		expect(jsonOf(run, 'Make the videos').map(({ sample }) => sample)).toEqual([true, true]);
		expect(ltx.requests).toEqual([]);
	});

	play('social-formats.json makes one video in three formats', async (ltx) => {
		const run = await fillInIdea(ltx);
		expectPage(run, 'Show the videos');
		const jobs = ltx.jobs.map(({ endpoint, body }) => [endpoint, body.prompt, body.resolution]);
		expect(jobs.slice(0, 2)).toEqual([
			['text-to-video', 'A lighthouse', '1280x720'],
			['extend', 'The sun rises', undefined],
		]);
		// Which of these two is uploaded first is up to the network.
		expect(new Set(jobs.slice(2))).toEqual(
			new Set([
				['video-to-video-reframe', undefined, '720x720'],
				['video-to-video-reframe', undefined, '720x1280'],
			]),
		);
		const sent = ltx.jobs.slice(1).map(({ body }) => ltx.files.get(String(body.video_uri))?.bytes);
		expect(sent.map((bytes) => bytes?.equals(ltx.video))).toEqual([true, true, true]);
		const videos = [...itemsOf(run, 'Extend it'), ...itemsOf(run, 'Reframe')];
		expect(videos).toHaveLength(3);
		for (const video of videos) await expectVideo(video);
	});

	play('social-formats.json shows what was made when one format fails', async (ltx) => {
		ltx.planJob = ({ resolution }) => (resolution === '720x720' ? { ends: FAILED } : {});
		const run = await fillInIdea(ltx);
		expectPage(run, 'Show the videos');
		const [square, upright] = jsonOf(run, 'Reframe');
		expect(square.message).toContain('The model gave up');
		expect(upright).toMatchObject({ status: 'completed' });
	});

	play('social-formats.json ends with the reason when a step before fails', async (ltx) => {
		ltx.planJob = (_, index) => (index === 1 ? { ends: FAILED } : {});
		const run = await fillInIdea(ltx);
		expectPage(run, 'Say what went wrong');
		expect(ltx.jobs).toHaveLength(2);
	});

	play('many-images.json makes a video of each image', async (ltx) => {
		const names = ['lighthouse.png', 'market.png', 'forest.png'];
		const run = await fillInImages(ltx, names);
		expectPage(run, 'Show the videos');
		expect(ltx.jobs.map(({ body }) => body.prompt)).toEqual(names.map(() => 'Waves roll in'));
		const videos = itemsOf(run, 'Videos');
		expect(videos.map(({ json }) => json)).toEqual(
			ltx.jobs.map(({ id }, index) => ({
				image: names[index],
				video_url: expect.stringMatching(/\.mp4/),
				job_id: id,
			})),
		);
		for (const video of videos) await expectVideo(video);
		expect(jsonOf(run, 'All together')).toEqual(videos.map(({ json }) => json));
	});

	play(
		'many-images.json tells what was refused and what failed, and makes the rest',
		async (ltx) => {
			ltx.fail('submit', apiError('content_filtered_error', 'Not this image'), { skip: 2 });
			ltx.planJob = (_, index) => (index === 0 ? { ends: FAILED } : {});
			const run = await fillInImages(ltx, ['a.png', 'b.png', 'c.png']);
			expectPage(run, 'Show the videos');
			const [failed, made] = ltx.jobs;
			expect(jsonOf(run, 'Videos').map(({ job_id }) => job_id)).toEqual([made.id]);
			const failures = jsonOf(run, 'Failures');
			expect(failures).toHaveLength(2);
			expect(failures).toContainEqual({
				image: expect.stringMatching(/^[abc]\.png$/),
				type: 'content_filtered_error',
				reason: expect.stringContaining('Not this image'),
				job_id: '',
			});
			expect(failures).toContainEqual({
				image: expect.stringMatching(/^[abc]\.png$/),
				type: 'api_error',
				reason: expect.stringContaining('The model gave up'),
				job_id: failed.id,
			});
			const told = jsonOf(run, 'All together').map(({ image }) => image);
			expect(told.sort()).toEqual(['a.png', 'b.png', 'c.png']);
			expect(ltx.count('submit')).toBe(3);
		},
	);

	play('many-images.json submits nothing when the images cost more than Max Cost', async (ltx) => {
		const names = Array.from({ length: 6 }, (_, index) => `${index}.png`);
		const run = await fillInImages(ltx, names);
		expectPage(run, 'Show the videos');
		expect(jsonOf(run, 'All together').map(({ type }) => type)).toEqual(
			names.map(() => 'budget_exceeded'),
		);
		expect(ltx.requests).toEqual([]);
	});

	/** Makes a Reel, with an Instagram of its own. */
	function playReel(title: string, test: (reel: Reel, ltx: LtxServer) => Promise<void>): void {
		play(`${REEL} ${title}`, async (ltx) => {
			const reel = new Reel(ltx);
			try {
				await test(reel, ltx);
			} finally {
				await reel.instagram.stop();
			}
		});
	}

	playReel('posts an upright video by its address', async (reel, ltx) => {
		const run = await reel.run();
		expect(errorOf(run)).toBeUndefined();
		expect(itemsOf(run, 'Posted')).toHaveLength(1);
		expect(ltx.jobs.map(({ body }) => [body.prompt, body.resolution])).toEqual([
			['Waves roll in', '1080x1920'],
		]);
		expect(reel.instagram.posts).toEqual([
			expect.objectContaining({
				mediaType: 'REELS',
				caption: 'Find your way home',
				video: ltx.video,
			}),
		]);
	});

	playReel('publishes what was refused once more', async (reel) => {
		reel.instagram.publishFaults.push({ posts: false, message: 'Try again later' });
		expect(errorOf(await reel.run())).toBeUndefined();
		expect([reel.instagram.publishCalls, reel.instagram.posts.length]).toEqual([2, 1]);
	});

	playReel('posts once when Instagram says that it did not post', async (reel) => {
		const message = 'Application request limit reached';
		reel.instagram.publishFaults.push({ posts: true, message });
		expect(itemsOf(await reel.run(), 'Posted')).toHaveLength(1);
		expect([reel.instagram.publishCalls, reel.instagram.posts.length]).toEqual([1, 1]);
	});

	playReel('posts once when the answer is lost', async (reel) => {
		reel.instagram.publishFaults.push({ posts: true });
		expect(itemsOf(await reel.run(), 'Posted')).toHaveLength(1);
		expect([reel.instagram.publishCalls, reel.instagram.posts.length]).toEqual([1, 1]);
	});

	playReel('gives up in the end, and a Retry of that posts nothing', async (reel) => {
		const { publishFaults, posts } = reel.instagram;
		const fault = { posts: false, message: 'You have posted too much today' };
		publishFaults.push(...Array.from({ length: 20 }, () => fault));
		expect(errorOf(await reel.run())).toMatch(/not posted[^]*You have posted too much today/);
		const { publishCalls } = reel.instagram;
		expect(publishCalls).toBeGreaterThan(3);
		publishFaults.length = 0;
		expect(errorOf(await reel.retry())).toContain('not posted');
		expect([reel.instagram.publishCalls, posts.length]).toEqual([publishCalls, 0]);
	});

	playReel('says why Instagram could not read the video', async (reel) => {
		reel.instagram.readsVideos = false;
		expect(errorOf(await reel.run())).toContain('ERROR: in other words');
		expect(reel.instagram.publishCalls).toBe(0);
	});

	playReel('pays nothing when Instagram does not know the account', async (reel, ltx) => {
		reel.instagram.isAccountKnown = false;
		expect(errorOf(await reel.run())).toBeDefined();
		expect(ltx.requests).toEqual([]);
	});

	playReel('posts nothing when the job fails', async (reel, ltx) => {
		ltx.planJob = () => ({ ends: FAILED });
		expect(errorOf(await reel.run())).toContain('The model gave up');
		expect(reel.instagram.containers).toEqual([]);
	});

	playReel('ends with a sample in the editor, and posts nothing', async (reel, ltx) => {
		const run = await reel.run({ mode: 'manual' });
		expect(errorOf(run)).toBeUndefined();
		expect(itemsOf(run, 'A sample is not posted')).toHaveLength(1);
		expect([ltx.requests, reel.instagram.containers]).toEqual([[], []]);
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
