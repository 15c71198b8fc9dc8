import type { INodeParameters } from 'n8n-workflow';

import { answerWith, silence, stalled, truncated } from '../../tools/ltx-server/faults';
import type { MakeResult } from '../../tools/ltx-server/LtxServer';
import { QUICK } from '../../tools/engine/runNode';
import { sample } from '../../tools/samples/samples';
import { REQUESTS } from './requests';
import { until, useLtx } from './useLtx';

/*
 * Jobs whose result has several files, all of which are wanted.
 */

const RESOURCE = 'videoAlphaGen';
const CUT_OUT = { resource: RESOURCE, ...REQUESTS[RESOURCE].parameters, options: QUICK };
const MOV = sample('video.mov');
const CONTINUE = { onError: 'continueRegularOutput' } as const;

const giving = (make: MakeResult) => () => ({ durationMs: 0, result: make });

describe.each(['filesystem', 'default'] as const)('with files in n8n as %s', (binaryMode) => {
	const ltx = useLtx({ binaryMode });

	it('each address becomes a file, named by its key, and nothing else does', async () => {
		ltx.server.planJob = giving(({ prores_url, matte_url }) => ({
			alpha_url: prores_url,
			frames: 84,
			matte: matte_url,
			codec: 'prores_4444',
		}));
		const { items, error } = await ltx.run({ parameters: CUT_OUT });
		expect(error).toBeUndefined();
		const [{ json, binary = {} }] = items;
		const id = String(json.id);
		expect(binary).toEqual({
			alpha: expect.objectContaining({
				fileName: `${id}-alpha.mov`,
				mimeType: 'video/quicktime',
				bytes: MOV.length,
			}),
			matte: expect.objectContaining({
				fileName: `${id}-matte.mp4`,
				mimeType: 'video/mp4',
				bytes: ltx.server.video.length,
			}),
		});
		expect((await ltx.engine.readFile(binary.alpha)).equals(MOV)).toBe(true);
		expect((await ltx.engine.readFile(binary.matte)).equals(ltx.server.video)).toBe(true);
		expect(json).toEqual({
			id,
			status: 'completed',
			created_at: expect.any(String),
			completed_at: expect.any(String),
			result: {
				alpha_url: expect.stringContaining('.mov?'),
				frames: 84,
				matte: expect.stringContaining('.mp4?'),
				codec: 'prores_4444',
			},
			endpoint: 'video-alpha-gen',
			polls: 1,
			waited_seconds: expect.any(Number),
		});
	});
});

