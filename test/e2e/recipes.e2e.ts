import { randomUUID } from 'node:crypto';

import axios from 'axios';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import { chain, node } from '../../tools/engine/workflow';
import type { ExecutionDetails } from '../../tools/n8n/N8nClient';
import { RELEASES } from '../../tools/n8n/releases';
import {
	itemsOf,
	ltxVideo,
	postWebhook,
	saveAndActivate,
	webhook,
} from '../../tools/n8n/workflows';
import { PNG } from '../../tools/samples/samples';
import { until } from '../../tools/until';
import { ChatModel, equipAgent } from './ChatModel';
import { afterItems, startExecution } from './executions';
import { ImageMakers } from './ImageMakers';
import { PostServices } from './PostServices';
import { useN8n } from './useN8n';

/*
 * What docs/recipes.md says of nodes beside LTX Video.
 */

const OPENAI = '@n8n/n8n-nodes-langchain.openAi';
const GEMINI = '@n8n/n8n-nodes-langchain.googleGemini';
const IMAGE = { resource: 'image', operation: 'generate', prompt: 'A lighthouse' };
const EDIT = { operation: 'edit', images: { values: [{ binaryPropertyName: 'data' }] } };
const FILE_IN_DATA = { imageSource: 'binary', imageBinaryProperty: 'data' };

/** An HTTP Request to a service, which gives JSON or a file as it comes. */
function post(url: string, headers: Record<string, string> = {}): INode {
	const parameters = Object.entries(headers).map(([name, value]) => ({ name, value }));
	return node('Make an image', 'n8n-nodes-base.httpRequest', 4.2, {
		method: 'POST',
		url,
		sendHeaders: true,
		headerParameters: { parameters },
		options: {},
	});
}

const fromUrl = (imageUri: string) => ({ imageSource: 'url', imageUri });

