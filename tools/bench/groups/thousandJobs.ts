import { monitorEventLoopDelay } from 'node:perf_hooks';

import { Engine } from '../../engine/engine';
import { rounded, type Figure } from '../figures';
import { answerParent } from '../ownProcess';
import { settledRss } from '../peakMemory';
import { promptOf, startRemoteServer } from '../remoteServer';
import { runLtx } from '../runs';

const JOBS = 1_000;
const JOB_MS = 40_000;
// Since the last accepted job: every job has been asked for, none is done.
const WEIGH_AFTER_MS = 20_000;
const WARM_UP_JOBS = 20;

function toMs(nanoseconds: number): number {
	return nanoseconds / 1e6;
}

/** One execution that submits a thousand jobs and waits for all of them at once. */
async function measure(): Promise<Figure[]> {
	const engine = await Engine.start();
	const server = await startRemoteServer();
	const run = async (count: number, jobMs: number, pollInterval: number) => {
		const { items } = await runLtx(engine, server, {
			parameters: { prompt: promptOf(jobMs), options: { maxConcurrency: JOBS, pollInterval } },
			items: Array.from({ length: count }, () => ({})),
		});
		if (items.some(({ binary }) => !binary)) throw new Error('not every video came');
	};
	await run(WARM_UP_JOBS, 200, 0.1);

	const delay = monitorEventLoopDelay();
	const rssBefore = await settledRss();
	let accepted = 0;
	const weighed = new Promise<number>((resolve, reject) => {
		engine.onLog(({ message }) => {
			if (!message.startsWith('LTX accepted') || ++accepted < JOBS) return;
			// The start burst is over.
			delay.enable();
			setTimeout(() => {
				// Weighing collects garbage, which is no work of the node's.
				delay.disable();
				settledRss()
					.then((rss) => {
						delay.enable();
						resolve(rss);
					})
					.catch(reject);
			}, WEIGH_AFTER_MS);
		});
	});
	const running = run(JOBS, JOB_MS, 5);
	const rssWaiting = await Promise.race([weighed, running.then(() => NaN)]);
	await running;
	delay.disable();
	await server.stop();
	return [
		{
			name: '1,000 jobs waited for at once: event-loop delay, 99th percentile',
			measured: toMs(delay.percentile(99)),
			unit: 'ms',
			atMost: 50,
			details: {
				medianMs: rounded(toMs(delay.percentile(50))),
				longestMs: rounded(toMs(delay.max)),
			},
		},
		{
			name: '1,000 jobs waited for at once: memory per job',
			measured: (rssWaiting - rssBefore) / JOBS / 1000,
			unit: 'kB',
			atMost: 60,
			details: {
				rssBeforeMB: rounded(rssBefore / 1e6),
				rssWaitingMB: rounded(rssWaiting / 1e6),
			},
		},
	];
}

answerParent(measure);
