import { LtxError, type LtxErrorDetails } from '../../../nodes/LtxVideo/api/errors';
import { ENDPOINTS } from '../../../nodes/LtxVideo/endpoints';
import type { Item } from '../../../nodes/LtxVideo/operations/item';
import type { SubmitEntry } from '../../../nodes/LtxVideo/operations/paidJobs';
import { prepareSubmit } from '../../../nodes/LtxVideo/operations/submit';
import { createFakeClock } from '../fakeClock';

const MINUTE_MS = 60_000;
const PARAMETERS = {
	prompt: 'The sea',
	model: 'ltx-2-3-fast',
	resolution: '1280x720',
	duration: 6,
};

/** An item whose submits are answered from a list: a failure, or the id of a job. */
function setUp(answers: Array<LtxError | string>, entry?: SubmitEntry, body: object = PARAMETERS) {
	const clock = createFakeClock();
	const limitsMs: number[] = [];
	const recorded: Array<SubmitEntry | 'released'> = [];
	const stopping = new AbortController();
	const line = {
		submit: jest.fn<Promise<unknown>, [() => Promise<unknown>, number]>(
			async (attempt) => await attempt(),
		),
	};
	const item = {
		index: 0,
		clock,
		stop: stopping.signal,
		endpoint: ENDPOINTS.textToVideo,
		parameter: (name: string) => (body as Record<string, unknown>)[name],
		additionalField: () => undefined,
		option: () => undefined,
		log: () => {},
		onRepeat: () => {},
		client: {
			async submitJob(_path: string, _body: unknown, limitMs: number) {
				const answer = answers[limitsMs.length];
				limitsMs.push(limitMs);
				if (answer instanceof LtxError) throw answer;
				return { id: answer };
			},
		},
		asWritten: 'as written',
		line,
		paid: {
			entry: () => entry,
			inherit: () => undefined,
			replacedJobId: () => undefined,
			record: (given: SubmitEntry) => recorded.push(given),
			release: () => recorded.push('released'),
		},
	} as unknown as Item;
	const send = async (maxWaitMs: number) => await (await prepareSubmit(item, maxWaitMs)).send();
	return { clock, line, limitsMs, recorded, stopping, send };
}

const failure = (details: LtxErrorDetails, type = 'rate_limit_error') =>
	new LtxError(type, 'The queue is full', details);
const full = () => failure({ httpStatus: 429, isPassing: true, wasRefused: true });

it('is recorded before it is sent, and with its job and price after', async () => {
	const { recorded, send } = setUp(['job-1']);

	expect(await send(MINUTE_MS)).toMatchObject({
		job: { id: 'job-1' },
		extra: { estimated_cost_usd: 0.18 },
		isTakenUp: false,
	});
	expect(recorded).toMatchObject([{ state: 'sending' }, { state: 'accepted', usd: 0.18 }]);
});

it('tells no estimate where only the most is known, but records it', async () => {
	const automatic = { ...PARAMETERS, model: 'ltx-2-5-fast', duration: 'auto' };
	const { recorded, send } = setUp(['job-1'], undefined, automatic);

	expect((await send(MINUTE_MS)).extra).toEqual({});
	expect(recorded.at(-1)).toMatchObject({ usd: 1.8 });
});

it('is sent when its line says so, as often as that says', async () => {
	const { line, limitsMs, recorded, send } = setUp([full(), 'job-1']);
	line.submit.mockImplementationOnce(async (attempt) => {
		await expect(attempt()).rejects.toMatchObject({ httpStatus: 429, isPassing: true });
		return await attempt();
	});

	expect(await send(7 * MINUTE_MS)).toMatchObject({ job: { id: 'job-1' } });
	expect(line.submit).toHaveBeenCalledWith(expect.any(Function), 7 * MINUTE_MS);
	expect(limitsMs).toHaveLength(2);
	expect(recorded).toMatchObject([
		{ state: 'sending' },
		'released',
		{ state: 'sending' },
		{ state: 'accepted' },
	]);
});

it('is not sent where its line tells a refusal', async () => {
	const { line, limitsMs, recorded, send } = setUp(['job-1']);
	const refusal = full();
	line.submit.mockRejectedValueOnce(refusal);

	await expect(send(MINUTE_MS)).rejects.toBe(refusal);
	expect([limitsMs, recorded]).toEqual([[], []]);
});

it.each([100, 20_000, 20 * MINUTE_MS])(
	'leaves LTX five minutes for an answer, with a Max Wait of %d ms',
	async (maxWaitMs) => {
		const { limitsMs, send } = setUp(['job-1']);

		await send(maxWaitMs);

		// The request itself takes a little on a slow line.
		expect(limitsMs[0]).toBeGreaterThanOrEqual(5 * MINUTE_MS);
		expect(limitsMs[0]).toBeLessThan(5 * MINUTE_MS + 10);
	},
);

it('leaves a large request the time that a slow line needs', async () => {
	const model = 'x'.repeat(1_000_000);
	const { limitsMs, send } = setUp(['job-1'], undefined, { ...PARAMETERS, model });

	await send(20 * MINUTE_MS);

	expect(limitsMs[0]).toBeGreaterThan(5 * MINUTE_MS + 10_000);
});

it('is not sent after a stop', async () => {
	const { limitsMs, recorded, stopping, send } = setUp(['job-1']);
	stopping.abort();

	await expect(send(MINUTE_MS)).rejects.toThrow();
	expect([limitsMs, recorded]).toEqual([[], []]);
});

it('whose answer was lost is told again by later tries, with its request id, and not sent', async () => {
	const lost = failure({ advice: 'Look.', httpStatus: 502, requestId: 'req-7' }, 'answer_lost');
	const { recorded, send } = setUp([lost]);
	await expect(send(MINUTE_MS)).rejects.toBe(lost);
	const entry = JSON.parse(JSON.stringify(recorded.at(-1))) as SubmitEntry;

	const later = setUp(['job-1'], entry);

	await expect(later.send(MINUTE_MS)).rejects.toMatchObject({
		type: 'answer_lost',
		message: lost.message,
		advice: 'Look.',
		httpStatus: 502,
		requestId: 'req-7',
	});
	expect(later.limitsMs).toEqual([]);
});

it('that was on its way when an earlier try ended is not sent again', async () => {
	const { limitsMs, send } = setUp(['job-1'], { state: 'sending' });

	await expect(send(MINUTE_MS)).rejects.toMatchObject({ type: 'answer_lost' });
	expect(limitsMs).toEqual([]);
});

it.each([
	[
		'with 400 goes with what LTX documents',
		400,
		7,
		/^Read\. LTX documents for ltx-2-3-fast \(2026/,
	],
	['with 400 though LTX documents it is told without', 400, 6, /^Read\.$/],
	['with 402 is told without', 402, 7, /^Read\.$/],
])('that is refused %s', async (_what, httpStatus, duration, advice) => {
	const refused = failure({ httpStatus, wasRefused: true, advice: 'Read.' });
	const body = { ...PARAMETERS, duration };

	await expect(setUp([refused], undefined, body).send(MINUTE_MS)).rejects.toMatchObject({
		httpStatus,
		advice: expect.stringMatching(advice) as unknown,
	});
});
