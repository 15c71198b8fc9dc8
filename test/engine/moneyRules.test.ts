import {
	answerWith,
	apiError,
	delayed,
	malformedJson,
	processThenAnswer,
	processThenReset,
	proxyPage,
	redirect,
	resetBefore,
	silence,
	stalled,
	truncated,
	type Fault,
} from '../../tools/ltx-server/faults';
import { errorBody } from '../../tools/ltx-server/contract';
import { credentialsFor, GOOD_REQUEST, QUICK } from '../../tools/engine/runNode';
import { PNG } from '../../tools/samples/samples';
import { pause, until, useLtx } from './useLtx';

const ltx = useLtx();

const WAITING = { ...GOOD_REQUEST, operation: 'submitAndWait', options: QUICK };
/** A prompt tells which item it is, whichever is submitted first. */
const NUMBERED = { ...WAITING, prompt: '={{ $json.n }}' };
const SUBMITTING = { ...GOOD_REQUEST, operation: 'submit' };
const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 };
const items = (count: number) => Array.from({ length: count }, (_, n) => ({ json: { n } }));
const jobOf = (item: number) => ltx.server.jobs.find(({ body }) => body.prompt === String(item))!;

describe('1. the same job is never paid for twice', () => {
	const lost: Array<[string, Fault]> = [
		['a reset after the job was accepted', processThenReset],
		['a reset before the request was read', resetBefore],
		['a 502 page of a proxy', proxyPage(502)],
		['a 504 page of a proxy', proxyPage(504)],
		[
			"a 504 with the API's own body",
			answerWith({ status: 504, body: errorBody('api_error', 'x') }),
		],
		['a 500 page of a proxy', proxyPage(500)],
		['a 503 page of a proxy', proxyPage(503)],
		['a 503 with JSON that is not the API’s', answerWith({ status: 503, body: { error: 'down' } })],
		['a 501', answerWith({ status: 501, body: errorBody('api_error', 'x') })],
		['broken JSON', malformedJson],
		['an accepted job without id', processThenAnswer({ status: 202, body: {} })],
		['an accepted job with an empty id', processThenAnswer({ status: 202, body: { id: '' } })],
		['an empty 202', processThenAnswer({ status: 202 })],
		['an answer that is cut off', truncated],
	];

	it.each(lost)('never repeats a submit after %s, in no try', async (_name, fault) => {
		ltx.server.fail('submit', fault, { times: 9 });
		const { error } = await ltx.run({ parameters: WAITING, settings: RETRY });
		expect(ltx.server.count('submit')).toBe(1);
		expect(error?.message).toMatch(/job may be running/);
		expect(error?.description).toMatch(/console\.ltx\.io/);
	});

	it('awaits an answer that comes after Max Wait, which counts from then on', async () => {
		ltx.server.fail('submit', delayed(1_000));
		const { items: outputs, error } = await ltx.run({
			parameters: { ...WAITING, options: { ...QUICK, maxWait: 0.01 } },
		});
		expect(error).toBeUndefined();
		expect(outputs[0].json).toMatchObject({ id: ltx.server.jobs[0].id, status: 'completed' });
		expect(ltx.server.count('submit')).toBe(1);
	});

	it('names a lost answer as answer_lost', async () => {
		ltx.server.fail('submit', processThenReset);
		const { items: outputs } = await ltx.run({
			parameters: SUBMITTING,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(outputs[0].json.error).toMatchObject({
			type: 'answer_lost',
			endpoint: 'image-to-video',
		});
	});

	it('tells and logs a lost answer also where the error of another item ends the node', async () => {
		ltx.server.fail('submit', ({ process, response }) => {
			process();
			setTimeout(() => response.socket?.resetAndDestroy(), 100);
		});
		ltx.server.fail('submit', apiError('insufficient_funds_error'));
		const { error } = await ltx.run({ parameters: SUBMITTING, items: items(2) });
		expect(error?.message).toMatch(/Not enough LTX credits/);
		expect(error?.description).toMatch(/answer to the submit of item [01] was lost/);
		expect(ltx.log().some(({ level, message }) => level === 'warn' && /lost/.test(message))).toBe(
			true,
		);
	});

	it('tells a lost answer where the run was stopped', async () => {
		ltx.server.fail('submit', ({ process, response }) => {
			process();
			setTimeout(() => response.socket?.resetAndDestroy(), 100);
		});
		const { finished, stop } = ltx.start({ parameters: SUBMITTING });
		await until(() => ltx.server.count('submit') === 1);
		stop();
		const { error } = await finished;
		expect(error?.description).toMatch(/answer to the submit of item 0 was lost/);
	});

	it('does not follow a redirect of a submit, and does not repeat it', async () => {
		ltx.server.fail('submit', redirect(ltx.server.foreignUrl, 307), { times: 9 });
		const { error } = await ltx.run({ parameters: SUBMITTING, settings: RETRY });
		expect(error?.message).toMatch(/redirect/);
		expect(ltx.server.count('submit')).toBe(1);
		expect(ltx.server.count('foreign')).toBe(0);
	});

	it.each<[string, Fault]>([
		['a full queue', apiError('rate_limit_error')],
		['a concurrency limit with Retry-After', apiError('concurrency_limit_error', 'full', 0)],
		['429 with a web page', proxyPage(429)],
		['500 with the own body', apiError('api_error')],
		['503 with the own body', apiError('service_unavailable_error')],
		['503 with the own body, older spelling', apiError('service_unavailable')],
		['529 with the own body', apiError('overloaded_error')],
	])('repeats a submit after %s', async (_name, fault) => {
		ltx.server.fail('submit', fault);
		const { items: outputs } = await ltx.run({ parameters: SUBMITTING });
		expect(outputs[0].json.status).toBe('pending');
		expect(ltx.server.count('submit')).toBe(2);
		expect(ltx.server.jobs).toHaveLength(1);
	});

	it.each<[string, () => number | string, number]>([
		['seconds', () => 1, 990],
		['a date', () => new Date(Date.now() + 2_000).toUTCString(), 800],
	])('honours Retry-After in %s', async (_name, retryAfter, atLeastMs) => {
		ltx.server.fail('submit', apiError('rate_limit_error', 'full', retryAfter()));
		await ltx.run({ parameters: SUBMITTING });
		const [first, second] = ltx.server.of('submit');
		expect(second.atMs - first.atMs).toBeGreaterThanOrEqual(atLeastMs);
	});

	it('repeats refused submits for at most maxWait, then tells the refusal', async () => {
		ltx.server.fail('submit', apiError('rate_limit_error', 'Queue limit reached'), { times: 99 });
		const startMs = Date.now();
		const { error } = await ltx.run({
			parameters: { ...WAITING, options: { ...QUICK, maxWait: 0.02 } },
		});
		expect(Date.now() - startMs).toBeLessThan(1_500);
		expect(ltx.server.count('submit')).toBeGreaterThan(1);
		expect(error?.message).toContain('Queue limit reached');
		expect(error?.httpCode).toBe('429');
	});

	it('does not wait for a Retry-After that is longer than maxWait', async () => {
		ltx.server.fail('submit', apiError('rate_limit_error', 'full', 3600), { times: 99 });
		const startMs = Date.now();
		await ltx.run({ parameters: { ...WAITING, options: { ...QUICK, maxWait: 0.02 } } });
		expect(Date.now() - startMs).toBeLessThan(1_500);
	});

	it.each([
		'invalid_request_error',
		'authentication_error',
		'insufficient_funds_error',
		'permission_error',
		'content_filtered_error',
	] as const)('takes %s as final', async (type) => {
		ltx.server.fail('submit', apiError(type), { times: 9 });
		await ltx.run({ parameters: SUBMITTING });
		expect(ltx.server.count('submit')).toBe(1);
	});
});

describe('2. no job id is lost', () => {
	it('logs the id as soon as the job is accepted', async () => {
		const { items: outputs } = await ltx.run({ parameters: SUBMITTING });
		const id = outputs[0].json.id as string;
		expect(
			ltx.log().filter(({ level, message }) => level === 'info' && message.includes(id)),
		).toHaveLength(1);
	});

	it.each<[string, Fault]>([
		['a reset', resetBefore],
		['a 502 page', proxyPage(502)],
		['a 408', answerWith({ status: 408 })],
		['a 429', apiError('rate_limit_error')],
		['a 500', apiError('api_error')],
		['a 503', apiError('service_unavailable_error')],
		['broken JSON', malformedJson],
		['a web page with status 200', proxyPage(200)],
		['a cut answer', truncated],
		['a redirect', redirect('http://127.0.0.1:9/')],
	])('survives %s while polling, however often', async (_name, fault) => {
		ltx.server.fail('poll', fault, { times: 4 });
		const { items: outputs } = await ltx.run({ parameters: WAITING });
		expect(outputs[0].json.status).toBe('completed');
		expect(outputs[0].json.polls).toBe(ltx.server.count('poll'));
		expect(ltx.server.count('poll')).toBeGreaterThan(4);
	});

	it.each<[string, Fault, number]>([
		['401', apiError('authentication_error'), 401],
		['403', apiError('permission_error'), 403],
		['404', apiError('not_found_error'), 404],
		['another 4xx', answerWith({ status: 418 }), 418],
	])('ends the wait at %s, and tells the id', async (_name, fault, status) => {
		ltx.server.fail('poll', fault);
		const { error } = await ltx.run({ parameters: WAITING });
		expect(error?.message).toContain(ltx.server.jobs[0].id);
		expect(error?.description).toContain(ltx.server.jobs[0].id);
		expect(error?.httpCode).toBe(String(status));
		expect(ltx.server.count('poll')).toBe(1);
	});

	it('tells the id of a failed job also when its second submit is refused', async () => {
		ltx.server.planJob = () => ({ ends: { failed: { type: 'api_error', message: 'x' } } });
		ltx.server.fail('submit', apiError('insufficient_funds_error'), { skip: 1 });
		const { error } = await ltx.run({
			parameters: WAITING,
			settings: { ...RETRY, maxTries: 2 },
		});
		expect(error?.description).toContain(ltx.server.jobs[0].id);
	});

	it('tells every id of the run when one item ends the node', async () => {
		ltx.server.planJob = ({ prompt }) =>
			prompt === '2'
				? { ends: { failed: { type: 'api_error', message: 'GPU lost' } } }
				: { durationMs: 60_000 };
		const { error } = await ltx.run({ parameters: NUMBERED, items: items(3) });
		expect(error?.context.itemIndex).toBe(2);
		expect(error?.message).toContain('GPU lost');
		for (const { id } of ltx.server.jobs) {
			expect(`${error?.message} ${error?.description}`).toContain(id);
		}
	});
});

describe('3. Retry On Fail resumes', () => {
	it('takes up finished, running and timed out jobs and submits nothing twice', async () => {
		// Item 1 takes longer than one try may wait, so that tries end by time-out.
		ltx.server.planJob = (_body, index) => ({ durationMs: index === 1 ? 1_200 : 20 });
		const { items: outputs, error } = await ltx.run({
			parameters: { ...WAITING, options: { pollInterval: 0.05, maxWait: 0.015 } },
			settings: RETRY,
			items: items(3),
		});
		expect(error).toBeUndefined();
		expect(outputs.map(({ json }) => json.status)).toEqual(Array(3).fill('completed'));
		expect(ltx.server.count('submit')).toBe(3);
	});

	it('does not submit anew what LTX no longer knows', async () => {
		ltx.server.fail('poll', apiError('not_found_error'), { times: 99 });
		const { error } = await ltx.run({ parameters: WAITING, settings: RETRY });
		expect(error?.message).toContain(ltx.server.jobs[0].id);
		expect(ltx.server.count('submit')).toBe(1);
		expect(ltx.server.count('poll')).toBe(3);
	});

	it('does not submit anew a job of unknown status', async () => {
		ltx.server.planJob = () => ({ ends: { status: 'archived' } });
		await ltx.run({ parameters: WAITING, settings: RETRY });
		expect(ltx.server.count('submit')).toBe(1);
	});

	it('does not submit anew a completed job whose download fails', async () => {
		ltx.server.fail('download', answerWith({ status: 410 }), { times: 99 });
		await ltx.run({ parameters: WAITING, settings: RETRY });
		expect(ltx.server.count('submit')).toBe(1);
	});

	it('neither polls nor fetches again what an earlier try has finished', async () => {
		ltx.server.planJob = ({ prompt }) => (prompt === '0' ? { ends: { status: 'archived' } } : {});
		const { items: outputs } = await ltx.run({
			parameters: NUMBERED,
			settings: { ...RETRY, onError: 'continueRegularOutput' },
			items: items(3),
		});
		const polledIds = ltx.server.of('poll').map(({ path }) => path.split('/').at(-1));
		const [failed, ...others] = [0, 1, 2].map(jobOf);
		expect(polledIds.filter((id) => id === failed.id).length).toBeGreaterThanOrEqual(3);
		expect(ltx.server.count('download')).toBe(2);
		expect(outputs.slice(1).map(({ json }) => [json.id, json.status])).toEqual(
			others.map(({ id }) => [id, 'completed']),
		);
		for (const { binary } of outputs.slice(1)) {
			expect(await ltx.engine.readFile(binary?.data as never)).toEqual(ltx.server.video);
		}
	});

	it('submits anew a job that ended as failed', async () => {
		ltx.server.planJob = (_body, index) =>
			index === 0 ? { ends: { failed: { type: 'api_error', message: 'x' } } } : {};
		const { items: outputs } = await ltx.run({ parameters: WAITING, settings: RETRY });
		expect(outputs[0].json.status).toBe('completed');
		expect(ltx.server.count('submit')).toBe(2);
		expect(ltx.server.billedJobs).toBe(1);
	});

	it('submits anew what was refused, and only that', async () => {
		ltx.server.fail('submit', apiError('insufficient_funds_error'), { skip: 1 });
		const { items: outputs } = await ltx.run({
			parameters: { ...WAITING, options: { ...QUICK, maxConcurrency: 1 } },
			settings: RETRY,
			items: items(3),
		});
		expect(outputs).toHaveLength(3);
		expect(ltx.server.jobs).toHaveLength(3);
		expect(ltx.server.count('submit')).toBe(4);
	});

	it('resumes plain submits too', async () => {
		ltx.server.fail('submit', apiError('insufficient_funds_error'), { skip: 2 });
		const { items: outputs } = await ltx.run({
			parameters: { ...SUBMITTING, options: { maxConcurrency: 1 } },
			settings: RETRY,
			items: items(3),
		});
		expect(outputs.map(({ json }) => json.id)).toEqual(ltx.server.jobs.map(({ id }) => id));
		expect(ltx.server.jobs).toHaveLength(3);
	});

	it('resumes when n8n tries again because the first output item holds an error', async () => {
		ltx.server.fail('poll', apiError('permission_error'));
		const { items: outputs } = await ltx.run({
			parameters: { ...WAITING, options: { ...QUICK, maxConcurrency: 1 } },
			settings: { ...RETRY, onError: 'continueRegularOutput' },
			items: items(2),
		});
		expect(outputs.map(({ json }) => json.status)).toEqual(['completed', 'completed']);
		expect(ltx.server.count('submit')).toBe(2);
	});

	it('keeps the uploaded URIs of a resumed job in its output', async () => {
		ltx.server.fail('poll', apiError('permission_error'));
		const { items: outputs } = await ltx.run({
			parameters: { ...WAITING, imageSource: 'binary' },
			settings: RETRY,
			items: [{ binary: { data: await ltx.file(PNG) } }],
		});
		expect(outputs[0].json.image_uri).toBe([...ltx.server.files.keys()][0]);
		expect(ltx.server.count('upload')).toBe(1);
	});

	it('submits anew when a loop comes back to the node', async () => {
		const loop = (name: string, type: string, parameters = {}, extra = {}) => ({
			id: name,
			name,
			type: `n8n-nodes-base.${type}`,
			position: [0, 0] as [number, number],
			parameters,
			typeVersion: 1,
			...extra,
		});
		const to = (node: string) => [{ node, type: 'main' as const, index: 0 }];
		const { finished } = ltx.engine.execute(
			{
				nodes: [
					loop('Items', 'manualTrigger'),
					loop('Loop', 'splitInBatches', { batchSize: 1, options: {} }, { typeVersion: 3 }),
					{
						...loop('LTX Video', ''),
						type: 'n8n-nodes-ltx-video.ltxVideo',
						parameters: SUBMITTING,
						credentials: { ltxApi: { id: '1', name: 'LTX' } },
						...RETRY,
					},
				],
				connections: {
					Items: { main: [to('Loop')] },
					Loop: { main: [[], to('LTX Video')] },
					'LTX Video': { main: [to('Loop')] },
				},
				pinData: { Items: items(3) },
			},
			credentialsFor(ltx.server),
		);
		const { data } = await finished;
		expect(data.resultData.error).toBeUndefined();
		expect(data.resultData.runData['LTX Video']).toHaveLength(3);
		expect(ltx.server.jobs).toHaveLength(3);
	});
});

describe('4. Stop means stop', () => {
	it.each([{}, RETRY])(
		'ends a wait at once and sends nothing more (settings: %j)',
		async (settings) => {
			ltx.server.jobMs = 60_000;
			const { finished, stop } = ltx.start({
				parameters: { ...WAITING, options: { pollInterval: 0.02 } },
				settings,
				items: items(3),
			});
			await until(() => ltx.server.count('poll') > 5);
			stop();
			const stopMs = Date.now();
			const { run } = await finished;
			expect(Date.now() - stopMs).toBeLessThan(1_000);
			expect(run.status).toBe('canceled');
			// What was on its way has arrived by then.
			await pause(200);
			const before = ltx.server.requests.length;
			await pause(300);
			expect(ltx.server.requests.length).toBe(before);
		},
	);

	it('submits nothing after Stop, also in the tries that n8n starts afterwards', async () => {
		ltx.server.fail('submit', delayed(100), { times: 99 });
		const { finished, stop } = ltx.start({
			parameters: { ...SUBMITTING, options: { maxConcurrency: 2 } },
			settings: RETRY,
			items: items(10),
		});
		await until(() => ltx.server.count('submit') === 2);
		stop();
		await finished;
		await pause(200);
		expect(ltx.server.count('submit')).toBe(2);
		// The two that were on their way are paid for: their ids are in the log.
		for (const { id } of ltx.server.jobs) {
			await until(() => ltx.log().some(({ message }) => message.includes(id)));
		}
	});

	it('stops a wait for a free place in the queue', async () => {
		ltx.server.fail('submit', apiError('rate_limit_error', 'full', 30), { times: 99 });
		const { finished, stop } = ltx.start({ parameters: SUBMITTING });
		await until(() => ltx.server.count('submit') === 1);
		stop();
		const stopMs = Date.now();
		await finished;
		expect(Date.now() - stopMs).toBeLessThan(500);
	});

	it.each<['upload' | 'put' | 'download', Fault]>([
		['upload', silence],
		['put', silence],
		['download', stalled],
	])('ends a running %s at once', async (kind, fault) => {
		ltx.server.fail(kind, fault);
		const { finished, stop } = ltx.start({
			parameters: { ...WAITING, imageSource: 'binary' },
			items: [{ binary: { data: await ltx.file(PNG) } }],
		});
		await until(() => ltx.server.count(kind) === 1);
		await pause(50);
		const before = ltx.server.requests.length;
		stop();
		const stopMs = Date.now();
		await finished;
		expect(Date.now() - stopMs).toBeLessThan(500);
		await pause(100);
		expect(ltx.server.requests.length).toBe(before);
	});

	it("lets one item's error end the others' waits, and submits no further item", async () => {
		ltx.server.planJob = ({ prompt }) =>
			prompt === '0'
				? { ends: { failed: { type: 'api_error', message: 'x' } } }
				: { durationMs: 60_000 };
		const startMs = Date.now();
		const { error } = await ltx.run({
			parameters: { ...NUMBERED, options: { ...QUICK, maxConcurrency: 2 } },
			items: items(6),
		});
		expect(Date.now() - startMs).toBeLessThan(2_000);
		expect(error?.context.itemIndex).toBe(0);
		expect(ltx.server.count('submit')).toBe(2);
	});

	it('awaits a submit that is on its way when another item fails, so that no try pays again', async () => {
		// Item 0 is refused at once while item 1 is still being accepted.
		ltx.server.fail('submit', delayed(150), { skip: 1 });
		ltx.server.fail('submit', apiError('insufficient_funds_error'));
		const { items: outputs } = await ltx.run({
			parameters: WAITING,
			settings: RETRY,
			items: items(2),
		});
		expect(outputs).toHaveLength(2);
		expect(ltx.server.jobs).toHaveLength(2);
		expect(ltx.server.count('submit')).toBe(3);
	});
});

describe('5. the key and signed addresses stay where they belong', () => {
	const KEY_ECHO = (key: string) => ({
		type: 'error',
		error: { type: 'invalid_request_error', message: `Bad key ${key}`, [key]: key },
	});

	it('takes the key out of what a server echoes, in errors', async () => {
		const { apiKey } = ltx.server;
		ltx.server.fail(
			'submit',
			answerWith({ status: 400, body: KEY_ECHO(apiKey), headers: { 'x-request-id': apiKey } }),
		);
		const { items: outputs } = await ltx.run({
			parameters: SUBMITTING,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(outputs[0].json.message).toContain('Bad key [redacted]');
	});

	it('takes the key out of what a server echoes, in jobs', async () => {
		const { apiKey } = ltx.server;
		ltx.server.fail(
			'poll',
			answerWith({
				status: 200,
				body: { id: 'j', status: 'processing', debug: { authorization: `Bearer ${apiKey}` } },
			}),
		);
		const { items: outputs } = await ltx.run({
			parameters: { resource: 'imageToVideo', operation: 'getStatus', jobId: 'j' },
		});
		expect(outputs[0].json.debug).toEqual({ authorization: 'Bearer [redacted]' });
	});

	it.each(['submit', 'poll', 'upload'] as const)(
		'does not carry the key along a redirect of %s',
		async (kind) => {
			ltx.server.fail(kind, redirect(ltx.server.foreignUrl), { times: 2 });
			await ltx.run({
				parameters: { ...WAITING, imageSource: 'binary' },
				items: [{ binary: { data: await ltx.file(PNG) } }],
			});
			expect(ltx.server.count('foreign')).toBe(0);
		},
	);

	it('sends the key to the API only', async () => {
		await ltx.run({
			parameters: { ...WAITING, imageSource: 'binary' },
			items: [{ binary: { data: await ltx.file(PNG) } }],
		});
		const withKey = (kind: 'submit' | 'poll' | 'upload' | 'put' | 'download') =>
			ltx.server
				.of(kind)
				.every(({ headers }) => JSON.stringify(headers).includes(ltx.server.apiKey));
		expect((['upload', 'put', 'submit', 'poll', 'download'] as const).map(withKey)).toEqual([
			true,
			false,
			true,
			true,
			false,
		]);
	});

	it('keeps a signed address out of messages even where the API quotes it', async () => {
		const url = `${ltx.server.storageUrl}/a.png?X-Signature=secret`;
		ltx.server.fail('submit', apiError('invalid_request_error', `Cannot fetch ${url}`));
		const { error } = await ltx.run({ parameters: SUBMITTING });
		expect(error?.message).toContain(`Cannot fetch ${ltx.server.storageUrl}/…`);
	});
});