describe.each(RELEASES)('Recipes in n8n $version', (release) => {
	const test = useN8n(release);

	/** Runs nodes in production, after a webhook, and expects that it goes well. */
	async function run(...nodes: INode[]): Promise<ExecutionDetails> {
		const { id } = await startExecution(test, afterItems(...nodes));
		const execution = await test.rest.endOf(id);
		expect(execution.data.resultData.error?.message).toBeUndefined();
		return execution;
	}

	describe('an image', () => {
		const makers = new ImageMakers(PNG);
		let openAiApi: object;
		let googlePalmApi: object;

		beforeAll(async () => {
			await makers.start();
			const { rest } = test;
			openAiApi = await rest.createCredential('OpenAI', 'openAiApi', {
				apiKey: 'none',
				url: makers.address('openai'),
			});
			googlePalmApi = await rest.createCredential('Gemini', 'googlePalmApi', {
				apiKey: 'none',
				host: makers.address('gemini'),
			});
		});
		afterAll(async () => {
			await makers.stop();
			expect(makers.violations).toEqual([]);
		});

		const openAi = (parameters: INodeParameters) =>
			node(
				'Make an image',
				OPENAI,
				2.1,
				{ ...IMAGE, ...parameters },
				{
					credentials: { openAiApi } as INode['credentials'],
				},
			);
		const gemini = (model: string, parameters: INodeParameters = {}) =>
			node(
				'Make an image',
				GEMINI,
				1,
				{
					...IMAGE,
					modelId: { __rl: true, mode: 'id', value: `models/${model}` },
					options: {},
					...parameters,
				},
				{ credentials: { googlePalmApi } as INode['credentials'] },
			);
		/** An image that is edited then. */
		const first = () => ({
			...post(makers.address('stability/core'), { Accept: 'image/*' }),
			name: 'First image',
		});
		const base64 = () => post(makers.address('stability/core'), { Accept: 'application/json' });
		const toFile = node('To a file', 'n8n-nodes-base.convertToFile', 1.1, {
			operation: 'toBinary',
			sourceProperty: 'image',
			options: {},
		});

		const rows: Array<[string, () => INode[], INodeParameters]> = [
			['OpenAI', () => [openAi({ model: 'gpt-image-1', options: {} })], FILE_IN_DATA],
			[
				'OpenAI, Edit Image',
				() => [first(), openAi({ ...EDIT, model: 'gpt-image-1', options: {} })],
				FILE_IN_DATA,
			],
			[
				'OpenAI with Respond with Image URL(s)',
				() => [openAi({ model: 'dall-e-3', options: { returnImageUrls: true } })],
				fromUrl('={{ $json.url }}'),
			],
			['Gemini', () => [gemini('gemini-2.5-flash-image')], FILE_IN_DATA],
			[
				'Gemini, Edit Image',
				() => [first(), gemini('gemini-2.5-flash-image', EDIT)],
				{ imageSource: 'binary', imageBinaryProperty: 'edited' },
			],
			['Imagen', () => [gemini('imagen-4.0-generate-001')], FILE_IN_DATA],
			[
				'fal',
				() => [post(makers.address('fal/fal-ai/flux/dev'))],
				fromUrl('={{ $json.images[0].url }}'),
			],
			[
				'Replicate, a model with several images',
				() => [post(makers.address('replicate/several'), { Prefer: 'wait' })],
				fromUrl('={{ [$json.output].flat()[0] }}'),
			],
			[
				'Replicate, a model with one image',
				() => [post(makers.address('replicate/one-image'), { Prefer: 'wait' })],
				fromUrl('={{ [$json.output].flat()[0] }}'),
			],
			[
				'Stability with a file',
				() => [post(makers.address('stability/core'), { Accept: 'image/*' })],
				FILE_IN_DATA,
			],
			['base64 in JSON', () => [base64()], fromUrl('={{ $json.image }}')],
			['base64 in JSON, made a file', () => [base64(), toFile], FILE_IN_DATA],
			[
				'base64 in JSON, as a data URI',
				() => [base64()],
				fromUrl('=data:image/png;base64,{{ $json.image }}'),
			],
		];

		it.each(rows)('of %s comes into the video', async (_name, nodes, source) => {
			const { ltx, ltxApi } = test;
			await run(...nodes(), ltxVideo(ltxApi, source));
			const [{ body }] = ltx.jobs;
			const sent = String(body.image_uri);
			const expected = sent.startsWith('https:')
				? sent === makers.imageUrl
				: bytesOf(sent)?.equals(PNG);
			expect(expected).toBe(true);
		});

		/** What LTX gets with a request, or got before. */
		function bytesOf(uri: string): Buffer | undefined {
			const [, data] = /^data:image\/png;base64,(.+)$/.exec(uri) ?? [];
			return data ? Buffer.from(data, 'base64') : test.ltx.files.get(uri)?.bytes;
		}
	});

	it('makes several variants of one image, which is uploaded once', async () => {
		const { ltx, ltxApi } = test;
		const prompts = ['Waves roll in', 'Snow falls', 'The sun rises'];
		const upload = ltxVideo(ltxApi, {
			resource: 'file',
			operation: 'upload',
			binaryProperty: 'data',
		});
		const texts = node('Variants', 'n8n-nodes-base.set', 3.4, {
			mode: 'manual',
			assignments: {
				assignments: [{ id: '1', name: 'prompt', value: JSON.stringify(prompts), type: 'array' }],
			},
			includeOtherFields: true,
			options: {},
		});
		const each = node('One item each', 'n8n-nodes-base.splitOut', 1, {
			fieldToSplitOut: 'prompt',
			include: 'allOtherFields',
			options: {},
		});
		const video = ltxVideo(ltxApi, {
			...fromUrl('={{ $json.storage_uri }}'),
			prompt: '={{ $json.prompt }}',
		});
		const makeFile = node('File', 'n8n-nodes-base.convertToFile', 1.1, {
			operation: 'toBinary',
			sourceProperty: 'image',
			options: {},
		});
		const { id } = await startExecution(
			test,
			afterItems(makeFile, { ...upload, name: 'Upload' }, texts, each, video),
			[{ image: PNG.toString('base64') }],
		);
		const execution = await test.rest.endOf(id);
		expect(itemsOf(execution, 'LTX Video').map(({ json }) => json.status)).toEqual(
			prompts.map(() => 'completed'),
		);
		expect(ltx.jobs.map(({ body }) => body.prompt)).toEqual(prompts);
		expect([...ltx.files.values()].map(({ bytes }) => bytes.equals(PNG))).toEqual([true]);
	});

	it('answers a webhook with the job ID, before the video is made', async () => {
		const { ltx, ltxApi, n8n, rest } = test;
		ltx.jobMs = 600_000;
		const path = randomUUID();
		const wait = ltxVideo(ltxApi, { operation: 'wait', jobId: "={{ $('Submit').item.json.id }}" });
		const { id } = await saveAndActivate(
			rest,
			chain(
				webhook(path, { responseMode: 'responseNode' }),
				{ ...ltxVideo(ltxApi, { operation: 'submit', options: {} }), name: 'Submit' },
				node('Respond', 'n8n-nodes-base.respondToWebhook', 1.1, {
					respondWith: 'json',
					responseBody: '={{ { "job_id": $json.id } }}',
					options: {},
				}),
				wait,
			),
		);
		const answer = JSON.parse((await postWebhook(n8n.url, path)).toString()) as IDataObject;
		expect(answer).toEqual({ job_id: ltx.jobs[0].id });
		ltx.jobMs = 0;
		const [execution] = await rest.endedExecutions(id);
		expect(execution.status).toBe('success');
	});

	describe('a question in Telegram', () => {
		const services = new PostServices('none', '123:of-this-test', PNG);
		beforeAll(async () => await services.start());
		afterAll(async () => {
			await services.stop();
			expect(services.violations).toEqual([]);
		});

		it.each([
			['yes', 'true', 1],
			['no', 'false', 0],
		])('is answered with %s before anything is paid', async (_answer, approved, videos) => {
			const { ltx, ltxApi, rest } = test;
			const telegramApi = await rest.createCredential(
				'Telegram',
				'telegramApi',
				services.telegramApi,
			);
			const ask = node(
				'Ask',
				'n8n-nodes-base.telegram',
				1.2,
				{
					resource: 'message',
					operation: 'sendAndWait',
					chatId: '1',
					message: 'Make this video for USD 0.18?',
					responseType: 'approval',
					approvalOptions: { values: { approvalType: 'double' } },
					options: {},
				},
				{ credentials: { telegramApi }, webhookId: randomUUID() },
			);
			const isApproved = node('Approved?', 'n8n-nodes-base.if', 2.2, {
				conditions: {
					options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
					conditions: [
						{
							id: '1',
							leftValue: '={{ $json.data.approved }}',
							rightValue: '',
							operator: { type: 'boolean', operation: 'true', singleValue: true },
						},
					],
					combinator: 'and',
				},
				looseTypeValidation: true,
				options: {},
			});
			const questions = services.questions.length;
			const { id } = await startExecution(test, afterItems(ask, isApproved, ltxVideo(ltxApi)));
			await until(() => services.questions.length > questions);
			await until(async () => (await rest.execution(id)).status === 'waiting');
			expect(ltx.requests).toEqual([]);
			const button = services.questions[questions].find(
				(url) => new URL(url).searchParams.get('approved') === approved,
			);
			// n8n takes no answer from programs, which look at links before people do.
			await axios.get(String(button), { headers: { 'User-Agent': 'Mozilla/5.0 Firefox/145.0' } });
			expect((await rest.endOf(id)).status).toBe('success');
			expect(ltx.jobs).toHaveLength(videos);
		});
	});

	it('gives the picture of a chat to the tool of an agent', async () => {
		const { ltx, ltxApi, n8n, rest } = test;
		const model = new ChatModel([[{ Prompt: 'Waves roll in' }]], 'Done');
		const data = { apiKey: 'none', url: await model.start() };
		try {
			const openAiApi = await rest.createCredential('Chat model', 'openAiApi', data);
			const webhookId = randomUUID();
			const workflow = chain(
				node(
					'Chat',
					'@n8n/n8n-nodes-langchain.chatTrigger',
					1.1,
					{ public: true, mode: 'webhook', options: { allowFileUploads: true } },
					{ webhookId },
				),
				node('Agent', '@n8n/n8n-nodes-langchain.agent', 2.2, {
					promptType: 'auto',
					text: '={{ $json.chatInput }}',
					options: { enableStreaming: false },
				}),
			);
			const tool = ltxVideo(ltxApi, {
				...FILE_IN_DATA,
				imageBinaryProperty: "={{ $('Chat').item.binary.data0 }}",
				prompt: "={{ $fromAI('Prompt', 'What happens in the video', 'string') }}",
				downloadVideo: false,
			});
			equipAgent(workflow, 'Agent', openAiApi, tool);
			await saveAndActivate(rest, workflow);
			const form = new FormData();
			form.append('action', 'sendMessage');
			form.append('sessionId', randomUUID());
			form.append('chatInput', 'Make a video of this picture');
			form.append('files', new Blob([new Uint8Array(PNG)], { type: 'image/png' }), 'picture.png');
			await axios.post(`${n8n.url}/webhook/${webhookId}/chat`, form);
			const [{ body }] = ltx.jobs;
			expect(body.prompt).toBe('Waves roll in');
			expect(ltx.files.get(String(body.image_uri))?.bytes.equals(PNG)).toBe(true);
		} finally {
			await model.stop();
		}
	});
});
