import {
	WorkflowExecuteModeList,
	type INodeParameters,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { SAMPLE_FRAMES, SAMPLE_MP4 } from '../../nodes/LtxVideo/sample/files';
import type { Execution } from '../../tools/engine/engine';
import {
	credentialsFor,
	GOOD_REQUEST,
	QUICK,
	resultOf,
	workflowWith,
	type NodeResult,
	type NodeRun,
} from '../../tools/engine/runNode';
import { chain, manualTrigger, node, type WorkflowJson } from '../../tools/engine/workflow';
import { WAVES } from '../../tools/samples/samples';
import { REQUESTS, withFiles } from './requests';
import { expectNoLeak, pause, useLtx } from './useLtx';

const ltx = useLtx();

const A_SAMPLE = /^sample-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NOWHERE = /^https:\/\/sample\.invalid\//;
const items = (count: number) => Array.from({ length: count }, (_, n) => ({ json: { n } }));

const withSample = (sample: string, parameters: INodeParameters = GOOD_REQUEST) => ({
	...parameters,
	options: { ...QUICK, ...(parameters.options as object), sample },
});
const EDITOR = withSample('editor');
const ALWAYS = withSample('always');

type Ended = Execution & NodeResult;

function start(run: NodeRun, mode: WorkflowExecuteMode): Execution {
	return ltx.engine.execute(workflowWith(run), credentialsFor(ltx.server), { mode });
}

async function ended(execution: Execution): Promise<Ended> {
	const run = await execution.finished;
	expectNoLeak(run, ltx.server, ltx.log());
	return { ...execution, ...resultOf(run) };
}

/** Runs the node as n8n's editor does, or as `mode` says. */
const runIn = async (mode: WorkflowExecuteMode, run: NodeRun) => await ended(start(run, mode));

async function retry(failed: Execution, run: NodeRun): Promise<Ended> {
	return await ended(await ltx.engine.retry(workflowWith(run), credentialsFor(ltx.server), failed));
}

const hintsOf = ({ run }: NodeResult) =>
	run.data.resultData.runData['LTX Video'].at(-1)?.hints?.map(({ message }) => message) ?? [];

/** Expects that LTX heard nothing, and that nobody is told of a job. */
function expectNothingSent({ run }: NodeResult): void {
	expect(ltx.server.requests).toEqual([]);
	expect(ltx.log().filter(({ message }) => /accepted|Taking up/.test(message))).toEqual([]);
	expect(run.data.resultData.metadata?.ltx_job_ids).toBeUndefined();
}

describe.each(Object.entries(REQUESTS))('a sample of %s', (resource, request) => {
	const { endpoint, parameters } = request;
	// Of files that nobody knows the names of, a video stands for all.
	const isCutOut = resource === 'videoAlphaGen';
	const key = isCutOut ? 'video_url' : (request.result ?? 'video_url');
	const field = isCutOut ? 'video' : 'data';
	const isFrames = key === 'exr_frames_url';
	const { endpointPath } = parameters;
	const common: INodeParameters = { resource, ...(endpointPath && { endpointPath }) };
	const all = withSample('always', { ...common, ...parameters });
	const job = {
		id: expect.stringMatching(A_SAMPLE) as unknown,
		created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
		endpoint,
		sample: true,
	};
	const addresses = Object.fromEntries(
		[...(isFrames ? ['video_url'] : []), key].map((label) => [
			label,
			expect.stringMatching(NOWHERE) as unknown,
		]),
	);
	const completed = {
		...job,
		status: 'completed',
		completed_at: expect.stringMatching(/^\d{4}-/) as unknown,
		result: addresses,
		...addresses,
	};

	async function expectFile({ items: [item] }: NodeResult): Promise<void> {
		const extension = isFrames ? 'zip' : 'mp4';
		expect(Object.keys(item.binary ?? {})).toEqual([field]);
		const file = item.binary![field];
		expect(file).toMatchObject({
			fileName: `${String(item.json.id)}${isCutOut ? '-video' : ''}.${extension}`,
			fileExtension: extension,
			mimeType: isFrames ? 'application/zip' : 'video/mp4',
		});
		const bytes = await ltx.engine.readFile(file);
		expect(bytes.toString('base64')).toBe(isFrames ? SAMPLE_FRAMES : SAMPLE_MP4);
	}

	it('is a job of Submit, and nothing is sent', async () => {
		const result = await runIn('trigger', { parameters: { ...all, operation: 'submit' } });
		expect(result.error).toBeUndefined();
		expect(result.items[0].json).toEqual({
			...job,
			status: 'pending',
			...estimateIn(result),
		});
		expectNothingSent(result);
	});

	it('is a finished job of Submit and Wait with a file, and nothing is sent', async () => {
		const result = await runIn('trigger', { parameters: { ...all, operation: 'submitAndWait' } });
		expect(result.error).toBeUndefined();
		expect(result.items[0].json).toEqual({
			...completed,
			polls: 0,
			waited_seconds: 0,
			...estimateIn(result),
		});
		await expectFile(result);
		expectNothingSent(result);
	});

	it.each<[string, WorkflowExecuteMode]>([
		['getStatus', 'manual'],
		['getStatus', 'trigger'],
		['wait', 'manual'],
		['wait', 'trigger'],
	])('is known to %s in the mode %s, and nothing is asked', async (operation, mode) => {
		const submitted = await runIn('trigger', { parameters: { ...all, operation: 'submit' } });
		const jobId = String(submitted.items[0].json.id);
		const result = await runIn(mode, {
			parameters: { ...common, operation, jobId, downloadVideo: true },
		});
		expect(result.items[0].json).toEqual({
			...completed,
			id: jobId,
			...(operation === 'wait' && { polls: 0, waited_seconds: 0 }),
		});
		await expectFile(result);
		expectNothingSent(result);
	});

	it('is what a real job would give', async () => {
		const real = await runIn('trigger', {
			parameters: { ...all, operation: 'submitAndWait', options: QUICK },
		});
		const { items: samples } = await runIn('trigger', {
			parameters: { ...all, operation: 'submitAndWait' },
		});
		const keys = Object.keys(real.items[0].json);
		const own = ['sample', ...(isCutOut ? ['video_url'] : [])];
		expect(Object.keys(samples[0].json).sort()).toEqual([...keys, ...own].sort());
	});

	it('has an address for each file that would be uploaded', async () => {
		const names = Object.keys(request.files);
		const result = await runIn('trigger', {
			parameters: { ...all, ...withFiles(request), operation: 'submit' },
			items: [{ binary: await ltx.files(request.files) }],
		});
		expect(result.error).toBeUndefined();
		for (const name of names) {
			expect(result.items[0].json[`${name}_uri`]).toMatch(/^ltx:\/\/sample\.invalid\//);
		}
		expectNothingSent(result);
	});
});

const estimateIn = ({ items: [{ json }] }: NodeResult) =>
	json.estimated_cost_usd === undefined ? {} : { estimated_cost_usd: json.estimated_cost_usd };

describe('the executions that give samples', () => {
	const MODES = [...WorkflowExecuteModeList, 'a mode of tomorrow'] as WorkflowExecuteMode[];
	const isSample = ({ items: [{ json }] }: NodeResult) => json.sample === true;

	it.each(MODES)('with In the Editor, in the mode %s', async (mode) => {
		const result = await runIn(mode, { parameters: EDITOR });
		expect(result.error).toBeUndefined();
		expect([mode, isSample(result)]).toEqual([mode, mode === 'manual']);
		expect(ltx.server.jobs).toHaveLength(mode === 'manual' ? 0 : 1);
	});

	it.each(MODES)('with Always, in the mode %s', async (mode) => {
		const result = await runIn(mode, { parameters: ALWAYS });
		expect(isSample(result)).toBe(true);
		expectNothingSent(result);
	});

	it.each<[string, INodeParameters]>([
		['Never', withSample('never')],
		['nothing', { ...GOOD_REQUEST, options: QUICK }],
	])('with %s: none', async (_what, parameters) => {
		const result = await runIn('manual', { parameters });
		expect(isSample(result)).toBe(false);
		expect(ltx.server.jobs).toHaveLength(1);
	});

	it('are told for each item', async () => {
		const { items: outputs } = await runIn('trigger', {
			parameters: { ...withSample("={{ $json.n === 1 ? 'always' : 'never' }}") },
			items: items(3),
		});
		expect(outputs.map(({ json }) => json.sample ?? false)).toEqual([false, true, false]);
		expect(ltx.server.jobs).toHaveLength(2);
	});

	it.each([
		['{{ undefined }}', /Sample Instead of Video is empty/],
		['perhaps', /must be one of never, editor, always/],
		['{{ true }}', /Sample Instead of Video must be/],
	])('are none where the option is %s: that is refused', async (sample, words) => {
		const result = await runIn('manual', { parameters: withSample(`=${sample}`) });
		expect(result.error?.message).toMatch(words);
		expectNothingSent(result);
	});
});

describe('a real job of a sample, in a node without the option,', () => {
	const REFRAME: INodeParameters = {
		resource: 'videoToVideoReframe',
		...REQUESTS.videoToVideoReframe.parameters,
		options: QUICK,
	};
	const ofUrl = { ...REFRAME, videoSource: 'url' };

	it.each<[string, INodeParameters, RegExp]>([
		['the file', { ...REFRAME, videoSource: 'binary' }, /"data" holds a sample/],
		['the address', { ...ofUrl, videoUri: '={{ $json.video_url }}' }, /is that of a sample/],
		[
			'the file in an address',
			{ ...ofUrl, videoUri: `data:video/mp4;base64,${SAMPLE_MP4}` },
			/is that of a sample/,
		],
		['an upload', { ...ofUrl, videoUri: 'ltx://sample.invalid/1/video' }, /is that of a sample/],
	])('is refused by %s, and nothing is sent', async (_what, parameters, words) => {
		const sample = await runIn('trigger', { parameters: ALWAYS });
		const result = await runIn('trigger', { parameters, items: sample.items });
		expect(result.error?.message).toMatch(words);
		expect(result.error?.description).toMatch(/Sample Instead of Video .*Nothing was charged/);
		expectNothingSent(result);
	});

	it('is no mistake in the node that gives a sample itself', async () => {
		const sample = await runIn('trigger', { parameters: ALWAYS });
		const result = await runIn('trigger', {
			parameters: withSample('always', { ...REFRAME, videoSource: 'binary' }),
			items: sample.items,
		});
		expect(result.items[0].json.sample).toBe(true);
	});
});

describe('a job of LTX whose id looks like that of a sample', () => {
	const ID = 'sample-of-ltx';
	const PARAMETERS = { ...GOOD_REQUEST, options: QUICK };
	beforeEach(() => {
		ltx.server.planJob = () => ({ id: ID });
	});

	it('is waited for by the node that submitted it, and no sample stands for it', async () => {
		const result = await runIn('trigger', { parameters: PARAMETERS });
		const [{ json, binary }] = result.items;
		expect([json.id, json.sample]).toEqual([ID, undefined]);
		expect(json.video_url).not.toMatch(NOWHERE);
		expect(await ltx.engine.readFile(binary!.data)).toEqual(ltx.server.video);
		expect(hintsOf(result)).toEqual([]);
	});

	it('is no sample in the hint of Submit', async () => {
		const parameters = { ...GOOD_REQUEST, operation: 'submit' };
		const result = await runIn('trigger', { parameters });
		expect(result.items[0].json.id).toBe(ID);
		expect(hintsOf(result)).toEqual([]);
	});

	it('is taken up by a Retry', async () => {
		ltx.server.planJob = () => ({ id: ID, durationMs: 60_000 });
		const failed = await runIn('trigger', { parameters: PARAMETERS });
		expect(failed.error?.message).toMatch(/still .*sample-of-ltx/);
		ltx.server.jobs[0].plan.durationMs = 0;
		const result = await retry(failed, { parameters: PARAMETERS });
		expect(result.items[0].json.video_url).not.toMatch(NOWHERE);
		expect(ltx.server.jobs).toHaveLength(1);
	});
});

describe('the Retry of an execution', () => {
	const laterNode = (fails: boolean) =>
		fails
			? node('Later', 'n8n-nodes-base.stopAndError', 1, { errorMessage: 'Not today' })
			: node('Later', 'n8n-nodes-base.noOp', 1);

	it('of the editor gives samples where it failed before it gave one', async () => {
		const bad = { ...EDITOR, prompt: '={{ "" }}' };
		const failed = await runIn('manual', { parameters: bad });
		expect(failed.error?.message).toMatch(/Prompt is empty/);
		const result = await retry(failed, { parameters: EDITOR });
		expect(result.error).toBeUndefined();
		expect(result.items[0].json.id).toMatch(A_SAMPLE);
		expectNothingSent(result);
	});

	it('of the editor gives samples as often as it is pressed', async () => {
		const bad = { ...EDITOR, prompt: '={{ "" }}' };
		let failed = await runIn('manual', { parameters: bad });
		for (let count = 0; count < 3; count++) failed = await retry(failed, { parameters: bad });
		const result = await retry(failed, { parameters: EDITOR });
		expect(result.items[0].json.sample).toBe(true);
		expectNothingSent(result);
	});

	it.each<WorkflowExecuteMode>(['trigger', 'webhook', 'integrated', 'chat'])(
		'of the mode %s makes a real video',
		async (mode) => {
			const failed = await runIn(mode, { parameters: { ...EDITOR, prompt: '={{ "" }}' } });
			const result = await retry(failed, { parameters: EDITOR });
			expect(result.items[0].json.sample).toBeUndefined();
			expect(ltx.server.jobs).toHaveLength(1);
		},
	);

	/** Makes a workflow of five videos of which each follows the one before. */
	function fiveVideos(fails: boolean): WorkflowJson {
		const videos = Array.from({ length: 5 }, (_, index) =>
			node(
				`Video ${index + 1}`,
				'n8n-nodes-ltx-video.ltxVideo',
				1,
				index === 0
					? EDITOR
					: withSample('editor', {
							resource: 'extend',
							videoSource: index === 1 ? 'url' : 'binary',
							videoUri: '={{ $json.video_url }}',
							duration: 4,
						}),
			),
		);
		videos.splice(2, 0, laterNode(fails));
		return chain(manualTrigger(), ...videos);
	}

	it('of the editor gives samples also in the nodes that it had not come to', async () => {
		const execute = (json: WorkflowJson, mode: WorkflowExecuteMode) =>
			ltx.engine.execute(json, credentialsFor(ltx.server), { mode });
		const failed = execute(fiveVideos(true), 'manual');
		expect((await failed.finished).data.resultData.error?.message).toBe('Not today');
		const retried = await ltx.engine.retry(fiveVideos(false), credentialsFor(ltx.server), failed);
		const { runData, error } = (await retried.finished).data.resultData;
		expect(error).toBeUndefined();
		const samples = [1, 2, 3, 4, 5].map(
			(n) => runData[`Video ${n}`][0].data?.main[0]?.[0].json.sample,
		);
		expect(samples).toEqual([true, true, true, true, true]);
		expect(ltx.server.requests).toEqual([]);
	});

	it('of the editor leaves the job alone that an earlier try paid for', async () => {
		ltx.server.jobMs = 60_000;
		const short = { pollInterval: 0.02, maxWait: 0.005 };
		const failed = await runIn('manual', { parameters: { ...GOOD_REQUEST, options: short } });
		expect(failed.error?.message).toMatch(/still/);
		// The poll that Max Wait cut off may arrive late.
		await pause(200);
		const { length } = ltx.server.requests;
		const result = await retry(failed, { parameters: EDITOR });
		expect(result.items[0].json.sample).toBe(true);
		expect(ltx.server.requests).toHaveLength(length);
		ltx.server.jobMs = 0;
		const real = await retry(failed, { parameters: { ...GOOD_REQUEST, options: QUICK } });
		expect(real.items[0].json.id).toBe(ltx.server.jobs[0].id);
		expect(ltx.server.jobs).toHaveLength(1);
	});
});

describe('with samples', () => {
	it('Retry On Fail pays nothing', async () => {
		const result = await runIn('manual', {
			parameters: { ...EDITOR, prompt: '={{ $runIndex > 9 ? "Waves" : undefined }}' },
			settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
		});
		expect(result.error?.message).toMatch(/Prompt/);
		expectNothingSent(result);
	});

	it('a mistake in one item is told for it alone, and says nothing of charges', async () => {
		const result = await runIn('manual', {
			parameters: { ...EDITOR, prompt: '={{ $json.n === 1 ? "" : "Waves" }}' },
			settings: { onError: 'continueErrorOutput' },
			items: items(3),
		});
		expect(result.items.map(({ json }) => json.sample)).toEqual([true, true]);
		expect(JSON.stringify([result.errorItems, hintsOf(result)])).toMatch(/Prompt is empty/);
		expect(JSON.stringify(result.errorItems)).not.toMatch(/LTX|charge|paid/i);
		expectNothingSent(result);
	});

	it('an error that ends the run says nothing of LTX or of charges', async () => {
		const { error } = await runIn('manual', {
			parameters: { ...EDITOR, prompt: '={{ $json.n === 2 ? "" : "Waves" }}' },
			items: items(3),
		});
		expect(error?.context.itemIndex).toBe(2);
		expect(`${error?.message} ${error?.description}`).not.toMatch(/LTX|charge|paid|submitted/i);
	});

	it('Max Cost is kept as for real videos', async () => {
		const run = (maxCostUsd: number) => ({
			parameters: { ...EDITOR, options: { ...EDITOR.options, maxCostUsd } },
			items: items(3),
		});
		const tooDear = await runIn('manual', run(0.5));
		expect(tooDear.error?.message).toMatch(/may cost USD 0\.54, .* Max Cost \(USD 0\.50\)/);
		const enough = await runIn('manual', run(0.54));
		expect(enough.items.map(({ json }) => json.estimated_cost_usd)).toEqual([0.18, 0.18, 0.18]);
		expectNothingSent(enough);
	});

	it('a price that is not known is refused with Max Cost all the same', async () => {
		const { error } = await runIn('manual', {
			parameters: {
				...EDITOR,
				model: 'custom',
				customModel: 'ltx-9',
				options: { ...EDITOR.options, maxCostUsd: 1 },
			},
		});
		expect(error?.message).toMatch(/Max Cost cannot be kept/);
	});

	it('the file has the name and the field that were asked for', async () => {
		const { items: outputs } = await runIn('manual', {
			parameters: {
				...EDITOR,
				options: { ...EDITOR.options, fileName: 'sale', binaryPropertyOutput: 'clip' },
			},
		});
		expect(outputs[0].binary).toMatchObject({ clip: { fileName: 'sale.mp4' } });
	});

	it('of several files, the video stands for all', async () => {
		const { parameters } = REQUESTS.videoToVideoHdr;
		const all = { resource: 'videoToVideoHdr', ...parameters, resultFile: 'all' };
		const options = { fileName: 'sale', binaryPropertyOutput: 'clip' };
		const { items: outputs } = await runIn('manual', {
			parameters: withSample('always', { ...all, options }),
		});
		expect(Object.keys(outputs[0].json.result as object)).toEqual(['video_url', 'exr_frames_url']);
		expect(outputs[0].binary).toEqual({
			clip_video: expect.objectContaining({ fileName: 'sale-clip_video.mp4' }) as unknown,
		});
	});

	it('no file comes where none is wanted', async () => {
		const { items: outputs } = await runIn('manual', {
			parameters: { ...EDITOR, downloadVideo: false },
		});
		expect(outputs[0].binary).toBeUndefined();
		expect(outputs[0].json.video_url).toMatch(NOWHERE);
	});

	it('a file in a field of the API called sample hides nothing', async () => {
		const { items: outputs } = await runIn('trigger', {
			parameters: withSample('always', {
				resource: 'otherEndpoint',
				operation: 'submit',
				endpointPath: 'video-dub',
				files: { file: [{ apiField: 'sample', binaryProperty: 'data' }] },
			}),
			items: [{ binary: await ltx.files({ data: WAVES }) }],
		});
		expect(outputs[0].json.sample).toBe(true);
	});

	it('every item has a job of its own', async () => {
		const { items: outputs } = await runIn('manual', { parameters: EDITOR, items: items(25) });
		expect(new Set(outputs.map(({ json }) => json.id)).size).toBe(25);
	});
});

describe('a storage of n8n that is full', () => {
	beforeEach(() => {
		ltx.engine.holdUpStorage(() => {
			throw Object.assign(new Error('ENOSPC: it failed, write'), { code: 'ENOSPC' });
		});
	});
	afterEach(() => ltx.engine.holdUpStorage(() => 0));

	const JOB_ID = 'sample-1';
	it.each<[string, INodeParameters, RegExp]>([
		['submitAndWait', ALWAYS, /sample-/],
		['wait', { jobId: JOB_ID }, /sample-1/],
		['getStatus', { jobId: JOB_ID, downloadVideo: true }, /sample-1/],
	])('is told by %s with the id, and nothing of charges', async (operation, parameters, id) => {
		const run = { parameters: { ...parameters, operation } };
		const { error } = await runIn('trigger', run);
		expect(error?.message).toMatch(/n8n could not keep the sample: .*disk space/);
		expect(error?.message).toMatch(id);
		expect(`${error?.message} ${error?.description}`).not.toMatch(/LTX|charge|paid|submitted/i);
		const settings = { onError: 'continueRegularOutput' as const };
		const continued = await runIn('trigger', { ...run, settings });
		expect(continued.items[0].json.error).toMatchObject({
			type: 'download_failed',
			job_id: expect.stringMatching(id) as unknown,
		});
		expectNothingSent(continued);
	});
});

describe('a storage of n8n that hangs', () => {
	const HANG_MS = 8_000;
	beforeEach(() => ltx.engine.holdUpStorage(() => HANG_MS));
	afterEach(() => ltx.engine.holdUpStorage(() => 0));

	it('holds up no Stop', async () => {
		const execution = start({ parameters: ALWAYS }, 'manual');
		await pause(500);
		const startMs = Date.now();
		execution.stop();
		const { run } = await ended(execution);
		expect(run.status).toBe('canceled');
		expect(Date.now() - startMs).toBeLessThan(1_000);
	});

	it('is given up after Max Wait', async () => {
		const startMs = Date.now();
		const { error } = await runIn('manual', {
			parameters: { ...ALWAYS, options: { sample: 'always', maxWait: 0.01 } },
		});
		expect(Date.now() - startMs).toBeLessThan(HANG_MS / 2);
		expect(error?.message).toMatch(/n8n could not keep the sample: no answer .*sample-/);
	});
});

describe('a hint', () => {
	it.each<[string, NodeRun, RegExp]>([
		[
			'how many samples, and what the real ones would cost',
			{ parameters: EDITOR, items: items(3) },
			/^3 samples instead of videos: nothing was sent or charged\. The real ones would cost about USD 0\.54\.$/,
		],
		[
			'of one sample',
			{ parameters: EDITOR },
			/^1 sample instead of a video: nothing was sent or charged\. The real one would cost about USD 0\.18\.$/,
		],
		[
			'that a price is not known',
			{ parameters: { ...EDITOR, model: 'custom', customModel: 'ltx-9' } },
			/^1 sample instead of a video: nothing was sent or charged\. The price of 1 video is not known\.$/,
		],
		[
			'of samples that Wait gives',
			{ parameters: { operation: 'wait', jobId: 'sample-1', options: {} } },
			/^1 sample instead of a video: nothing was sent or charged\.$/,
		],
	])('tells %s', async (_what, run, words) => {
		const hints = hintsOf(await runIn('manual', run));
		expect(hints).toEqual([expect.stringMatching(words)]);
	});

	it('counts real ones apart', async () => {
		const result = await runIn('trigger', {
			parameters: { ...withSample("={{ $json.n === 1 ? 'always' : 'never' }}") },
			items: items(3),
		});
		expect(hintsOf(result)).toEqual([
			expect.stringMatching(/^1 sample .* USD 0\.18/),
			expect.stringMatching(/^Estimated cost: USD 0\.36 for 2 jobs/),
		]);
	});
});
