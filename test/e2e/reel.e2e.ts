import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import axios from 'axios';
import type { INode } from 'n8n-workflow';

import { REPOSITORY } from '../../tools/engine/paths';
import { exampleWorkflow, withCredentials, withNodes } from '../../tools/n8n/examples';
import type { ExecutionDetails, SavedWorkflow } from '../../tools/n8n/N8nClient';
import { RELEASES } from '../../tools/n8n/releases';
import { itemsOf } from '../../tools/n8n/workflows';
import { until } from '../../tools/until';
import { Instagram } from './Instagram';
import { useN8n } from './useN8n';

const IMAGE = readFileSync(join(REPOSITORY, 'examples', 'lighthouse.png'));

// What it does when Instagram refuses or fails is played in n8n's engine, in engine/examples.test.ts.
describe.each(RELEASES)('reel-from-an-image.json in n8n $version', (release) => {
	const test = useN8n(release);
	let instagram: Instagram;
	let workflow: SavedWorkflow;

	beforeEach(async () => {
		const { rest, ltxApi } = test;
		instagram = new Instagram('instagram-of-this-test');
		await instagram.start();
		const httpBearerAuth = await rest.createCredential('Instagram', 'httpBearerAuth', {
			token: instagram.token,
		});
		const example = instagram.setUp(
			withCredentials(
				exampleWorkflow('reel-from-an-image.json', ltxApi),
				'n8n-nodes-base.httpRequest',
				{ httpBearerAuth },
			),
		);
		const wait = example.nodes.find(({ name }) => name === 'Wait 2 minutes') as INode;
		const parameters = { ...wait.parameters, amount: 1, unit: 'seconds' };
		workflow = await rest.createWorkflow(withNodes(example, { ...wait, parameters }));
		await rest.activate(workflow);
	});
	afterEach(async () => {
		await test.rest.deactivate(workflow);
		await instagram.stop();
		expect(instagram.violations).toEqual([]);
	});

	/** Fills in the published form. Gives the execution. */
	async function fillInForm(): Promise<string> {
		const { n8n, rest } = test;
		const trigger = workflow.nodes.find(({ type }) => type.endsWith('.formTrigger'));
		const address = `${n8n.url}/form/${trigger?.webhookId}`;
		const { data: page } = await axios.get<string>(address);
		expect(page).toContain('The Reel is being made');
		const form = new FormData();
		form.append(
			'field-0',
			new Blob([new Uint8Array(IMAGE)], { type: 'image/png' }),
			'lighthouse.png',
		);
		form.append('field-1', 'Waves roll in');
		form.append('field-2', 'Find your way home');
		await axios.post(address, form);
		const [{ id }] = await until(async () => {
			const executions = await rest.executions(workflow.id);
			return executions.length > 0 && executions;
		});
		return id;
	}

	function expectOnePost({ data }: ExecutionDetails): void {
		expect(data.resultData.error?.message).toBeUndefined();
		expect(itemsOf({ data } as ExecutionDetails, 'Posted')).toHaveLength(1);
		expect(instagram.posts.map(({ caption, mediaType }) => [caption, mediaType])).toEqual([
			['Find your way home', 'REELS'],
		]);
		expect(instagram.posts[0].video.equals(test.ltx.video)).toBe(true);
		expect(test.ltx.jobs).toHaveLength(1);
	}

	it('posts what a published form was filled in with', async () => {
		expectOnePost(await test.rest.endOf(await fillInForm()));
	});

	it('posts once when n8n was killed while it published, and is retried', async () => {
		const { n8n, rest } = test;
		const id = await fillInForm();
		instagram.publishFaults.push({ posts: true, silent: true });
		await until(() => instagram.posts.length === 1);
		await n8n.kill();
		await n8n.start();
		expect((await rest.endOf(id)).status).toBe('crashed');
		expectOnePost(await rest.retryExecution(id));
		// The Retry begins with the call that n8n did not survive, and names no Reel there.
		expect(instagram.refused).toEqual(['look_first']);
	});
});
