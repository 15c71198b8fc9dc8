import type { Clock } from '../api/clock';
import { isPassing, Stopped, type LtxError } from '../api/errors';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** An item asks for the last time so long before its patience is over. */
const LAST_LOOK_MS = 250;
/** For so many jobs accepted in a row, one more item may ask at a time. */
const LONG_ROW = 100;

/** How an item waits for LTX to take its job. */
export interface Patience {
	/** How long the line may stand still. */
	maxWaitMs: number;
	/** Called when LTX has refused the item for now. */
	onRepeat?(error: LtxError): void;
}

/** An item that waits. */
interface Place {
	index: number;
	maxWaitMs: number;
	go(ask: Ask): void;
	leave(reason: unknown): void;
}

/** A submit on its way. */
interface Ask {
	/** Whether the others wait for its answer. */
	isTurn: boolean;
	/** Whether a job has ended since the submit before it. */
	isAfterEnd: boolean;
}

/**
 * The items of a run that submit with the same account.
 *
 * As long as LTX takes every job, nobody waits. After a refusal that may pass, the items stand in
 * input order and only the first asks again: as soon as a job of the run has ended, else after the
 * pause that LTX asked for, and after pauses that grow to a minute. When it is accepted, the next asks at
 * once. A refusal for good and a lost answer end their item alone.
 *
 * The refusal is told to those for whose `maxWaitMs` no job was accepted and none has ended. They
 * are told at once where nothing can come of waiting, since LTX asks for a longer pause and no job is
 * on its way that could end before.
 */
export class SubmitLine {
	/** In input order. */
	private waiting: Place[] = [];
	/** Of those that wait, or shorter. */
	private shortestWaitMs = Infinity;
	private onTheirWay = 0;
	/** Of those on their way, the ones that had to wait for it. */
	private turns = 0;
	/** Jobs accepted since the last refusal; infinite as long as there was none. */
	private inARow = Infinity;
	private lastRefusal: unknown;
	/** When a job was last accepted or ended, or when the line came to stand. */
	private movedAtMs = 0;
	/** When the first may ask again. */
	private askAtMs = -Infinity;
	private pauseMs = FIRST_PAUSE_MS;
	private watchedJobs = 0;
	private tellsEnds = false;
	private hasJobEnded = false;
	/** Jobs that have ended while items waited, less those that were accepted. */
	private freePlaces = 0;
	private timer?: AbortController;

	/** @param stop empties the line at once */
	constructor(
		private readonly clock: Clock,
		private readonly stop: AbortSignal,
	) {
		stop.addEventListener('abort', () => this.empty(), { once: true });
	}

	/**
	 * Submits a job when it is the item's turn, until it is accepted or refused for good.
	 *
	 * @param attempt sends one submit
	 * @throws {Stopped} when the line was stopped before a submit left
	 * @throws the last refusal of the line, or what `attempt` threw
	 */
	async submit<T>(index: number, attempt: () => Promise<T>, patience: Patience): Promise<T> {
		for (;;) {
			const ask = await this.waitForTurn(index, patience.maxWaitMs);
			let failure: unknown;
			try {
				const result = await attempt();
				this.noteEnd(ask);
				this.noteAccepted();
				return result;
			} catch (error) {
				failure = error;
			}
			this.noteEnd(ask);
			if (!isPassing(failure) || !failure.wasRefused) {
				this.moveOn();
				throw failure;
			}
			this.noteRefused(failure, ask, patience.maxWaitMs);
			patience.onRepeat?.(failure);
		}
	}

	/** Watches a job of the run to its end, after which there may be room for another. */
	async watch<T>(wait: () => Promise<T>): Promise<T> {
		this.watchedJobs++;
		this.tellsEnds = true;
		try {
			return await wait();
		} finally {
			this.watchedJobs--;
			this.freePlaces++;
			this.hasJobEnded = true;
			this.movedAtMs = this.clock.nowMs();
			this.askAtMs = -Infinity;
			this.moveOn();
		}
	}

	private async waitForTurn(index: number, maxWaitMs: number): Promise<Ask> {
		if (this.stop.aborted) throw new Stopped();
		return await new Promise<Ask>((go, leave) => {
			const last = this.waiting.findLastIndex((place) => place.index < index);
			this.waiting.splice(last + 1, 0, { index, maxWaitMs, go, leave });
			this.shortestWaitMs = Math.min(this.shortestWaitMs, maxWaitMs);
			this.moveOn();
		});
	}

