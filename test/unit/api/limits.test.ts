import { getEventListeners } from 'node:events';

import { LtxError, Stopped } from '../../../nodes/LtxVideo/api/errors';
import { withinLimits } from '../../../nodes/LtxVideo/api/limits';

const FAR_MS = 10_000;

async function after(ms: number): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, ms));
}

const never = async () => await new Promise<never>(() => {});

/** How `run` failed, and after how many milliseconds. */
async function failureOf(run: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
	const startMs = performance.now();
	try {
		await run;
	} catch (error) {
		return { error, ms: performance.now() - startMs };
	}
	throw new Error('It did not fail');
}

it('gives what the work gives', async () => {
	const work = async () => {
		await after(5);
		return 'done';
	};

	expect(await withinLimits({ limitMs: FAR_MS }, work)).toBe('done');
});

it('fails as the work fails, and leaves its error as it is', async () => {
	const error = new Error('socket');

	await expect(
		withinLimits({ limitMs: FAR_MS }, async () => await Promise.reject(error)),
	).rejects.toBe(error);
});

it('ends work that does not heed its signal when the limit is reached', async () => {
	const { error, ms } = await failureOf(withinLimits({ limitMs: 30 }, never));

	expect(error).toBeInstanceOf(LtxError);
	expect(error).toMatchObject({ type: 'network_error', isPassing: true });
	expect((error as Error).message).toMatch(/^no answer for 0\.\d s$/);
	expect(ms).toBeGreaterThanOrEqual(29);
	expect(ms).toBeLessThan(1_000);
});

it('aborts the signal of the work when the limit is reached, and gives its own error', async () => {
	let wasAborted = false;
	const heeding = async (signal: AbortSignal) =>
		await new Promise<never>((_resolve, reject) => {
			signal.addEventListener('abort', () => {
				wasAborted = true;
				reject(new Error('aborted'));
			});
		});

	const { error } = await failureOf(withinLimits({ limitMs: 20 }, heeding));

	expect(wasAborted).toBe(true);
	expect(error).toMatchObject({ type: 'network_error' });
});

it('leaves the signal alone once the work is done', async () => {
	const stopping = new AbortController();
	let seen: AbortSignal | undefined;
	await withinLimits({ limitMs: 20, stop: stopping.signal }, async (signal) => {
		seen = signal;
	});

	stopping.abort();
	await after(40);

	expect(seen?.aborted).toBe(false);
});

it('ends silent work before the limit', async () => {
	const { error, ms } = await failureOf(withinLimits({ limitMs: FAR_MS, silenceMs: 30 }, never));

	expect(error).toMatchObject({ type: 'network_error', isPassing: true });
	expect((error as Error).message).toMatch(/^no answer for 0\.\d s$/);
	expect(ms).toBeLessThan(1_000);
});

it('lets work go on that shows progress', async () => {
	const work = async (_signal: AbortSignal, watch: (progress: () => number) => void) => {
		let step = 0;
		watch(() => step);
		while (step < 6) {
			await after(25);
			step++;
		}
		return 'done';
	};

	expect(await withinLimits({ limitMs: FAR_MS, silenceMs: 100 }, work)).toBe('done');
});

it('ends work that falls silent after its progress', async () => {
	let progressMs = 0;
	const work = async (_signal: AbortSignal, watch: (progress: () => number) => void) => {
		let step = 0;
		watch(() => step);
		await after(40);
		step++;
		progressMs = performance.now();
		return await never();
	};

	const { error, ms } = await failureOf(withinLimits({ limitMs: FAR_MS, silenceMs: 60 }, work));

	expect((error as Error).message).toMatch(/^no answer for 0\.\d s$/);
	expect(performance.now() - progressMs).toBeGreaterThanOrEqual(59);
	expect(ms).toBeLessThan(1_000);
});

it('does not let progress stretch the limit, and says that the work was not complete', async () => {
	let isOver = false;
	const work = async (_signal: AbortSignal, watch: (progress: () => number) => void) => {
		let step = 0;
		watch(() => step);
		while (!isOver) {
			await after(5);
			step++;
		}
	};

	const { error, ms } = await failureOf(withinLimits({ limitMs: 60, silenceMs: 40 }, work));
	isOver = true;

	expect((error as Error).message).toMatch(/^not complete after 0\.\d s$/);
	expect(ms).toBeLessThan(1_000);
});

it('does not take it for silence when nothing more is to come from the network', async () => {
	const work = async (_signal: AbortSignal, watch: (progress: () => undefined) => void) => {
		watch(() => undefined);
		await after(150);
		return 'kept';
	};

	expect(await withinLimits({ limitMs: FAR_MS, silenceMs: 30 }, work)).toBe('kept');
});

it('ends at once when stop is aborted, and aborts the signal of the work', async () => {
	const stopping = new AbortController();
	setTimeout(() => stopping.abort(), 20);
	let seen: AbortSignal | undefined;

	const { error, ms } = await failureOf(
		withinLimits({ limitMs: FAR_MS, stop: stopping.signal }, async (signal) => {
			seen = signal;
			return await never();
		}),
	);

	expect(error).toBeInstanceOf(Stopped);
	expect(seen?.aborted).toBe(true);
	expect(ms).toBeLessThan(1_000);
});

it('does not begin the work when stop is aborted already', async () => {
	const work = jest.fn(never);

	await expect(
		withinLimits({ limitMs: FAR_MS, stop: AbortSignal.abort() }, work),
	).rejects.toBeInstanceOf(Stopped);
	expect(work).not.toHaveBeenCalled();
});

it('takes limits that are longer than a timer can hold', async () => {
	const work = async () => {
		await after(30);
		return 'done';
	};

	expect(await withinLimits({ limitMs: 2 ** 40 }, work)).toBe('done');
	expect(await withinLimits({ limitMs: Infinity }, work)).toBe('done');
});

it.each([
	['is done', async () => 'done'],
	['fails', async () => await Promise.reject(new Error('socket'))],
	['is cut off', never],
])('leaves no listener on the stop signal once the work %s', async (_how, work) => {
	const { signal: stop } = new AbortController();

	await withinLimits({ limitMs: 20, stop }, work as () => Promise<string>).catch(() => {});

	expect(getEventListeners(stop, 'abort')).toEqual([]);
});
