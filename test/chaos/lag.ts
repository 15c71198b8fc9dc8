const SAMPLE_MS = 20;

/**
 * How late this process is. Node, stand-in and clocks of a run share one process: what a busy machine
 * holds up there is no fault of the node.
 */
export class Lag {
	private readonly samples: Array<{ atMs: number; lateMs: number }> = [];
	private readonly timer: NodeJS.Timeout;
	private dueMs = Date.now() + SAMPLE_MS;

	constructor() {
		this.timer = setInterval(() => {
			const nowMs = Date.now();
			const lateMs = nowMs - this.dueMs;
			this.dueMs = nowMs + SAMPLE_MS;
			if (lateMs > SAMPLE_MS) this.samples.push({ atMs: nowMs, lateMs });
		}, SAMPLE_MS);
	}

	/** The longest time since `startMs` in which nothing moved, and all of it together. */
	since(startMs: number): { longestMs: number; totalMs: number } {
		const late = this.samples.filter(({ atMs }) => atMs >= startMs).map(({ lateMs }) => lateMs);
		return {
			longestMs: Math.max(0, ...late),
			totalMs: late.reduce((sum, lateMs) => sum + lateMs, 0),
		};
	}

	stop(): void {
		clearInterval(this.timer);
	}
}
