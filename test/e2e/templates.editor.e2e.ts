import { join } from 'node:path';

import axios from 'axios';
import type { Page } from 'playwright-core';
import sharp from 'sharp';

import { SAMPLE_MP4 } from '../../nodes/LtxVideo/sample/files';
import type { WorkflowJson } from '../../tools/engine/workflow';
import { REPOSITORY } from '../../tools/engine/paths';
import { apiError } from '../../tools/ltx-server/faults';
import {
	EXAMPLES,
	exampleWorkflow,
	withCredentials,
	withoutSamples,
} from '../../tools/n8n/examples';
import { isDeprecated } from '../../tools/n8n/isDeprecated';
import type { ExecutionDetails, SavedWorkflow } from '../../tools/n8n/N8nClient';
import { RELEASES } from '../../tools/n8n/releases';
import { itemsOf } from '../../tools/n8n/workflows';
import { PNG } from '../../tools/samples/samples';
import { until } from '../../tools/until';
import { ChatModel } from './ChatModel';
import { PostServices } from './PostServices';
import { useEditor } from './useEditor';
import { useN8n } from './useN8n';

const LIGHTHOUSE = join(REPOSITORY, 'examples', 'lighthouse.png');
const HEIC = {
	name: 'IMG_0001.heic',
	mimeType: 'image/heic',
	buffer: Buffer.from('\0\0\0\x1cftypheic\0\0\0\0mif1heic....', 'latin1'),
};
const FAILED = { failed: { type: 'api_error', message: 'The model gave up' } };

