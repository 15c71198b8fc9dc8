import type { Clock } from '../../../nodes/LtxVideo/api/clock';
import { LtxError, Stopped } from '../../../nodes/LtxVideo/api/errors';
import { SubmitLine } from '../../../nodes/LtxVideo/run/submitLine';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const MAX_WAIT_MS = 20 * MINUTE_MS;
/** Of a submit. */
const ANSWER_MS = 100;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Goes by jest's timers, so that many items can wait at once. */
const clock: Clock = {
	nowMs: () => performance.now(),
	random: () => 0,
	async sleep(ms, stop) {
		await new Promise<void>((resolve, reject) => {
			const timer = setTimeout(resolve, ms);
			const wakeUp = () => {
				clearTimeout(timer);
				reject(new Stopped());
			};
			if (stop.aborted) wakeUp();
			else stop.addEventListener('abort', wakeUp, { once: true });
		});
	},
};

const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

const refusal = (retryAfterMs?: number) =>
	new LtxError('rate_limit_error', 'The queue is full', {
		httpStatus: 429,
		isPassing: true,
		wasRefused: true,
		retryAfterMs,
	});

interface Submit {
	index: number;
	atMs: number;
	answer: 'accepted' | 'refused' | 'failed';
}

/** An account at LTX, and a run with its line. */
class Account {
	/** How many jobs run at a time. */
	limit = Infinity;
	jobMs: (index: number) => number = () => MINUTE_MS;
	retryAfterMs?: number;
	/** How late the run notices that a job has ended. */
	lateMs = 0;
	/** Until a place is free again after a job has ended. */
	freeingMs = 0;
	/** Whether the run waits for its jobs, or only submits them. */
	isWaiting = true;
	maxWaitMs: (index: number) => number = () => MAX_WAIT_MS;
	/** Before the submit, as an upload takes it. */
	prepareMs: (index: number) => number = () => 0;
	answerMs: (index: number) => number = () => ANSWER_MS;
	/** In place of LTX's answer. */
	fail: (index: number) => Error | undefined = () => undefined;

	readonly stopping = new AbortController();
	readonly line = new SubmitLine(clock, this.stopping.signal);
	readonly submits: Submit[] = [];
	/** What an item was told in place of a job. */
	readonly told = new Map<number, { error: unknown; atMs: number }>();
	running = 0;
	private readonly startMs = performance.now();

	get nowMs(): number {
		return performance.now() - this.startMs;
	}

	private async attempt(index: number): Promise<void> {
		const isFull = this.running >= this.limit;
		const failure = this.fail(index) ?? (isFull ? refusal(this.retryAfterMs) : undefined);
		const answer = !failure ? 'accepted' : isFull ? 'refused' : 'failed';
		this.submits.push({ index, atMs: this.nowMs, answer });
		if (!failure) {
			this.running++;
			setTimeout(() => this.running--, this.jobMs(index) + this.freeingMs);
		}
		await pause(this.answerMs(index));
		if (failure) throw failure;
	}

	/** An item, from its upload to the end of its job. */
	async work(index: number): Promise<void> {
		const jobMs = this.jobMs(index);
		try {
			if (this.prepareMs(index) > 0) await pause(this.prepareMs(index));
			const patience = { maxWaitMs: this.maxWaitMs(index) };
			await this.line.submit(index, async () => await this.attempt(index), patience);
			if (this.isWaiting) await this.line.watch(async () => await pause(jobMs + this.lateMs));
		} catch (error) {
			this.told.set(index, { error, atMs: this.nowMs });
		}
	}

	/** Works on items, ten at once, and gives the time that it took. */
	async run(count: number, width = 10): Promise<number> {
		const startMs = this.nowMs;
		let next = 0;
		const lane = async () => {
			for (let index = next++; index < count; index = next++) await this.work(index);
		};
		const lanes = Promise.all(Array.from({ length: width }, lane));
		let endMs: number | undefined;
		void lanes.then(() => (endMs = this.nowMs));
		while (endMs === undefined) await jest.advanceTimersToNextTimerAsync();
		return endMs - startMs;
	}

	/** The items in the order in which their jobs were accepted. */
	get accepted(): number[] {
		return this.submits.filter(({ answer }) => answer === 'accepted').map(({ index }) => index);
	}

	/** When an item asked. */
	asked(index: number): number[] {
		return this.submits.filter((submit) => submit.index === index).map(({ atMs }) => atMs);
	}
}

