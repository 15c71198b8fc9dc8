import type { INodeParameters } from 'n8n-workflow';

import { Engine } from '../../engine/engine';
import { speedUpNode } from '../../engine/fastClock';
import { answerParent, inputOfParent } from '../ownProcess';
import { settledRss } from '../peakMemory';
import { promptOf, startRemoteServer, type ServerInput } from '../remoteServer';
import { runLtx } from '../runs';

/** A run on an account that takes few jobs at a time. */
export interface LimitInput {
	count: number;
	/** As long as it takes on the node's clock. */
	jobMs: number;
	server?: ServerInput;
	parameters?: INodeParameters;
	/** Times as fast as real time. */
	speed?: number;
}

export interface LimitResult {
	/** On the node's clock. */
	wallMs: number;
	failures: number;
	/** Jobs that were accepted before one of an earlier item. */
	overtaken: number;
	submitsPerJob: number;
	refused: number;
	cpuMsPerItem: number;
	keptKbPerItem: number;
	error?: string;
}

const WARM_UP_ITEMS = 20;

async function measure({
	count,
	jobMs,
	server: input,
	parameters = {},
	speed = 1,
}: LimitInput): Promise<LimitResult> {
	const engine = await Engine.start();
	const free = await startRemoteServer();
	const server = await startRemoteServer(input);
	const run = async (to: typeof server, items: number, realJobMs: number) =>
		await runLtx(engine, to, {
			parameters: { ...parameters, prompt: `=${promptOf(realJobMs)} #{{ $json.n }}` },
			items: Array.from({ length: items }, (_, n) => ({ json: { n } })),
		});
	await speedUpNode(speed);
	await run(free, WARM_UP_ITEMS, 1);
	const rss = await settledRss();
	const cpu = process.cpuUsage();
	const startMs = Date.now();
	const ended = await run(server, count, jobMs / speed).catch((error: Error) => ({
		items: [],
		startMs,
		endMs: Date.now(),
		error: error.message,
	}));
	const { user, system } = process.cpuUsage(cpu);
	const keptBytes = (await settledRss()) - rss;
	const { accepted, refusedAsFull, requests } = await server.seen();
	await Promise.all([free.stop(), server.stop()]);
	const order = accepted.map((prompt) => Number(prompt.split('#')[1]));
	const submits = requests.filter(({ kind }) => kind === 'submit').length;
	return {
		wallMs: (ended.endMs - ended.startMs) * speed,
		failures: count - ended.items.length,
		overtaken: order.filter((n, place) => n < Math.max(-1, order[place - 1] ?? -1)).length,
		submitsPerJob: submits / order.length,
		refused: refusedAsFull,
		cpuMsPerItem: (user + system) / 1000 / count,
		keptKbPerItem: keptBytes / 1000 / count,
		...('error' in ended && { error: ended.error }),
	};
}

answerParent(async () => await measure(inputOfParent<LimitInput>()));
