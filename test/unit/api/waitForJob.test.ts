import { Deadline } from '../../../nodes/LtxVideo/api/deadline';
import { LtxError, Stopped } from '../../../nodes/LtxVideo/api/errors';
import type { Limits } from '../../../nodes/LtxVideo/api/limits';
import type { Job } from '../../../nodes/LtxVideo/api/job';
import { waitForJob, type Wait } from '../../../nodes/LtxVideo/api/waitForJob';
import { createFakeClock } from '../fakeClock';

const JUST_BELOW_ONE = 1 - Number.EPSILON;

interface Poll {
	atMs: number;
	limitMs: number;
}

/** What one poll meets: a status, a fault, or whatever the function does. */
type Reply = string | Error | ((limits: Limits) => Promise<Job>);

interface Given extends Partial<Wait> {
	maxWaitMs?: number;
}

/** Answers polls from a list, its last entry over and over, and notes when each came. */
function setUp(
	replies: Reply[],
	{ maxWaitMs = 60_000, ...given }: Given = {},
	clock = createFakeClock(),
) {
	const polls: Poll[] = [];
	const stopping = new AbortController();
	const statuses: string[] = [];
	const wait: Wait = {
		clock,
		stop: stopping.signal,
		pollIntervalMs: 5_000,
		deadline: Deadline.in(maxWaitMs, clock),
		pollsAtOnce: true,
		onStatus: ({ status }) => statuses.push(status),
		async poll(limits) {
			const reply = replies[Math.min(polls.length, replies.length - 1)];
			polls.push({ atMs: clock.nowMs(), limitMs: limits.limitMs });
			if (reply instanceof Error) throw reply;
			return typeof reply === 'function' ? await reply(limits) : { id: 'job-1', status: reply };
		},
		...given,
	};
	return { clock, polls, statuses, stopping, run: async () => await waitForJob(wait) };
}

function fault(retryAfterMs?: number, httpStatus?: number): LtxError {
	const details = { isPassing: true, retryAfterMs, httpStatus };
	return new LtxError('api_error', 'LTX had an internal error', details);
}

const timesOf = (polls: Poll[]) => polls.map(({ atMs }) => atMs);

describe('the end of a wait', () => {
	it.each(['completed', 'failed', 'cancelled', ''])(
		'comes with the status "%s", whose job is given as the API reported it',
		async (status) => {
			const job = { id: 'job-1', status, result: { video_url: 'https://s.example/v' }, more: [1] };
			const { run, polls, clock } = setUp(['pending', async () => job]);

			expect(await run()).toEqual({ job, timedOut: false, polls: 2, lastFault: undefined });
			expect(timesOf(polls)).toEqual([0, 5_000]);
			expect(clock.nowMs()).toBe(5_000);
		},
	);

	it.each(['pending', 'processing', 'queued', 'running', 'in_progress', 'starting'])(
		'does not come with the status "%s"',
		async (status) => {
			const { run } = setUp([status, 'completed']);

			expect(await run()).toMatchObject({
				polls: 2,
				timedOut: false,
				job: { status: 'completed' },
			});
		},
	);
});

describe('the pause between polls', () => {
	it.each([
		{ random: 0, expected: [0, 5_000, 10_000] },
		{ random: 0.5, expected: [0, 5_500, 11_000] },
		{ random: JUST_BELOW_ONE, expected: [0, 6_000, 12_000] },
	])('is the interval and up to a fifth more: $expected', async ({ random, expected }) => {
		const clock = createFakeClock({ random });
		const { run, polls } = setUp(['pending', 'processing', 'completed'], {}, clock);

		await run();

		timesOf(polls).forEach((atMs, index) => expect(atMs).toBeCloseTo(expected[index]));
	});

	it.each([
		['a quarter of the interval at least', 0, 1_250],
		['a jittered interval at most', JUST_BELOW_ONE, 6_000],
	])('comes before the first poll of a new job too, with %s', async (_what, random, expectedMs) => {
		const clock = createFakeClock({ random });
		const { run, polls } = setUp(['completed'], { pollsAtOnce: false }, clock);

		await run();

		expect(timesOf(polls)[0]).toBeCloseTo(expectedMs, 3);
	});

	it('may be far shorter than the 5 seconds that the editor suggests', async () => {
		const { run, polls } = setUp(['pending', 'completed'], { pollIntervalMs: 1 });

		await run();

		expect(timesOf(polls)).toEqual([0, 1]);
	});

	it('is as long as Retry-After where that is longer than the interval', async () => {
		const { run, polls } = setUp([fault(12_000), 'completed']);

		await run();

		expect(timesOf(polls)).toEqual([0, 12_000]);
	});

	it('is the interval where Retry-After is shorter', async () => {
		const { run, polls } = setUp([fault(1_000), 'completed']);

		await run();

		expect(timesOf(polls)).toEqual([0, 5_000]);
	});

	it('is a minute at most, though Retry-After is a day', async () => {
		const given = { maxWaitMs: 600_000, pollIntervalMs: 1_000 };
		const { run, polls } = setUp([fault(86_400_000), 'completed'], given);

		await run();

		expect(timesOf(polls)).toEqual([0, 60_000]);
	});

	it('is back to the interval after the answer that follows a Retry-After', async () => {
		const { run, polls } = setUp([fault(12_000), 'pending', 'completed']);

		await run();

		expect(timesOf(polls)).toEqual([0, 12_000, 17_000]);
	});
});