describe.each(RELEASES)('The templates in n8n $version', (release) => {
	const test = useN8n(release);
	const browser = useEditor(test, { width: 1440, height: 900 });

	it('have no node that this n8n calls deprecated', async () => {
		const types = await test.rest.nodeTypes();
		const nodes = EXAMPLES.flatMap((file) => exampleWorkflow(file, test.ltxApi).nodes);
		const deprecated = nodes.filter((node) => {
			const description = types.find(
				({ name, version }) => name === node.type && [version].flat().includes(node.typeVersion),
			);
			return description && isDeprecated(node, description);
		});
		expect(deprecated.map(({ name }) => name)).toEqual([]);
	});

	describe('with a form', () => {
		let workflow: SavedWorkflow;
		// The next test publishes the same address again.
		afterEach(async () => await test.rest.deactivate(workflow));

		/** Publishes a template and sends its form, as somebody who knows only its address. */
		async function fillInForm(
			file: string,
			texts: string[],
			files: string[] | Array<typeof HEIC> = [],
			change = (example: WorkflowJson) => example,
		): Promise<Page> {
			const { rest, n8n, ltxApi } = test;
			workflow = await rest.createWorkflow(change(exampleWorkflow(file, ltxApi)));
			await rest.activate(workflow);
			const { page } = browser.editor;
			const trigger = workflow.nodes.find(({ type }) => type.endsWith('.formTrigger'));
			await page.goto(`${n8n.url}/form/${trigger?.webhookId}`);
			for (const [index, text] of texts.entries()) {
				await page.locator('textarea').nth(index).fill(text);
			}
			if (files.length > 0) await page.locator('input[type=file]').setInputFiles(files);
			await page.locator('#submit-btn').click();
			// The page asks n8n ever more rarely whether the next one is ready.
			await page.waitForURL('**/form-waiting/**', { timeout: 90_000 });
			await page.locator('.card').waitFor();
			await rest.endedExecutions(workflow.id);
			// Whoever reloads the page, or looks at it later, still sees its last state.
			await page.reload();
			return page;
		}

		const textOf = async (page: Page) => await page.locator('.card').innerText();

		/** Plays every video of a page, and fetches what its links lead to. */
		async function expectVideos(page: Page, count: number): Promise<void> {
			const seconds = await page.locator('video').evaluateAll(
				async (videos) =>
					await Promise.all(
						videos.map(async (video) => {
							video.muted = true;
							await video.play();
							return video.duration;
						}),
					),
			);
			expect(seconds).toHaveLength(count);
			expect(Math.min(...seconds)).toBeGreaterThan(0);
			const links = page.getByRole('link', { name: 'Open the video to save it' });
			const addresses = await links.evaluateAll((all) =>
				all.map((link) => link.getAttribute('href') as string),
			);
			expect(new Set(addresses).size).toBe(count);
			for (const address of addresses) {
				const { data } = await axios.get<ArrayBuffer>(address, { responseType: 'arraybuffer' });
				expect(Buffer.from(data).equals(test.ltx.video)).toBe(true);
			}
		}

		it('image-to-video.json ends in a page with the video', async () => {
			const page = await fillInForm('image-to-video.json', ['Waves roll in'], [LIGHTHOUSE]);
			expect(await textOf(page)).toContain('Your video is ready');
			await expectVideos(page, 1);
			expect(test.ltx.jobs.map(({ body }) => body.prompt)).toEqual(['Waves roll in']);
		});

		it('image-to-video.json ends in a page with the reason when there is no video', async () => {
			test.ltx.planJob = () => ({ ends: FAILED });
			const page = await fillInForm('image-to-video.json', ['Waves roll in'], [LIGHTHOUSE]);
			expect(await textOf(page)).toMatch(/There is no video[^]*The model gave up/);
			expect(await page.locator('video').count()).toBe(0);
		});

		it('social-formats.json ends in a page with three videos', async () => {
			const page = await fillInForm('social-formats.json', ['A lighthouse', 'The sun rises']);
			expect(await textOf(page)).toMatch(/Wide \(16:9\)[^]*Square \(1:1\)[^]*Upright \(9:16\)/);
			await expectVideos(page, 3);
		});

		it('social-formats.json shows the first part when it could not go on', async () => {
			test.ltx.fail('submit', apiError('insufficient_funds_error', 'No credits'), { skip: 1 });
			const page = await fillInForm('social-formats.json', ['A lighthouse', 'The sun rises']);
			expect(await textOf(page)).toMatch(/There is no finished video[^]*credits/);
			const link = page.getByRole('link', { name: 'Open the first part, which was made' });
			expect(await link.getAttribute('href')).toContain(test.ltx.jobs[0].id);
		});

		it('many-images.json ends in a page with all that came out', async () => {
			test.ltx.planJob = (_, index) => (index === 0 ? { ends: FAILED } : {});
			const files = [LIGHTHOUSE, join(REPOSITORY, 'docs', 'canvas.png')];
			const page = await fillInForm('many-images.json', ['Waves roll in'], files);
			expect(await textOf(page)).toMatch(
				/lighthouse\.png[^]*canvas\.png|canvas\.png[^]*lighthouse/,
			);
			expect(await textOf(page)).toContain('The model gave up');
			await expectVideos(page, 1);
		});

		it.each(['image-to-video.json', 'many-images.json'])(
			'%s says what to do with a photo in HEIC',
			async (file) => {
				const page = await fillInForm(file, ['Waves roll in'], [HEIC]);
				expect(await textOf(page)).toMatch(/HEIC image[^]*An iPhone takes JPEG with Settings/);
			},
		);

		/** Gives samples also when it is published, as it does in the editor. */
		const withSamples = (example: WorkflowJson) =>
			JSON.parse(JSON.stringify(example).replaceAll('"sample":"editor"', '"sample":"always"'));

		it.each([
			['many-images.json', ['Waves roll in'], [LIGHTHOUSE], 1],
			['social-formats.json', ['A lighthouse', 'The sun rises'], [], 3],
		])('%s shows no player for a sample, and says so first', async (file, texts, files, count) => {
			const page = await fillInForm(file, texts, files, withSamples);
			const text = await textOf(page);
			expect(text).toMatch(/^(This is what came out|Your videos are ready)\s+Samples, for nothing/);
			expect(text.match(/^A sample$/gm)).toHaveLength(count);
			expect(await page.locator('video, .card a').count()).toBe(0);
			expect(test.ltx.requests).toEqual([]);
		});
	});

	describe('scheduled-social-post.json', () => {
		let services: PostServices;
		beforeEach(async () => {
			const upright = await sharp(PNG).rotate(90).png().toBuffer();
			services = new PostServices('sk-of-this-test', '123:of-this-test', upright);
			await services.start();
		});
		afterEach(async () => {
			await services.stop();
			expect(services.violations).toEqual([]);
		});

		/**
		 * Starts the template at its schedule, as n8n does every weekday at 9.
		 * @param hasSamples as it does where somebody starts it in the editor
		 */
		async function start(hasSamples = false): Promise<string> {
			const { rest, ltxApi } = test;
			const openAiApi = await rest.createCredential('OpenAI', 'openAiApi', services.openAiApi);
			const telegramApi = await rest.createCredential(
				'Telegram',
				'telegramApi',
				services.telegramApi,
			);
			let workflow = exampleWorkflow('scheduled-social-post.json', ltxApi);
			workflow = withCredentials(workflow, '@n8n/n8n-nodes-langchain.openAi', { openAiApi });
			workflow = withCredentials(workflow, 'n8n-nodes-base.telegram', { telegramApi });
			const saved = await rest.createWorkflow(hasSamples ? workflow : withoutSamples(workflow));
			return await rest.runManually(saved, 'Every weekday at 9');
		}

		const run = async (hasSamples = false): Promise<ExecutionDetails> =>
			await test.rest.endOf(await start(hasSamples));

		it('posts an upright video of an image that OpenAI made', async () => {
			const { ltx } = test;
			const execution = await run();
			expect(execution.status).toBe('success');
			const [{ json: post }] = itemsOf(execution, 'Post of today');
			expect(services.imageRequests).toEqual([
				expect.objectContaining({ prompt: post.image_prompt, size: '1024x1536' }),
			]);
			expect(ltx.jobs.map(({ body }) => [body.prompt, body.resolution])).toEqual([
				[post.video_prompt, '1080x1920'],
			]);
			expect(services.checkedChannels).toEqual(['@your_channel']);
			expect(services.posts).toEqual([
				{
					channel: '@your_channel',
					caption: post.caption,
					fileName: `${ltx.jobs[0].id}.mp4`,
					mimeType: 'video/mp4',
					video: ltx.video,
				},
			]);
		});

		it('posts a sample when it is started in the editor, and LTX hears nothing', async () => {
			const execution = await run(true);
			expect(execution.status).toBe('success');
			expect(services.posts.map(({ video }) => video.toString('base64'))).toEqual([SAMPLE_MP4]);
			expect(services.posts[0].fileName).toMatch(/^sample-.*\.mp4$/);
			expect(test.ltx.requests).toEqual([]);
		});

		it('pays nothing when the bot cannot reach the channel', async () => {
			services.knowsNoChannel = true;
			expect((await run()).status).toBe('error');
			expect([services.imageRequests, test.ltx.requests, services.posts]).toEqual([[], [], []]);
		});

		it('posts nothing when the job fails, and says why', async () => {
			test.ltx.planJob = () => ({ ends: FAILED });
			const { status, data } = await run();
			expect(status).toBe('error');
			expect(data.resultData.error?.message).toContain('The model gave up');
			const { jobs, billedJobs } = test.ltx;
			expect([jobs.length, billedJobs, services.posts.length]).toEqual([1, 0, 0]);
		});

		it('goes on with the video when it is retried after n8n was killed, and posts once', async () => {
			const { ltx, n8n, rest } = test;
			ltx.jobMs = 600_000;
			const id = await start();
			await until(() => ltx.count('poll') > 0);
			await n8n.kill();
			await n8n.start();
			const { status, workflowId } = await rest.endOf(id);
			expect(status).toBe('crashed');
			expect(await browser.editor.offersRetry(workflowId, id)).toBe(true);
			ltx.jobMs = 0;
			expect((await rest.retryExecution(id)).status).toBe('success');
			expect([services.imageRequests.length, ltx.jobs.length]).toEqual([1, 1]);
			expect(services.posts.map(({ video }) => video.equals(ltx.video))).toEqual([true]);
		});
	});

	describe('agent-with-two-tools.json', () => {
		/** The only job in what a tool answered. */
		const jobIn = ([answer]: string[]) => (JSON.parse(answer) as Array<Record<string, string>>)[0];
		const address = 'https://images.example.com/lighthouse.png';
		const model = new ChatModel(
			[[{ image_url: address, prompt: 'Waves at dusk' }]],
			(answers) => `Begun: ${jobIn(answers).id}`,
			'Start_video',
		);
		afterAll(async () => await model.stop());

		it('answers at once, and knows the job when it is asked', async () => {
			const { rest, ltx, ltxApi } = test;
			ltx.jobMs = 600_000;
			const credential = { apiKey: 'none', url: await model.start() };
			const openAiApi = await rest.createCredential('Chat model', 'openAiApi', credential);
			const example = exampleWorkflow('agent-with-two-tools.json', ltxApi);
			const { id } = await rest.createWorkflow(
				withCredentials(example, '@n8n/n8n-nodes-langchain.lmChatOpenAi', { openAiApi }),
			);
			const { editor } = browser;
			await editor.openWorkflow(id);
			await editor.openChat();
			expect(await editor.chat(`Make a video of ${address}`)).toBe(`Begun: ${ltx.jobs[0].id}`);
			expect(ltx.jobs.map(({ body }) => [body.image_uri, body.prompt])).toEqual([
				[address, 'Waves at dusk'],
			]);
			expect(ltx.count('poll')).toBe(0);

			ltx.jobMs = 0;
			model.tool = 'Look_at_video';
			model.rounds = [[{ job_id: ltx.jobs[0].id }]];
			model.lastWord = (answers) => `Ready: ${jobIn(answers).video_url}`;
			expect(await editor.chat('Is it ready?')).toMatch(/^Ready: http.*\.mp4/);
			const remembered = JSON.stringify(model.requests.at(-1)?.messages);
			expect(remembered).toContain(`Begun: ${ltx.jobs[0].id}`);
			expect(ltx.count('submit')).toBe(1);
		});
	});
});
