import type { INodeParameters } from 'n8n-workflow';

import { Engine } from '../../engine/engine';
import type { Figure } from '../figures';
import { answerParent } from '../ownProcess';
import { promptOf, startRemoteServer, type ServerInput } from '../remoteServer';
import { runLtx } from '../runs';

interface Batch {
	count: number;
	jobMs: number;
	server?: ServerInput;
	options?: INodeParameters;
}

async function runBatch(engine: Engine, { count, jobMs, server: input, options = {} }: Batch) {
	const server = await startRemoteServer(input);
	const { items, startMs, endMs } = await runLtx(engine, server, {
		parameters: { prompt: promptOf(jobMs), options },
		items: Array.from({ length: count }, () => ({})),
		settings: { onError: 'continueRegularOutput' },
	});
	const { requests } = await server.seen();
	await server.stop();
	const kinds = requests.map(({ kind }) => kind);
	return {
		wallMs: endMs - startMs,
		failures: count - items.filter(({ binary }) => binary !== undefined).length,
		submits: kinds.filter((kind) => kind === 'submit').length,
	};
}

/** Wall time of many items over the time that the server needs for them. */
async function measure(): Promise<Figure[]> {
	const engine = await Engine.start();
	await runBatch(engine, { count: 1, jobMs: 10 });
	const [free, limited] = await Promise.all([
		runBatch(engine, { count: 20, jobMs: 10_000, options: { maxConcurrency: 20 } }),
		// A job as short as the poll interval would measure the polls.
		runBatch(engine, {
			count: 12,
			jobMs: 5_000,
			server: { maxRunningJobs: 2 },
			options: { pollInterval: 1 },
		}),
	]);
	return [
		{
			name: '20 items at once, jobs of 10 s: wall ÷ 10 s',
			measured: free.wallMs / 10_000,
			atMost: 1.7,
			details: { ...free },
		},
		{ name: '20 items at once: failures', measured: free.failures, atMost: 0 },
		{
			name: '12 items, jobs of 5 s, asked for each second, server takes 2 at a time: wall ÷ 30 s',
			measured: limited.wallMs / 30_000,
			atMost: 1.35,
			details: { ...limited },
		},
		{ name: '12 items, server takes 2: failures', measured: limited.failures, atMost: 0 },
	];
}

answerParent(measure);