describe('a poll that fails', () => {
	it('is done again until maxWait when the reason passes, however often', async () => {
		const { run, polls } = setUp([fault()], { pollIntervalMs: 10, maxWaitMs: 60_000 });

		const result = await run();

		expect(result).toEqual({ timedOut: true, polls: polls.length, lastFault: fault() });
		expect(polls.length).toBeGreaterThan(5_000);
	});

	it('ends the wait at once when the reason does not pass', async () => {
		const refusal = new LtxError('not_found_error', 'LTX does not know this job');
		const { run, polls, clock } = setUp(['pending', refusal]);

		await expect(run()).rejects.toBe(refusal);
		expect(polls).toHaveLength(2);
		expect(clock.nowMs()).toBe(5_000);
	});

	it('ends the wait when it is no failure of the API at all', async () => {
		const bug = new TypeError('not a function');
		const { run } = setUp([bug]);

		await expect(run()).rejects.toBe(bug);
	});

	it('leaves the job as it was last seen', async () => {
		const { run } = setUp(['processing', fault()]);

		expect(await run()).toMatchObject({
			timedOut: true,
			job: { id: 'job-1', status: 'processing' },
			lastFault: fault(),
		});
	});

	it('is forgotten once a later poll is answered', async () => {
		const answered = fault(undefined, 500);
		const { run } = setUp(['pending', answered, 'pending'], { maxWaitMs: 16_000 });

		const result = await run();

		expect(result).toMatchObject({ timedOut: true, polls: 4 });
		expect(result.lastFault).toBeUndefined();
	});

	it.each([
		['keeps one that came before it', [fault(), 'silence'] as const, fault()],
		['says nothing where none came before it', ['pending', 'silence'] as const, undefined],
		['counts where the server answered it', ['pending', fault(0, 503)] as const, fault(0, 503)],
	])('for want of time %s', async (_what, replies, lastFault) => {
		const clock = createFakeClock();
		const silence = async ({ limitMs }: Limits): Promise<Job> => {
			clock.advance(limitMs);
			throw new LtxError('network_error', 'no answer', { isPassing: true });
		};
		const { run } = setUp(
			replies.map((reply) => (reply === 'silence' ? silence : reply)),
			{ maxWaitMs: 31_000, pollIntervalMs: 10_000 },
			clock,
		);

		const result = await run();

		expect(result.timedOut).toBe(true);
		expect(result.lastFault).toEqual(lastFault);
	});
});