const accountWith = (settings: Partial<Account>) => Object.assign(new Account(), settings);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('as long as nothing is refused', () => {
	it('all items submit at once', async () => {
		const account = new Account();

		await account.run(30);

		expect(account.submits.slice(0, 10).map(({ atMs }) => atMs)).toEqual(Array(10).fill(0));
		expect(account.submits).toHaveLength(30);
	});

	it('an item whose upload takes long holds up no other', async () => {
		const account = accountWith({ prepareMs: (index) => (index === 0 ? MINUTE_MS : 0) });

		await account.run(10);

		expect(account.asked(9)).toEqual([0]);
	});
});

describe('on an account that is full', () => {
	it.each([undefined, 10 * SECOND_MS])(
		'30 items come through in their order, with few submits (Retry-After: %s ms)',
		async (retryAfterMs) => {
			const jobMs = 3 * MINUTE_MS;
			const account = accountWith({
				limit: 2,
				jobMs: () => jobMs,
				lateMs: 3 * SECOND_MS,
				retryAfterMs,
			});

			const tookMs = await account.run(30);

			expect(account.accepted).toEqual(numbers(30));
			expect(tookMs).toBeLessThan(1.05 * 15 * jobMs);
			expect(account.submits.length).toBeLessThanOrEqual(4 * 30);
		},
	);

	it('a job that ends costs two submits: one is accepted, and the next refused', async () => {
		const account = accountWith({
			limit: 5,
			// So that afterwards one ends every 36 s.
			jobMs: (index) => (index < 5 ? (index + 1) * 36 : 180) * SECOND_MS,
			lateMs: SECOND_MS,
		});

		await account.run(100);

		expect(account.accepted).toEqual(numbers(100));
		expect(account.submits.length).toBeLessThanOrEqual(2.2 * 100);
	});

	it('the first asks again as soon as a job has ended, whatever pause LTX asks for', async () => {
		const account = accountWith({ limit: 1, retryAfterMs: 24 * 60 * MINUTE_MS });

		await account.run(3);

		expect(account.asked(1)).toEqual([0, MINUTE_MS + ANSWER_MS]);
		// Once more when its turn has come.
		expect(account.asked(2)).toEqual([0, MINUTE_MS + 2 * ANSWER_MS, 2 * (MINUTE_MS + ANSWER_MS)]);
	});

	it('asks after pauses that grow to a minute while nothing moves', async () => {
		const account = accountWith({ limit: 0, isWaiting: false });

		await account.run(2);

		const pauses = account
			.asked(0)
			.map((atMs, n, all) => (atMs - (all[n - 1] ?? 0) - ANSWER_MS) / SECOND_MS)
			.slice(1);
		expect(pauses.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
		expect(account.asked(1)).toEqual([0]);
	});

	it('keeps to a longer pause of LTX, also where one of several that were on their way was asked for it', async () => {
		const account = accountWith({
			limit: 0,
			fail: (index) => refusal(index === 1 ? 240 * SECOND_MS : undefined),
			isWaiting: false,
		});

		await account.run(3);

		expect(account.asked(0)[1]).toBeGreaterThanOrEqual(240 * SECOND_MS);
	});

	it('tries again soon where LTX needs a moment to free a place', async () => {
		const account = accountWith({ limit: 2, freeingMs: 2 * SECOND_MS });

		const tookMs = await account.run(20);

		expect(account.accepted).toEqual(numbers(20));
		expect(tookMs).toBeLessThan(10 * (MINUTE_MS + 5 * SECOND_MS));
	});

	it('an item whose turn comes late stands before those behind it', async () => {
		const account = accountWith({
			limit: 2,
			prepareMs: (index) => (index === 4 ? 10 * SECOND_MS : 0),
		});

		await account.run(10);

		expect(account.accepted).toEqual(numbers(10));
	});

	it('stands in input order, in whatever order the refusals come', async () => {
		const account = accountWith({
			limit: 2,
			answerMs: (index) => 200 - 10 * index,
		});

		await account.run(10);

		expect(account.accepted).toEqual(numbers(10));
	});

	it('asks again at once where a job ended while the refusal was on its way', async () => {
		const account = accountWith({
			limit: 1,
			jobMs: () => 50,
			answerMs: (index) => (index === 0 ? 10 : 150),
		});

		await account.run(2);

		expect(account.asked(1)).toEqual([0, 150]);
	});

	it('20 plain submits come through, whose ends nobody tells', async () => {
		const account = accountWith({
			limit: 2,
			jobMs: () => 3 * MINUTE_MS,
			isWaiting: false,
			maxWaitMs: () => 5 * MINUTE_MS,
		});

		const tookMs = await account.run(20);

		expect(account.accepted).toEqual(numbers(20));
		expect(tookMs).toBeLessThan(1.25 * 9 * 3 * MINUTE_MS);
	});

	it('follows a limit that is raised, soon with several submits at once', async () => {
		const account = accountWith({ limit: 1, jobMs: () => 100 * MINUTE_MS, isWaiting: false });
		setTimeout(() => (account.limit = Infinity), 10 * SECOND_MS);

		const tookMs = await account.run(1_000, 100);

		expect(account.accepted).toEqual(numbers(1_000));
		// One at a time, they take 100 s.
		expect(tookMs).toBeLessThan(50 * SECOND_MS);
	});

	it('lets a thousand through, with two submits a job', async () => {
		const account = accountWith({ limit: 2, jobMs: () => 5 * SECOND_MS });

		await account.run(1_000);

		expect(account.accepted).toEqual(numbers(1_000));
		expect(account.submits.length).toBeLessThan(2.5 * 1_000);
	});
});

describe('patience', () => {
	it('lasts as long as the line moves', async () => {
		const account = accountWith({
			limit: 1,
			jobMs: () => 19 * MINUTE_MS,
			maxWaitMs: () => 20 * MINUTE_MS,
		});

		await account.run(10);

		expect(account.accepted).toEqual(numbers(10));
	});

	it('is over for all that wait when nothing has moved for so long', async () => {
		const account = accountWith({ limit: 2, jobMs: () => 100 * MINUTE_MS });

		await account.run(10);

		expect([...account.told.keys()]).toEqual(numbers(10).slice(2));
		for (const { error, atMs } of account.told.values()) {
			expect(error).toMatchObject({ type: 'rate_limit_error', httpStatus: 429 });
			expect(atMs).toBeGreaterThanOrEqual(MAX_WAIT_MS);
			expect(atMs).toBeLessThan(MAX_WAIT_MS + SECOND_MS);
		}
	});

	it('begins when the line comes to stand, not when the last job was accepted', async () => {
		const account = accountWith({
			limit: 1,
			jobMs: () => 60 * MINUTE_MS,
			prepareMs: (index) => (index === 1 ? 30 * MINUTE_MS : 0),
		});

		await account.run(2);

		expect(account.told.get(1)?.atMs).toBeGreaterThanOrEqual(50 * MINUTE_MS);
	});

	it('counts from the last job that ended', async () => {
		const account = accountWith({
			limit: 2,
			jobMs: (index) => (index === 0 ? 10 : 100) * MINUTE_MS,
			maxWaitMs: () => 15 * MINUTE_MS,
		});

		await account.run(4);

		expect(account.accepted).toEqual([0, 1, 2]);
		const toldMs = account.told.get(3)?.atMs ?? 0;
		expect(Math.round(toldMs / MINUTE_MS)).toBe(25);
	});

	it('counts from the last job that ended also where its place is not free', async () => {
		const account = accountWith({
			limit: 2,
			jobMs: (index) => (index === 0 ? 10 : 100) * MINUTE_MS,
			freeingMs: 1_000 * MINUTE_MS,
			maxWaitMs: () => 15 * MINUTE_MS,
		});

		await account.run(3);

		expect(Math.round((account.told.get(2)?.atMs ?? 0) / MINUTE_MS)).toBe(25);
	});

	it('counts from the answer of one that was still on its way', async () => {
		const account = accountWith({
			limit: 1,
			jobMs: () => 100 * MINUTE_MS,
			retryAfterMs: 24 * 60 * MINUTE_MS,
			answerMs: (index) => (index === 0 ? 2 * MINUTE_MS : ANSWER_MS),
			maxWaitMs: () => 15 * MINUTE_MS,
		});

		await account.run(2);

		expect(Math.round((account.told.get(1)?.atMs ?? 0) / MINUTE_MS)).toBe(17);
	});

	it("is each item's own", async () => {
		const account = accountWith({
			limit: 1,
			jobMs: () => 30 * MINUTE_MS,
			maxWaitMs: (index) => (index === 2 ? MINUTE_MS : 40 * MINUTE_MS),
		});

		await account.run(4);

		expect(account.accepted).toEqual([0, 1, 3]);
		expect(Math.round((account.told.get(2)?.atMs ?? 0) / SECOND_MS)).toBe(60);
	});

	it('is over at once where LTX asks for a longer pause and nothing can end before', async () => {
		const account = accountWith({
			limit: 1,
			isWaiting: false,
			retryAfterMs: 24 * 60 * MINUTE_MS,
			maxWaitMs: () => 5 * MINUTE_MS,
		});

		await account.run(100);

		expect(account.accepted).toEqual([0]);
		expect(account.told.size).toBe(99);
		expect(account.told.get(99)?.atMs).toBeLessThan(SECOND_MS);
		expect(account.submits.length).toBeLessThan(12);
	});

	it('that is over is over for those that come later too, without a submit of theirs', async () => {
		const account = accountWith({ limit: 0, isWaiting: false, maxWaitMs: () => 5 * MINUTE_MS });

		const tookMs = await account.run(1_000);

		expect(account.told.size).toBe(1_000);
		expect(tookMs).toBeLessThan(5 * MINUTE_MS + SECOND_MS);
		expect(account.submits.length).toBeLessThan(30);
	});

	it('that is shorter than the pauses has a last try', async () => {
		const account = accountWith({ limit: 1, isWaiting: false, maxWaitMs: () => 900 });
		account.running = 1;
		setTimeout(() => account.running--, 500);

		await account.run(1);

		expect(account.accepted).toEqual([0]);
	});
});

describe('a failure that is not for now', () => {
	const final = new LtxError('invalid_request_error', 'No', { httpStatus: 400, wasRefused: true });
	const lost = new LtxError('answer_lost', 'Who knows', {});

	it.each([final, lost])('ends its item alone: $type', async (failure) => {
		const account = accountWith({
			limit: 2,
			fail: (index) => (index === 4 ? failure : undefined),
		});

		await account.run(10);

		expect(account.accepted).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9]);
		expect([...account.told.values()].map(({ error }) => error)).toEqual([failure]);
	});

	it('lets the next ask at once', async () => {
		const account = accountWith({ limit: 1 });
		account.fail = (index) => (index === 1 && account.nowMs > SECOND_MS ? final : undefined);

		await account.run(3);

		expect(account.asked(2)[1]).toBe((account.asked(1).at(-1) ?? 0) + ANSWER_MS);
	});

	it.each([
		['a submit that never left', new LtxError('network_error', 'No way', { wasRefused: true })],
		['a passing fault that may have been taken', new LtxError('x', 'x', { isPassing: true })],
		['what is not ours', new Error('disk full')],
	])('is never repeated: %s', async (_what, failure) => {
		const account = accountWith({ fail: () => failure });

		await account.run(1);

		expect(account.submits).toHaveLength(1);
		expect(account.told.get(0)?.error).toBe(failure);
	});
});

