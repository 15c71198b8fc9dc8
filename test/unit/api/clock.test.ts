import { getEventListeners } from 'node:events';

import { systemClock } from '../../../nodes/LtxVideo/api/clock';
import { Stopped } from '../../../nodes/LtxVideo/api/errors';

it('wakes up at once when it is stopped', async () => {
	const stopping = new AbortController();
	const startMs = systemClock.nowMs();
	const sleep = systemClock.sleep(60_000, stopping.signal);
	setTimeout(() => stopping.abort(), 10);

	await expect(sleep).rejects.toBeInstanceOf(Stopped);
	expect(systemClock.nowMs() - startMs).toBeLessThan(900);
	expect(getEventListeners(stopping.signal, 'abort')).toEqual([]);
});

it('does not fall asleep after a stop', async () => {
	await expect(systemClock.sleep(60_000, AbortSignal.abort())).rejects.toBeInstanceOf(Stopped);
});

it('gives chance from 0 to 1', () => {
	const chances = Array.from({ length: 100 }, () => systemClock.random());

	expect(chances.filter((chance) => chance >= 0 && chance < 1)).toHaveLength(100);
	expect(new Set(chances).size).toBeGreaterThan(1);
});

it('sleeps no longer than it is told', async () => {
	const startMs = systemClock.nowMs();

	await systemClock.sleep(30, new AbortController().signal);

	expect(systemClock.nowMs() - startMs).toBeLessThan(900);
});

// Last, since what an interrupted sleep leaves behind ends within a second.
it('sleeps as long as it is told, and leaves no listener behind', async () => {
	const { signal } = new AbortController();
	const startMs = systemClock.nowMs();

	await systemClock.sleep(1_050, signal);

	expect(systemClock.nowMs() - startMs).toBeGreaterThanOrEqual(1_050);
	expect(getEventListeners(signal, 'abort')).toEqual([]);
});
