import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Engine, type WorkflowJson } from '../../tools/engine/engine';
import { REPOSITORY } from '../../tools/engine/paths';
import { readMp4 } from '../../tools/samples/readMp4';
import { PNG } from '../../tools/samples/samples';

/*
 * npm run test:real, with LTX_API_KEY set: the example workflow against the real API, with the
 * cheapest clip that it makes (ltx-2-3-fast, 720p, 6 s).
 */

const apiKey = process.env.LTX_API_KEY ?? '';

beforeAll(() => {
	if (apiKey === '') throw new Error('Set LTX_API_KEY to an API key of LTX');
	process.stdout.write('This test makes one video and costs about USD 0.18.\n');
});

it(
	'turns the sample image into a video with sound',
	async () => {
		const engine = await Engine.start();
		const workflow = JSON.parse(
			readFileSync(join(REPOSITORY, 'examples', 'image-to-video.json'), 'utf8'),
		) as WorkflowJson;
		const image = await engine.storeFile(PNG, 'lighthouse.png', 'image/png');
		workflow.pinData = {
			'On form submission': [{ json: { Prompt: 'Waves roll in' }, binary: { Image: image } }],
		};
		const baseUrl = process.env.LTX_BASE_URL ?? 'https://api.ltx.io';
		const { data } = await engine.execute(workflow, { ltxApi: { apiKey, baseUrl } }).finished;
		expect(data.resultData.error).toBeUndefined();
		const [made, failed] = data.resultData.runData['LTX Video'][0].data?.main ?? [];
		expect(failed?.map(({ json }) => json.message) ?? []).toEqual([]);
		const [item] = made ?? [];
		expect(item.json.status).toBe('completed');
		const video = readMp4(await engine.readFile(item.binary!.data));
		expect(video).toMatchObject({ videoTracks: 1, audioTracks: 1 });
		expect(video.durationSeconds).toBeGreaterThan(5);
	},
	25 * 60_000,
);