describe('Stop', () => {
	it('empties the line at once, and nothing is sent after it', async () => {
		const account = accountWith({ limit: 2, jobMs: () => SECOND_MS, isWaiting: false });
		setTimeout(() => {
			account.limit = 0;
			account.stopping.abort();
		}, 500);

		await account.run(30);

		const waited = [...account.told.values()];
		expect(waited).toHaveLength(28);
		expect(waited.every(({ error, atMs }) => error instanceof Stopped && atMs === 500)).toBe(true);
		expect(account.submits.every(({ atMs }) => atMs < 500)).toBe(true);
	});

	it('empties the line also while the first waits for its answer', async () => {
		const account = accountWith({
			limit: 1,
			answerMs: (index) => (index === 1 ? MINUTE_MS : ANSWER_MS),
		});
		setTimeout(() => account.stopping.abort(), 10 * SECOND_MS);

		await account.run(3);

		expect(account.told.get(2)).toEqual({ error: expect.any(Stopped) as Error, atMs: 10_000 });
	});
});

it('tells that an item has to wait', async () => {
	const repeats: LtxError[] = [];
	const answers = [refusal(), refusal()];
	const { line } = new Account();
	const attempt = async () => {
		const answer = answers.shift();
		if (answer) throw answer;
		return 'job';
	};
	const submitting = line.submit(0, attempt, {
		maxWaitMs: MAX_WAIT_MS,
		onRepeat: (error) => repeats.push(error),
	});

	await jest.runAllTimersAsync();

	expect(await submitting).toBe('job');
	expect(repeats.map(({ httpStatus }) => httpStatus)).toEqual([429, 429]);
});
