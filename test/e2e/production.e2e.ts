import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { REPOSITORY } from '../../tools/engine/paths';
import { chain, node } from '../../tools/engine/workflow';
import { RELEASES } from '../../tools/n8n/releases';
import {
	ANSWER_FILE,
	itemsOf,
	ltxVideo,
	saveAndActivate,
	postWebhook,
	webhook,
} from '../../tools/n8n/workflows';
import { readMp4 } from '../../tools/samples/readMp4';
import { useN8n } from './useN8n';

const PNG = readFileSync(join(REPOSITORY, 'examples', 'lighthouse.png'));

// Several times the interval of the schedule.
const QUIET_MS = 4_000;

describe.each(RELEASES)('n8n $version in production', (release) => {
	const test = useN8n(release, { env: { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' } });

	const post = async (path: string, body?: object) => await postWebhook(test.n8n.url, path, body);

	it('makes a video of an image that a webhook takes, in files on disk', async () => {
		const { rest, ltx, ltxApi } = test;
		const image = { imageSource: 'binary', imageBinaryProperty: 'image' };
		const workflow = await saveAndActivate(
			rest,
			chain(webhook('image', ANSWER_FILE), ltxVideo(ltxApi, image)),
		);
		const form = new FormData();
		form.append('image', new Blob([new Uint8Array(PNG)]), 'lighthouse.png');
		const answer = await post('image', form);

		expect(answer.equals(ltx.video)).toBe(true);
		expect([...ltx.files.values()].map(({ bytes }) => bytes.equals(PNG))).toEqual([true]);
		const [{ id }] = await rest.endedExecutions(workflow.id);
		const execution = await rest.execution(id);
		expect(execution).toMatchObject({ status: 'success', mode: 'webhook' });
		const [item] = itemsOf(execution, 'LTX Video');
		expect(item.binary?.data).toMatchObject({
			id: expect.stringMatching(/^filesystem-v2:/),
			fileName: `${ltx.jobs[0].id}.mp4`,
			mimeType: 'video/mp4',
		});
		expect(readMp4(await rest.file(item.binary?.data.id as string))).toMatchObject({
			videoTracks: 1,
			audioTracks: 1,
		});
		expect(filesBelow(test.n8n.userFolder)).toContain(item.binary?.data.id?.split('/').at(-1));
	});

	/** How many executions there are when no more come: n8n answers before its triggers rest. */
	async function countWhenQuiet(workflowId: string): Promise<number> {
		for (let count = -1; ;) {
			const { length } = await test.rest.executions(workflowId);
			if (length === count) return count;
			count = length;
			await setTimeout(QUIET_MS);
		}
	}

	it('runs on a schedule', async () => {
		const { rest, ltx, ltxApi } = test;
		const everySecond = { rule: { interval: [{ field: 'seconds', secondsInterval: 1 }] } };
		const schedule = node('Schedule', 'n8n-nodes-base.scheduleTrigger', 1.2, everySecond);
		const workflow = await saveAndActivate(rest, chain(schedule, ltxVideo(ltxApi)));
		await rest.endedExecutions(workflow.id, 2);
		await rest.deactivate(workflow);
		const ended = await rest.endedExecutions(workflow.id, await countWhenQuiet(workflow.id));
		expect(ended.map(({ status, mode }) => [status, mode])).toEqual(
			ended.map(() => ['success', 'trigger']),
		);
		expect(ltx.jobs).toHaveLength(ended.length);
	});
});

/** Names of the files in n8n's store for binary data. */
function filesBelow(userFolder: string): string[] {
	return ['binaryData', 'storage']
		.map((name) => join(userFolder, '.n8n', name))
		.filter((folder) => existsSync(folder))
		.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }))
		.map((path) => path.split('/').at(-1) as string);
}
