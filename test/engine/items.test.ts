import { answerWith, apiError, processThenReset } from '../../tools/ltx-server/faults';
import { errorBody } from '../../tools/ltx-server/contract';
import { GOOD_REQUEST, QUICK } from '../../tools/engine/runNode';
import { useLtx } from './useLtx';

const ltx = useLtx();

const WAITING = { ...GOOD_REQUEST, operation: 'submitAndWait', options: QUICK };
const SUBMITTING = { ...GOOD_REQUEST, operation: 'submit' };
const items = (count: number) => Array.from({ length: count }, (_, n) => ({ json: { n } }));
const prompts = { prompt: '={{ "prompt " + $json.n }}' };

describe('many items', () => {
	it('come out in input order, each paired with its input, whatever ends first', async () => {
		ltx.server.planJob = ({ prompt }) => ({ durationMs: 300 - 40 * Number(String(prompt).at(-1)) });
		const { items: outputs } = await ltx.run({
			parameters: { ...WAITING, ...prompts },
			items: items(6),
		});
		const promptOf = (id: unknown) => ltx.server.jobs.find((job) => job.id === id)?.body.prompt;
		expect(outputs.map(({ json }) => promptOf(json.id))).toEqual(
			items(6).map((_, n) => `prompt ${n}`),
		);
		expect(outputs.map(({ pairedItem }) => pairedItem)).toEqual(
			items(6).map((_, n) => ({ item: n })),
		);
	});

	it('are waited for at the same time', async () => {
		ltx.server.jobMs = 400;
		const startMs = Date.now();
		await ltx.run({ parameters: WAITING, items: items(10) });
		expect(Date.now() - startMs).toBeLessThan(1_500);
	});

	it('are worked on ten at once unless told otherwise', async () => {
		// The first submits are answered when the tenth has come: fewer at once would never end.
		const answers: Array<() => void> = [];
		let atTenth = 0;
		for (let n = 0; n < 10; n++) {
			ltx.server.fail('submit', ({ process, response }) => {
				answers.push(() => response.status(202).json(process().body));
				if (answers.length < 10) return;
				setTimeout(() => {
					atTenth = ltx.server.count('submit');
					answers.forEach((answer) => answer());
				}, 30);
			});
		}
		const { items: outputs } = await ltx.run({
			parameters: { ...WAITING, operation: 'submit' },
			items: items(11),
		});
		expect(outputs).toHaveLength(11);
		expect(atTenth).toBe(10);
	});

	it.each(['submit', 'submitAndWait'])(
		'are never more than maxConcurrency at once (%s)',
		async (operation) => {
			let running = 0;
			let most = 0;
			for (let n = 0; n < 8; n++) {
				ltx.server.fail('submit', ({ process, response }) => {
					most = Math.max(most, ++running);
					const { body } = process();
					setTimeout(() => {
						running--;
						response.status(202).json(body);
					}, 30);
				});
			}
			await ltx.run({
				parameters: { ...WAITING, operation, options: { ...QUICK, maxConcurrency: 3 } },
				items: items(8),
			});
			expect(most).toBe(3);
		},
	);

	it('move on as soon as one ends: a slow one holds up no other', async () => {
		ltx.server.planJob = ({ prompt }) => ({ durationMs: prompt === 'prompt 0' ? 900 : 30 });
		const startMs = Date.now();
		await ltx.run({
			parameters: { ...WAITING, ...prompts, options: { ...QUICK, maxConcurrency: 2 } },
			items: items(8),
		});
		expect(Date.now() - startMs).toBeLessThan(1_700);
	});

	it('wait for a free place where the server takes few at a time', async () => {
		ltx.server.maxRunningJobs = 2;
		ltx.server.jobMs = 200;
		const { items: outputs, error } = await ltx.run({ parameters: WAITING, items: items(5) });
		expect(error).toBeUndefined();
		expect(outputs.every(({ json }) => json.status === 'completed')).toBe(true);
		expect(ltx.server.jobs).toHaveLength(5);
	});

	it('have their own values of every parameter', async () => {
		await ltx.run({
			parameters: { ...SUBMITTING, ...prompts, duration: '={{ 6 + 2 * $json.n }}' },
			items: items(3),
		});
		const bodies = ltx.server.jobs.map(({ body }) => [body.prompt, body.duration]);
		expect(bodies.sort()).toEqual([
			['prompt 0', 6],
			['prompt 1', 8],
			['prompt 2', 10],
		]);
	});

	it('may be none', async () => {
		const { items: outputs, error } = await ltx.run({ parameters: SUBMITTING, items: [] });
		expect([outputs, error, ltx.server.requests]).toEqual([[], undefined, []]);
	});
});