describe('all files', () => {
	const ltx = useLtx();

	/** A job that is done. */
	async function finished(resource = RESOURCE): Promise<string> {
		const { parameters } = REQUESTS[resource];
		const { items } = await ltx.run({
			parameters: { resource, operation: 'submit', ...parameters },
		});
		await until(() => Date.now() > ltx.server.jobs[0].acceptedAtMs + ltx.server.jobMs);
		return String(items[0].json.id);
	}

	it.each(['submitAndWait', 'wait', 'getStatus'])(
		'of Video to HDR come with %s',
		async (operation) => {
			const resource = 'videoToVideoHdr';
			const jobId = await finished(resource);
			const { items, error } = await ltx.run({
				parameters: {
					...{ resource, operation, resultFile: 'all', jobId, downloadVideo: true },
					...(operation === 'submitAndWait' && REQUESTS[resource].parameters),
					options: operation === 'getStatus' ? {} : QUICK,
				},
			});
			expect(error).toBeUndefined();
			const [{ json, binary = {} }] = items;
			const id = String(json.id);
			expect(Object.entries(binary).map(([field, { fileName }]) => [field, fileName])).toEqual([
				['exr_frames', `${id}-exr_frames.zip`],
				['video', `${id}-video.mp4`],
			]);
			expect((await ltx.engine.readFile(binary.exr_frames)).equals(ltx.server.frames)).toBe(true);
			expect(json.video_url).toBe((json.result as { video_url: string }).video_url);
		},
	);

	it('have the names that the user wants before their own', async () => {
		const options = { ...QUICK, binaryPropertyOutput: 'cut', fileName: 'avatar' };
		const { items } = await ltx.run({ parameters: { ...CUT_OUT, options } });
		expect(
			Object.entries(items[0].binary ?? {}).map(([key, { fileName }]) => [key, fileName]),
		).toEqual([
			['cut_prores', 'avatar-cut_prores.mov'],
			['cut_matte', 'avatar-cut_matte.mp4'],
		]);
	});

	it('are not fetched where they are not wanted', async () => {
		const { items } = await ltx.run({ parameters: { ...CUT_OUT, downloadVideo: false } });
		expect(items[0].json.result).toHaveProperty('matte_url');
		expect(items[0].binary).toBeUndefined();
		expect(ltx.server.count('download')).toBe(0);
	});

	it.each([{}, { note: 'soon', frames: 3 }, null])(
		'are missed in the result %j',
		async (result) => {
			ltx.server.planJob = () => ({ result });
			const { error } = await ltx.run({ parameters: CUT_OUT });
			expect(error?.message).toMatch(/^The job is completed, but LTX gave no URL for any file/);
			expect(error?.message).toContain(ltx.server.jobs[0].id);
		},
	);

	it('are as many as there are: one is enough', async () => {
		ltx.server.planJob = giving(({ matte_url }) => ({ matte_url, prores_url: null }));
		const { items } = await ltx.run({ parameters: CUT_OUT });
		expect(Object.keys(items[0].binary ?? {})).toEqual(['matte']);
	});

	it('are fetched one after another, and again where one broke off', async () => {
		ltx.server.fail('download', truncated, { skip: 1 });
		const { items, error } = await ltx.run({ parameters: CUT_OUT });
		expect(error).toBeUndefined();
		expect(Object.keys(items[0].binary ?? {})).toEqual(['prores', 'matte']);
		const extensions = ltx.server.of('download').map(({ path }) => /\.(\w+)\?/.exec(path)?.[1]);
		expect(extensions).toEqual(['mov', 'mp4', 'mp4']);
	});

	it.each([
		['the first', 0, ['mov', 'mov', 'mp4']],
		['the second', 1, ['mov', 'mp4', 'mp4']],
	])('have fresh addresses after one look where %s has expired', async (_which, skip, expected) => {
		ltx.server.fail(
			'download',
			({ process, response }) => {
				ltx.server.expireUrls();
				response.writeHead(process().status).end();
			},
			{ skip },
		);
		const jobId = await finished();
		const { items, error } = await ltx.run({
			parameters: { resource: RESOURCE, operation: 'wait', jobId, options: QUICK },
		});
		expect(error).toBeUndefined();
		expect(Object.keys(items[0].binary ?? {})).toEqual(['prores', 'matte']);
		expect(ltx.server.of('download').map(({ path }) => /\.(\w+)\?/.exec(path)?.[1])).toEqual(
			expected,
		);
		expect(items[0].json.polls).toBe(2);
		const { matte_url } = items[0].json.result as { matte_url: string };
		expect(matte_url).toContain(ltx.server.of('download')[2].path);
	});

	it.each<[string, INodeParameters]>([
		['submitAndWait', CUT_OUT],
		['getStatus', { resource: RESOURCE, operation: 'getStatus', downloadVideo: true }],
	])('fail the item with %s where one cannot be had, with its address', async (_name, given) => {
		const jobId = given.operation === 'getStatus' ? await finished() : '';
		ltx.server.fail('download', answerWith({ status: 451 }), { skip: 1 });
		const { items } = await ltx.run({ parameters: { ...given, jobId }, settings: CONTINUE });
		expect(items[0].json.error).toMatchObject({
			type: 'download_failed',
			http_status: 451,
			job_id: ltx.server.jobs[0].id,
			video_url: expect.stringContaining('.mp4?'),
		});
		expect(items[0].binary).toBeUndefined();
		expect(ltx.server.count('download')).toBe(2);
	});

	it('have one longest wait together', async () => {
		ltx.server.fail('download', stalled, { skip: 1, times: 99 });
		const options = { pollInterval: 0.05, maxWait: 1 / 60, onTimeout: 'returnJob' };
		const startMs = Date.now();
		const { items } = await ltx.run({ parameters: { ...CUT_OUT, options }, settings: CONTINUE });
		expect(Date.now() - startMs).toBeLessThan(2_000);
		expect(items[0].json.error).toMatchObject({
			type: 'download_failed',
			video_url: expect.stringContaining('.mp4?'),
		});
	});

	it('are given up at Stop, also in the second', async () => {
		ltx.server.fail('download', silence, { skip: 1, times: 99 });
		const { finished: ended, stop } = ltx.start({
			parameters: { ...CUT_OUT, options: { pollInterval: 0.05 } },
		});
		await until(() => ltx.server.count('download') === 2);
		const startMs = Date.now();
		stop();
		const { run } = await ended;
		expect(run.status).toBe('canceled');
		expect(Date.now() - startMs).toBeLessThan(1_000);
		expect(ltx.server.count('download')).toBe(2);
	});

	it('are fetched again by Retry On Fail, and not paid again', async () => {
		ltx.server.fail('download', answerWith({ status: 451 }), { skip: 1 });
		const { items, error } = await ltx.run({
			parameters: CUT_OUT,
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		expect(error).toBeUndefined();
		expect(Object.keys(items[0].binary ?? {})).toEqual(['prores', 'matte']);
		expect(ltx.server.count('submit')).toBe(1);
	});
});