	private noteEnd({ isTurn }: Ask): void {
		this.onTheirWay--;
		if (isTurn) this.turns--;
	}

	private noteAccepted(): void {
		this.inARow++;
		this.movedAtMs = this.clock.nowMs();
		this.freePlaces--;
		// While ends are told, it is by them that the line moves: short pauses would add refusals only.
		if (!this.tellsEnds) this.pauseMs = FIRST_PAUSE_MS;
		this.moveOn();
	}

	private noteRefused(refusal: LtxError, { isAfterEnd }: Ask, maxWaitMs: number): void {
		const nowMs = this.clock.nowMs();
		this.lastRefusal = refusal;
		if (this.inARow > 0) this.movedAtMs = nowMs;
		if (this.inARow === Infinity) this.freePlaces = 0;
		this.inARow = 0;
		// It left before a job ended.
		if (this.hasJobEnded) return;
		let pauseMs = refusal.retryAfterMs ?? 0;
		// Several that were on their way together are refused together, and count as one.
		if (nowMs >= this.askAtMs) {
			// LTX may need a moment to free the place of a job that has ended.
			if (isAfterEnd && this.freePlaces > 0) this.pauseMs = FIRST_PAUSE_MS;
			const lastLookMs = this.movedAtMs + maxWaitMs - LAST_LOOK_MS - nowMs;
			const ownPauseMs =
				lastLookMs > LAST_LOOK_MS ? Math.min(this.pauseMs, lastLookMs) : this.pauseMs;
			pauseMs = Math.max(pauseMs, ownPauseMs);
			this.pauseMs = Math.min(2 * this.pauseMs, LONGEST_PAUSE_MS);
		}
		// Other executions with the same account should not come back at the same moment.
		const jitteredMs = pauseMs * (1 + 0.1 * this.clock.random());
		this.askAtMs = Math.max(this.askAtMs, nowMs + jitteredMs);
	}

	/** Lets those go whose turn it is, tells those whose patience is over, and sets the timer. */
	private moveOn(): void {
		this.timer?.abort();
		this.timer = undefined;
		const nowMs = this.clock.nowMs();
		while (this.waiting.length > 0 && this.hasTurn && nowMs >= this.askAtMs) {
			const isTurn = this.inARow < Infinity;
			if (isTurn) this.turns++;
			this.onTheirWay++;
			this.waiting.shift()?.go({ isTurn, isAfterEnd: this.hasJobEnded });
			this.hasJobEnded = false;
		}
		if (this.waiting.length === 0 || !this.hasTurn) return;
		// A job that was just accepted is not watched yet.
		const canMove = this.onTheirWay > 0 || this.watchedJobs > 0 || this.inARow > 0;
		this.tellRefusal(canMove ? nowMs : this.askAtMs);
		if (this.waiting.length === 0) return;
		this.timer = new AbortController();
		const untilMs = Math.min(this.askAtMs, this.movedAtMs + this.shortestWaitMs);
		this.clock.sleep(untilMs - nowMs, this.timer.signal).then(
			() => this.moveOn(),
			() => {},
		);
	}

	/** After a refusal one item asks at a time, so that its answer is known before the next may overtake it. */
	private get hasTurn(): boolean {
		return this.turns < 1 + Math.floor(this.inARow / LONG_ROW);
	}

	/** Tells the refusal to those whose patience is over by `atMs`. */
	private tellRefusal(atMs: number): void {
		if (this.movedAtMs + this.shortestWaitMs > atMs) return;
		const isOver = ({ maxWaitMs }: Place) => this.movedAtMs + maxWaitMs <= atMs;
		const told = this.waiting.filter(isOver);
		this.waiting = this.waiting.filter((place) => !isOver(place));
		this.shortestWaitMs = this.waiting.reduce(
			(ms, { maxWaitMs }) => Math.min(ms, maxWaitMs),
			Infinity,
		);
		for (const { leave } of told) leave(this.lastRefusal);
	}

	private empty(): void {
		this.timer?.abort();
		for (const { leave } of this.waiting.splice(0)) leave(new Stopped());
	}
}