describe('a failed item', () => {
	const failSecond = () => {
		ltx.server.planJob = ({ prompt }) =>
			prompt === 'prompt 1' ? { ends: { failed: { type: 'api_error', message: 'GPU lost' } } } : {};
	};
	const failedJson = () => {
		const job = ltx.server.jobs.find(({ body }) => body.prompt === 'prompt 1');
		const message = `The job failed: LTX had an internal error: GPU lost (job ${job?.id})`;
		return {
			error: { type: 'api_error', message, endpoint: 'image-to-video', job_id: job?.id },
			message,
		};
	};

	it('is one of the outputs with Continue, and the others are finished', async () => {
		failSecond();
		const { items: outputs, error } = await ltx.run({
			parameters: { ...WAITING, ...prompts },
			settings: { onError: 'continueRegularOutput' },
			items: items(3),
		});
		expect(error).toBeUndefined();
		expect(outputs[1]).toEqual({ json: failedJson(), pairedItem: { item: 1 } });
		expect([outputs[0], outputs[2]].map(({ json }) => json.status)).toEqual([
			'completed',
			'completed',
		]);
	});

	it('goes to the error output with its content and the input’s, where there is one', async () => {
		failSecond();
		const { items: outputs, errorItems } = await ltx.run({
			parameters: { ...WAITING, ...prompts },
			settings: { onError: 'continueErrorOutput' },
			items: items(3),
		});
		expect(outputs.map(({ json }) => json.status)).toEqual(['completed', 'completed']);
		expect(outputs.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		expect(errorItems).toEqual([{ json: { n: 1, ...failedJson() }, pairedItem: { item: 1 } }]);
	});

	it('tells what the API said, with status and request id', async () => {
		ltx.server.fail('submit', apiError('insufficient_funds_error', 'Balance is 0'));
		const { items: outputs } = await ltx.run({
			parameters: SUBMITTING,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(outputs[0].json.error).toEqual({
			type: 'insufficient_funds_error',
			message: 'Not enough LTX credits: Balance is 0',
			endpoint: 'image-to-video',
			http_status: 402,
			request_id: 'req-insufficient_funds_error',
		});
	});

	it('of a type that is new keeps it', async () => {
		ltx.server.fail(
			'submit',
			answerWith({ status: 451, body: errorBody('embargo_error', 'Not here') }),
		);
		const { items: outputs } = await ltx.run({
			parameters: SUBMITTING,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(outputs[0].json.error).toMatchObject({ type: 'embargo_error', http_status: 451 });
	});

	it.each<[string, () => void, object, string]>([
		[
			'timeout',
			() => (ltx.server.jobMs = 60_000),
			{ options: { ...QUICK, maxWait: 0.005 } },
			'timeout',
		],
		['answer_lost', () => ltx.server.fail('submit', processThenReset), {}, 'answer_lost'],
		[
			'unexpected_status',
			() => (ltx.server.planJob = () => ({ ends: { status: 'odd' } })),
			{},
			'unexpected_status',
		],
		[
			'unexpected_answer',
			() => (ltx.server.planJob = () => ({ result: {} })),
			{},
			'unexpected_answer',
		],
		[
			'download_failed',
			() => ltx.server.fail('download', answerWith({ status: 410 }), { times: 9 }),
			{},
			'download_failed',
		],
		[
			'upload_failed',
			() => ltx.server.fail('put', answerWith({ status: 400 }), { times: 99 }),
			{ imageSource: 'binary' },
			'upload_failed',
		],
		['invalid_input', () => {}, { prompt: ' ' }, 'invalid_input'],
	])('is of the type %s', async (_name, prepare, changes, type) => {
		prepare();
		const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
		const { items: outputs } = await ltx.run({
			parameters: { ...WAITING, ...changes },
			settings: { onError: 'continueRegularOutput' },
			items: [{ binary: { data: await ltx.file(png) } }],
		});
		expect(Object.keys(outputs[0].json)).toEqual(['error', 'message']);
		expect(outputs[0].json.error).toMatchObject({ type, endpoint: 'image-to-video' });
		expect((outputs[0].json.error as { message: string }).message).toBe(outputs[0].json.message);
	});

	it('is network_error, not a lost answer, when nothing was ever sent', async () => {
		const { items: outputs } = await ltx.run({
			parameters: SUBMITTING,
			settings: { onError: 'continueRegularOutput' },
			credentials: { baseUrl: 'http://127.0.0.1:9' },
		});
		expect(outputs[0].json.error).toMatchObject({ type: 'network_error' });
		expect(outputs[0].json.message).toMatch(/could not reach LTX: the connection was refused/);
	});

	it('ends the node with its index, words and advice when it is set to stop', async () => {
		ltx.server.fail('submit', apiError('insufficient_funds_error', 'Balance is 0'));
		const { error } = await ltx.run({ parameters: SUBMITTING, items: items(2) });
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '402' });
		expect(error?.message).toBe('Not enough LTX credits: Balance is 0');
		expect(error?.description).toContain('console.ltx.io');
		expect(error?.description).toContain('Request ID: req-insufficient_funds_error.');
		expect([0, 1]).toContain(error?.context.itemIndex);
	});

	it('keeps words that n8n would replace', async () => {
		const words = 'The model ENOENT-XL and ETIMEDOUT are not for you';
		ltx.server.fail('submit', apiError('permission_error', words));
		const { error } = await ltx.run({ parameters: SUBMITTING });
		expect(error?.message).toContain(words);
	});
});
