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

/** An account at LTX, with a line in front of it. */
class Account {
	/** How many jobs run at a time. */
	limit = Infinity;
	jobMs = MINUTE_MS;
	retryAfterMs?: number;
	/** How late the end of a job is noticed. */
	lateMs = 0;
	/** Whether the run waits for its jobs, or only submits them. */
	isWaiting = true;
	maxWaitMs = MAX_WAIT_MS;
	/** In place of an answer. */
	failures = new Map<number, Error>();

	readonly stopping = new AbortController();
	readonly line = new SubmitLine(clock, this.stopping.signal);
	readonly submits: Array<{ index: number; atMs: number }> = [];
	readonly accepted: number[] = [];
	readonly told = new Map<number, { error: unknown; atMs: number }>();
	running = 0;
	private readonly startMs = performance.now();

	private get nowMs(): number {
		return performance.now() - this.startMs;
	}

	readonly attempt = async (index: number) => {
		this.submits.push({ index, atMs: this.nowMs });
		const failure =
			this.failures.get(index) ??
			(this.running < this.limit ? undefined : refusal(this.retryAfterMs));
		if (!failure) {
			this.running++;
			this.accepted.push(index);
			setTimeout(() => this.running--, this.jobMs);
		}
		await pause(ANSWER_MS);
		if (failure) throw failure;
	};

	/** One item from its submit to its end. */
	async item(index: number): Promise<void> {
		try {
			const { maxWaitMs } = this;
			await this.line.submit(index, async () => await this.attempt(index), { maxWaitMs });
			if (!this.isWaiting) return;
			await this.line.watch(async () => await pause(this.jobMs + this.lateMs));
		} catch (error) {
			this.told.set(index, { error, atMs: this.nowMs });
		}
	}

	/** Works on items, ten at once, and gives the time that it took. */
	async run(count: number, width = 10): Promise<number> {
		const { nowMs } = this;
		let next = 0;
		const lane = async () => {
			for (let index = next++; index < count; index = next++) await this.item(index);
		};
		const lanes = Array.from({ length: width }, lane);
		let endMs: number | undefined;
		const all = Promise.all(lanes).then(() => (endMs = this.nowMs));
		while (endMs === undefined) await jest.advanceTimersToNextTimerAsync();
		await all;
		return endMs - nowMs;
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
});

describe('on an account that is full', () => {
	it.each([undefined, 10 * SECOND_MS])(
		'30 items come through in their order, with few submits (Retry-After: %s ms)',
		async (retryAfterMs) => {
			const account = accountWith({
				limit: 2,
				jobMs: 3 * MINUTE_MS,
				lateMs: 3 * SECOND_MS,
				retryAfterMs,
			});

			const tookMs = await account.run(30);

			expect(account.accepted).toEqual(numbers(30));
			expect(tookMs).toBeLessThan(1.05 * 15 * 3 * MINUTE_MS);
			expect(account.submits.length).toBeLessThanOrEqual(4 * 30);
		},
	);

	it('jobs that end one after the other need two submits each', async () => {
		const account = accountWith({ limit: 5, lateMs: 0 });
		const lengths = numbers(5).map((n) => (n + 1) * 36 * SECOND_MS);
		let jobs = 0;
		const { item } = Account.prototype;
		account.item = async function (index) {
			this.jobMs = lengths[jobs++] ?? 3 * MINUTE_MS;
			await item.call(this, index);
		};

		await account.run(100);

		expect(account.accepted).toEqual(numbers(100));
		expect(account.submits.length).toBeLessThanOrEqual(2.3 * 100);
	});
});
