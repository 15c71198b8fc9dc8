import { Deadline, LONGEST_TIMER_MS } from '../../../nodes/LtxVideo/api/deadline';
import { createFakeClock } from '../fakeClock';

it('is over when its time has passed, wherever the clock began', () => {
	const clock = createFakeClock({ startMs: 1_234 });
	const deadline = Deadline.in(1_000, clock);
	const seen = [0, 400, 599, 1, 1].map((ms) => {
		clock.advance(ms);
		return [deadline.leftMs, deadline.isOver];
	});

	expect(seen).toEqual([
		[1_000, false],
		[600, false],
		[1, false],
		[0, true],
		[0, true],
	]);
});

it.each([
	[5_000, undefined, 5_000],
	[5_000, 30_000, 5_000],
	[50_000, 30_000, 30_000],
	// HTTP libraries take 0 for no limit.
	[0, undefined, 1],
	[0, 30_000, 1],
	[0.4, 30_000, 1],
	// A longer timer would end at once.
	[99_999 * 60_000, undefined, LONGEST_TIMER_MS],
	[99_999 * 60_000, Infinity, LONGEST_TIMER_MS],
	[Infinity, undefined, 2 ** 31 - 1],
])('of %d ms lets a request that may take %p ms take %d ms', (ms, mostMs, expected) => {
	expect(Deadline.in(ms, createFakeClock()).limitMs(mostMs)).toBe(expected);
});
