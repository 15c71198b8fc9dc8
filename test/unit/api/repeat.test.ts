import { Deadline } from '../../../nodes/LtxVideo/api/deadline';
import { LtxError, Stopped } from '../../../nodes/LtxVideo/api/errors';
import { repeatWhilePassing, type Patience } from '../../../nodes/LtxVideo/api/repeat';
import { createFakeClock } from '../fakeClock';

const JUST_BELOW_ONE = 1 - Number.EPSILON;

function passing(retryAfterMs?: number): LtxError {
	return new LtxError('rate_limit_error', 'The queue is full', { isPassing: true, retryAfterMs });
}

interface Given extends Partial<Patience> {
	forMs?: number;
}

/** Tries that fail with the given errors, one after another, and then succeed. */
function setUp(
	failures: Error[],
	{ forMs = 300_000, ...given }: Given = {},
	clock = createFakeClock(),
) {
	const startMs = clock.nowMs();
	const stopping = new AbortController();
	const triesMs: number[] = [];
	const attempt = async () => {
		const failure = failures[triesMs.length];
		triesMs.push(clock.nowMs() - startMs);
		if (failure) throw failure;
		return 'done';
	};
	const deadline = Deadline.in(forMs, clock);
	const patience = { clock, stop: stopping.signal, deadline, ...given };
	return { clock, stopping, triesMs, run: async () => await repeatWhilePassing(attempt, patience) };
}

const always = (failure: Error) => Array.from({ length: 10_000 }, () => failure);

it('gives what the first try that succeeds gives', async () => {
	const { run, triesMs } = setUp([passing(), passing()]);

	expect(await run()).toBe('done');
	expect(triesMs).toHaveLength(3);
});

it.each([
	['a failure that does not pass', new LtxError('invalid_request_error', 'no')],
	['an error that is not of the API', new TypeError('not a function')],
	['a stop', new Stopped()],
])('does not repeat %s', async (_what, failure) => {
	const { run, triesMs, clock } = setUp([failure]);

	await expect(run()).rejects.toBe(failure);
	expect(triesMs).toEqual([0]);
	expect(clock.pauses).toEqual([]);
});

it('waits 0.5, 1, 2, 4, 8 and from then on 10 seconds where the server asks for nothing', async () => {
	const { run, clock } = setUp(Array.from({ length: 7 }, () => passing()));

	await run();

	expect(clock.pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

it('waits as long as Retry-After says, even beyond its own longest delay', async () => {
	const { run, clock } = setUp([passing(2_000), passing(45_000)]);

	await run();

	expect(clock.pauses).toEqual([2_000, 45_000]);
});

it.each([0, 1, 249])('asks no sooner than after 250 ms when Retry-After is %s ms', async (ms) => {
	const { run, clock } = setUp([passing(ms)]);

	await run();

	expect(clock.pauses).toEqual([250]);
});

it('spreads pauses by up to a tenth, and never makes one shorter than was asked', async () => {
	const { run, clock } = setUp(
		[passing(), passing(20_000)],
		{},
		createFakeClock({ random: JUST_BELOW_ONE }),
	);

	await run();

	expect(clock.pauses[0]).toBeCloseTo(550);
	expect(clock.pauses[1]).toBeCloseTo(22_000);
});

it('gives up at once when the server asks for a pause as long as what is left', async () => {
	const failure = passing(10_000);
	const { run, clock } = setUp([failure], { forMs: 10_000 });

	await expect(run()).rejects.toBe(failure);
	expect(clock.nowMs()).toBe(0);
});

it('gives up where there is not time for the pause that the server asks for and a try', async () => {
	const failure = passing(9_900);
	const { run, triesMs } = setUp([failure], { forMs: 10_000 });

	await expect(run()).rejects.toBe(failure);
	expect(triesMs).toEqual([0]);
});

it('begins no try after the limit, and its last one just before', async () => {
	const clock = createFakeClock({ startMs: 777 });
	const { run, triesMs } = setUp(always(passing()), { forMs: 60_000 }, clock);

	await expect(run()).rejects.toMatchObject({ type: 'rate_limit_error' });
	expect(triesMs.at(-1)).toBe(59_750);
	expect(clock.nowMs()).toBe(777 + 59_750);
});

it('counts the time that the tries take', async () => {
	const clock = createFakeClock();
	let tries = 0;
	const slow = async () => {
		tries++;
		clock.advance(30_000);
		throw passing();
	};

	const { signal: stop } = new AbortController();
	const deadline = Deadline.in(60_000, clock);

	await expect(repeatWhilePassing(slow, { clock, stop, deadline })).rejects.toMatchObject({
		isPassing: true,
	});
	expect(tries).toBe(2);
});

it('throws what the last try threw, not the first', async () => {
	const last = new LtxError('api_error', 'the last one');
	const { run } = setUp([passing(), passing(), last]);

	await expect(run()).rejects.toBe(last);
});

it('tells of each failure before the pause that follows it, and not of the last', async () => {
	const told: unknown[] = [];
	const failures = [passing(), passing(3_000), new LtxError('api_error', 'the last one')];
	const { run, clock } = setUp(failures, {
		onRepeat: (error) => told.push([error, clock.pauses.length]),
	});

	await expect(run()).rejects.toBe(failures[2]);
	expect(told).toEqual([
		[failures[0], 0],
		[failures[1], 1],
	]);
});

it('asks again after a minute where the request is free and the server asks for a day', async () => {
	const { run, clock } = setUp([passing(86_400_000), passing(60_001)]);

	await run();

	expect(clock.pauses).toEqual([60_000, 60_000]);
});

it('ends with a stop in the middle of a pause, and tries no more', async () => {
	const { run, clock, stopping, triesMs } = setUp(always(passing(60_000)));
	clock.at(1_000, () => stopping.abort());

	await expect(run()).rejects.toBeInstanceOf(Stopped);
	expect(triesMs).toEqual([0]);
	expect(clock.nowMs()).toBe(1_000);
});

it('ends with a stop that came during the failing try', async () => {
	const clock = createFakeClock();
	const { run, stopping, triesMs } = setUp(always(passing()), {}, clock);
	stopping.abort();

	await expect(run()).rejects.toBeInstanceOf(Stopped);
	expect(triesMs).toEqual([0]);
	expect(clock.nowMs()).toBe(0);
});