describe('maxWait', () => {
	it.each([
		{ title: 'an interval longer than it', pollIntervalMs: 10 * 60_000, replies: ['pending'] },
		{ title: 'a Retry-After longer than it', pollIntervalMs: 5_000, replies: [fault(3_600_000)] },
		{ title: 'faults without end', pollIntervalMs: 5_000, replies: [fault()] },
		{ title: 'a job without end', pollIntervalMs: 7_000, replies: ['processing'] },
	])('is not stretched by $title', async ({ pollIntervalMs, replies }) => {
		const clock = createFakeClock({ startMs: 1_234, random: JUST_BELOW_ONE });
		const { run } = setUp(replies, { pollIntervalMs }, clock);

		expect(await run()).toMatchObject({ timedOut: true });
		expect(clock.nowMs()).toBeCloseTo(1_234 + 60_000);
	});

	it('is not stretched by a server that stays silent', async () => {
		const clock = createFakeClock();
		const silence = async ({ limitMs }: Limits): Promise<Job> => {
			clock.advance(limitMs);
			throw fault();
		};
		const { run, polls } = setUp([silence], { maxWaitMs: 50_000 }, clock);

		expect(await run()).toMatchObject({ timedOut: true, polls: 2 });
		expect(polls).toEqual([
			{ atMs: 0, limitMs: 30_000 },
			{ atMs: 35_000, limitMs: 15_000 },
		]);
		expect(clock.nowMs()).toBe(50_000);
	});

	it('counts from its start, not from the first poll', async () => {
		const clock = createFakeClock();
		const { run, polls } = setUp(['pending'], {}, clock);
		clock.advance(58_000);

		expect(await run()).toMatchObject({ timedOut: true });
		expect(polls[0]).toEqual({ atMs: 58_000, limitMs: 2_000 });
		expect(clock.nowMs()).toBe(60_000);
	});

	it('sends nothing when it is already over', async () => {
		const clock = createFakeClock();
		const { run, polls } = setUp(['completed'], {}, clock);
		clock.advance(60_000);

		expect(await run()).toEqual({ timedOut: true, polls: 0 });
		expect(polls).toEqual([]);
	});

	it.each([true, false])(
		'has a last look just before its end where the interval is longer (polls at once: %s)',
		async (pollsAtOnce) => {
			const { run, polls } = setUp([...(pollsAtOnce ? ['pending'] : []), 'completed'], {
				pollIntervalMs: 10 * 60_000,
				pollsAtOnce,
			});

			expect(await run()).toMatchObject({ timedOut: false, job: { status: 'completed' } });
			expect(polls.at(-1)).toEqual({ atMs: 59_000, limitMs: 1_000 });
		},
	);

	it('has its last look within the last tenth where it is short', async () => {
		const { run, polls } = setUp(['completed'], {
			pollIntervalMs: 5_000,
			maxWaitMs: 1_000,
			pollsAtOnce: false,
		});

		expect(await run()).toMatchObject({ timedOut: false, job: { status: 'completed' } });
		expect(timesOf(polls)).toEqual([900]);
	});

	it('has no last look before a pause that is asked for is over, though the interval is longer', async () => {
		const { run, polls } = setUp([fault(30_000), 'completed'], {
			pollIntervalMs: 60_000,
			maxWaitMs: 20_000,
		});

		expect(await run()).toMatchObject({ timedOut: true, polls: 1 });
		expect(timesOf(polls)).toEqual([0]);
	});

	it('has no last look before the pause is over that the server asked for', async () => {
		const { run, polls } = setUp([fault(59_500), 'completed'], { pollIntervalMs: 5_000 });

		expect(await run()).toMatchObject({ timedOut: false, polls: 2 });
		expect(timesOf(polls)).toEqual([0, 59_500]);
	});
});

describe('a stop', () => {
	it('ends a pause where it comes, and no further poll is sent', async () => {
		const { run, polls, clock, stopping } = setUp(['pending']);
		clock.at(7_000, () => stopping.abort());

		await expect(run()).rejects.toBeInstanceOf(Stopped);
		expect(timesOf(polls)).toEqual([0, 5_000]);
		expect(clock.nowMs()).toBe(7_000);
	});

	it('reaches the poll through its limits', async () => {
		const { run, clock, stopping } = setUp([
			async ({ stop }) => {
				clock.at(1_000, () => stopping.abort());
				clock.advance(2_000);
				if (stop?.aborted) throw new Stopped();
				return { id: 'job-1', status: 'pending' };
			},
		]);

		await expect(run()).rejects.toBeInstanceOf(Stopped);
		expect(clock.pauses).toEqual([]);
	});

	it('is told from a deadline that is reached at the same time', async () => {
		const clock = createFakeClock();
		const { run, stopping } = setUp(
			[
				async ({ limitMs }) => {
					clock.advance(limitMs);
					stopping.abort();
					throw fault();
				},
			],
			{ maxWaitMs: 10_000 },
			clock,
		);

		await expect(run()).rejects.toBeInstanceOf(Stopped);
	});

	it('does not take away an answer that ended the job', async () => {
		const { run, stopping } = setUp([
			async () => {
				stopping.abort();
				return { id: 'job-1', status: 'completed' };
			},
		]);

		expect(await run()).toMatchObject({ job: { status: 'completed' } });
	});
});

describe('onStatus', () => {
	it('is called when the status differs from the one before, and not else', async () => {
		const { run, statuses } = setUp([
			'pending',
			'pending',
			fault(),
			'pending',
			'processing',
			'processing',
			'completed',
		]);

		await run();

		expect(statuses).toEqual(['pending', 'processing', 'completed']);
	});
});
