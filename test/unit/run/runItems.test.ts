import { getEventListeners } from 'node:events';
import { setTimeout } from 'node:timers/promises';

import type { IDataObject, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { runItems } from '../../../nodes/LtxVideo/run/runItems';
import { createFakeContext } from '../fakeContext';

type Given = NonNullable<Parameters<typeof createFakeContext>[0]>;
type Answer = { statusCode: number; body: object };

const accepted = (id: string): Answer => ({ statusCode: 202, body: { id } });
const refused: Answer = {
	statusCode: 400,
	body: { type: 'error', error: { type: 'invalid_request_error', message: 'No such size' } },
};
const completed: Answer = {
	statusCode: 200,
	body: { status: 'completed', result: { video_url: 'https://storage.example/v.mp4' } },
};

/** Text to Video, submitted and not waited for. */
function submitOf(prompt: unknown, options: IDataObject = {}): IDataObject {
	return {
		resource: 'textToVideo',
		operation: 'submit',
		prompt,
		model: 'ltx-2-3-fast',
		duration: 6,
		resolution: '1280x720',
		options,
	} as IDataObject;
}

/** LTX as n8n's HTTP helper reaches it. `answer` gets the prompt of a submit, or the path of a poll. */
function setUp(
	parameters: IDataObject[],
	answer: (asked: string) => Answer | Promise<Answer>,
	given: Given = {},
) {
	const asked: string[] = [];
	const log: string[] = [];
	const credentials = { apiKey: 'ltx_key-0123', baseUrl: 'https://api.ltx.io/' };
	const helpers = {
		async httpRequestWithAuthentication(
			this: IExecuteFunctions,
			_credential: string,
			{ body, url }: IHttpRequestOptions,
		) {
			const what = String((body as IDataObject | undefined)?.prompt ?? new URL(url).pathname);
			asked.push(what);
			return { headers: {}, ...(await answer(what)) };
		},
	};
	const items = parameters.map(() => ({ json: {} }));
	const context = createFakeContext({ items, parameters, credentials, helpers, log, ...given });
	return { asked, log, run: async () => await runItems(context) };
}

it('gives one output item for each input item, in their order, and logs the jobs', async () => {
	const { run, log } = setUp([submitOf('slow'), submitOf('fast')], async (prompt) => {
		if (prompt === 'slow') await setTimeout(20);
		return accepted(prompt);
	});

	expect(await run()).toEqual(
		['slow', 'fast'].map((id, item) => ({
			json: {
				id,
				status: 'pending',
				endpoint: 'text-to-video',
				estimated_cost_usd: 0.18,
			},
			pairedItem: { item },
		})),
	);
	expect(log).toEqual([
		'info LTX accepted text-to-video job fast (item 1)',
		'info LTX accepted text-to-video job slow (item 0)',
	]);
});

it('puts each job into the custom data of the execution', async () => {
	const kept = new Map<string, string>();
	const { run } = setUp([submitOf('a'), submitOf('b')], accepted, { customData: kept });
	await run();

	expect(kept.get('ltx_job_ids')).toBe('a, b');
});

it('gives the finished job, and logs its status', async () => {
	const parameters = {
		...submitOf('a', { pollInterval: 0.01 }),
		operation: 'submitAndWait',
		downloadVideo: false,
	};
	const { run, asked, log } = setUp([parameters], (what) =>
		what === 'a' ? accepted('a') : completed,
	);
	const [{ json, binary }] = await run();

	expect(json).toMatchObject({ id: 'a', status: 'completed', polls: 1 });
	expect(binary).toBeUndefined();
	expect(asked).toEqual(['a', '/v2/text-to-video/a']);
	expect(log).toContain('debug LTX job a is completed');
});

it.each([
	[undefined, 10],
	[3, 3],
	['2', 2],
])('works on as many items at once as Max Concurrency says (%p: %p)', async (wanted, width) => {
	let running = 0;
	let most = 0;
	const options: IDataObject = wanted === undefined ? {} : { maxConcurrency: wanted };
	const { run, asked } = setUp(
		Array.from({ length: 12 }, (_entry, index) => submitOf(`${index}`, options)),
		async (prompt) => {
			most = Math.max(most, ++running);
			await setTimeout(5);
			running--;
			return accepted(prompt);
		},
	);
	await run();

	expect(most).toBe(width);
	expect(asked).toHaveLength(12);
});

it.each([
	['Max Concurrency', submitOf('b', { maxConcurrency: 0 }), /^Max Concurrency must be/],
	['Prompt', submitOf(''), /^Prompt is empty/],
	['Resource', { ...submitOf('b'), resource: 'film' }, /^Resource must be one of imageToVideo, /],
	[
		'Operation',
		{ ...submitOf('b'), operation: 'make' },
		/^Operation must be one of submitAndWait, /,
	],
	[
		'Operation of a file',
		{ resource: 'file', operation: 'submit' },
		/^Operation must be one of upload, /,
	],
])('sends nothing for any item when one has a wrong %s', async (_what, wrong, message) => {
	const { run, asked } = setUp([submitOf('a'), wrong], accepted);

	await expect(run()).rejects.toMatchObject({
		message: expect.stringMatching(message) as unknown,
		context: { itemIndex: 1 },
	});
	expect(asked).toEqual([]);
});

it('keeps the cost of all items below the lowest Max Cost', async () => {
	const items = [submitOf('a', { maxCostUsd: 5 }), submitOf('b', { maxCostUsd: 0.2 })];
	const { run, asked } = setUp(items, accepted);

	await expect(run()).rejects.toThrow('This run may cost USD 0.36');
	expect(asked).toEqual([]);
});

describe('while the node continues', () => {
	it('finishes the other items, and tells what failed in two keys and a hint', async () => {
		const hints: unknown[] = [];
		const items = [submitOf(''), submitOf('b'), submitOf('c')];
		const { run } = setUp(items, (prompt) => (prompt === 'b' ? refused : accepted(prompt)), {
			continues: true,
			hints,
		});
		const [first, second, third] = await run();

		expect(first).toMatchObject({
			json: {
				error: { type: 'invalid_input', endpoint: 'text-to-video' },
				message: 'Prompt is empty',
			},
			pairedItem: { item: 0 },
		});
		expect(second.json.error).toMatchObject({ type: 'invalid_request_error', http_status: 400 });
		expect(third.json.id).toBe('c');
		expect(hints).toMatchObject([
			{ type: 'warning', message: expect.stringMatching(/^2 items failed/) as unknown },
			{ type: 'info' },
		]);
	});

	it.each([
		['a resource that there is not', { resource: 'film' }, 'film'],
		['a file', { resource: 'file', operation: 'submit' }, 'file'],
		['a path that is none', { resource: 'otherEndpoint', endpointPath: '/' }, 'otherEndpoint'],
		['a path', { resource: 'otherEndpoint', endpointPath: 'upscale' }, 'upscale'],
	])('names the endpoint of an item with %s', async (_what, parameters, endpoint) => {
		const { run } = setUp([parameters], accepted, { continues: true });

		expect((await run())[0].json.error).toMatchObject({ type: 'invalid_input', endpoint });
	});

	it('names no resource where n8n cannot tell it', async () => {
		const unresolved = Object.defineProperty({}, 'resource', {
			get() {
				throw new Error('No such field');
			},
		});
		const { run } = setUp([unresolved], accepted, { continues: true });

		expect((await run())[0].json.error).toMatchObject({
			message: 'No such field',
			endpoint: 'unknown',
		});
	});
});

it.each([
	['input that is refused', { maxConcurrency: 1, maxCostUsd: 'a lot' }, 'invalid_input'],
	['an added field that is empty', { fileName: '' }, 'invalid_input'],
])(
	'a try that ends with %s tells the job that an earlier one submitted',
	async (_what, options, type) => {
		const kept = {};
		await setUp([submitOf('a')], accepted, { kept }).run();
		const again = setUp([submitOf('a', options)], accepted, { kept, continues: true });

		expect((await again.run())[0].json.error).toMatchObject({ type, job_id: 'a' });
		expect(again.asked).toEqual([]);
	},
);

describe('when one item ends the node', () => {
	it('submits none that is not on its way, and names what was accepted', async () => {
		const items = ['a', 'b', 'c'].map((prompt) => submitOf(prompt, { maxConcurrency: 2 }));
		const { run, asked } = setUp(items, async (prompt) => {
			if (prompt === 'a') return refused;
			await setTimeout(20);
			return accepted('job-b');
		});

		await expect(run()).rejects.toMatchObject({
			message: expect.stringMatching(/No such size/) as unknown,
			description: expect.stringMatching(/Jobs already submitted in this run: job-b\./) as unknown,
			context: { itemIndex: 0 },
		});
		expect(asked).toEqual(['a', 'b']);
	});
});

describe('when the execution is stopped', () => {
	it('sends nothing where it was stopped before', async () => {
		const { run, asked } = setUp([submitOf('a')], accepted, { cancel: AbortSignal.abort() });

		await expect(run()).rejects.toMatchObject({
			message: 'The execution was canceled',
			description: 'No job was submitted.',
		});
		expect(asked).toEqual([]);
	});

	it('awaits the submit that is on its way, and sends no other', async () => {
		const stopping = new AbortController();
		const items = ['a', 'b'].map((prompt) => submitOf(prompt, { maxConcurrency: 1 }));
		const stopped = setUp(
			items,
			async () => {
				stopping.abort();
				await setTimeout(20);
				return accepted('job-a');
			},
			{ cancel: stopping.signal },
		);

		await expect(stopped.run()).rejects.toMatchObject({
			description: expect.stringMatching(
				/Take them up with the operation Wait: job-a\./,
			) as unknown,
		});
		expect(stopped.asked).toEqual(['a']);
	});
});

it.each([true, false])(
	'leaves no listener at the signal of n8n, however often it runs (continues: %p)',
	async (continues) => {
		const { signal: cancel } = new AbortController();
		const context = { cancel, continues };
		for (let runIndex = 0; runIndex < 3; runIndex++) {
			const { run } = setUp([{ resource: 'film' }], accepted, { ...context, runIndex });
			const [ended] = await Promise.allSettled([run()]);

			expect(ended.status).toBe(continues ? 'fulfilled' : 'rejected');
		}
		expect(getEventListeners(cancel, 'abort')).toHaveLength(0);
	},
);

it('works on as many items at once as the first that can be worked on says', async () => {
	const items = ['a', 'b', 'c', 'd', 'e', 'f'].map((prompt, index) =>
		submitOf(prompt, { maxConcurrency: ['none', 2, 5, 5, 5, 6][index] }),
	);
	let running = 0;
	let most = 0;
	const { run } = setUp(
		items,
		async (prompt) => {
			most = Math.max(most, ++running);
			await setTimeout(10);
			running--;
			return accepted(`job-${prompt}`);
		},
		{ continues: true },
	);
	await run();

	expect(most).toBe(2);
});

it('ends at once when it is stopped while n8n reads a file', async () => {
	const stopping = new AbortController();
	const parameters = [
		{
			...submitOf('a'),
			resource: 'imageToVideo',
			imageSource: 'binary',
			imageBinaryProperty: 'data',
		},
	];
	const helpers = {
		assertBinaryData: () => ({ id: 'filesystem:1', mimeType: 'image/png', data: '' }),
		getBinaryMetadata: async () => await new Promise(() => {}),
		getBinaryStream: async () => await new Promise(() => {}),
	};
	const { run, asked } = setUp(parameters, accepted, { cancel: stopping.signal, helpers });
	const running = run();
	await setTimeout(20);
	stopping.abort();

	await expect(running).rejects.toMatchObject({ message: 'The execution was canceled' });
	expect(asked).toEqual([]);
});
