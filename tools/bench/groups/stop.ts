import { setTimeout as pause } from 'node:timers/promises';

import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { Engine } from '../../engine/engine';
import { GOOD_REQUEST, startNode } from '../../engine/runNode';
import { silence, stalled, type Fault } from '../../ltx-server/faults';
import { LtxServer, type RequestKind } from '../../ltx-server/LtxServer';
import { PNG } from '../../samples/samples';
import { until } from '../../until';
import { rounded, type Figure } from '../figures';
import { answerParent } from '../ownProcess';

const RUNS = 5;
// Longer than the poll interval below, so that a poll that goes on is seen.
const WATCH_MS = 2_000;
const POLL_SECONDS = 0.5;

interface Scene {
	name: string;
	/** The request during which Stop comes; it is never answered to its end. */
	kind: RequestKind;
	fault?: Fault;
	parameters?: Record<string, string>;
	retries: boolean;
}

const MOMENTS: Array<Omit<Scene, 'retries'>> = [
	{ name: 'wait', kind: 'poll' },
	{ name: 'upload', kind: 'put', fault: silence, parameters: { imageSource: 'binary' } },
	{ name: 'download', kind: 'download', fault: stalled },
];

const SCENES: Scene[] = MOMENTS.flatMap((moment) => [
	{ ...moment, retries: false },
	{ ...moment, name: `${moment.name}, Retry On Fail`, retries: true },
]);

type Execute = (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

interface Try {
	startMs: number;
	endMs?: number;
}

/**
 * Notes when each try of the node begins and ends, by execution. n8n itself calls an execution
 * over before its node is, and pauses between tries.
 */
function watchTries(engine: Engine): Map<string, Try[]> {
	const triesByExecution = new Map<string, Try[]>();
	const type = engine.nodeTypes.getByNameAndVersion('n8n-nodes-ltx-video.ltxVideo', 1);
	const execute = type.execute as Execute;
	type.execute = async function (this: IExecuteFunctions) {
		const entry: Try = { startMs: performance.now() };
		const id = this.getExecutionId();
		triesByExecution.set(id, [...(triesByExecution.get(id) ?? []), entry]);
		try {
			return await execute.call(this);
		} finally {
			entry.endMs = performance.now();
		}
	};
	return triesByExecution;
}

interface StoppedRun {
	/** What the node still did after Stop, in all its tries. */
	restMs: number;
	tries: number;
	laterRequests: number;
	laterJobs: number;
}

async function measure(): Promise<Figure[]> {
	const engine = await Engine.start();
	const image = await engine.storeFile(PNG, 'image.png', 'image/png');
	const triesByExecution = watchTries(engine);

	/** Gives the run that was stopped as soon as it is over, and what came of it later. */
	async function stopOnce({ kind, fault, parameters, retries }: Scene) {
		const server = await LtxServer.start({ jobMs: kind === 'download' ? 50 : 60_000 });
		if (fault) server.fail(kind, fault);
		const { finished, stop } = startNode(engine, server, {
			parameters: { ...GOOD_REQUEST, options: { pollInterval: POLL_SECONDS }, ...parameters },
			settings: retries ? { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 } : {},
			items: [{ binary: { data: image } }],
		});
		await until(() => server.count(kind) > 0, 5);
		const id = [...triesByExecution.keys()].at(-1) as string;
		// Somewhere in the middle of a pause or of the transfer.
		await pause(100 + Math.random() * 200);
		const requests = server.requests.length;
		const jobs = server.jobs.length;
		const stopMs = performance.now();
		stop();
		await finished;
		const watch = async (): Promise<StoppedRun> => {
			await pause(WATCH_MS);
			const tries = triesByExecution.get(id) ?? [];
			await server.stop();
			return {
				restMs: tries.reduce(
					(sum, { startMs, endMs = Infinity }) => sum + endMs - Math.max(startMs, stopMs),
					0,
				),
				tries: tries.length,
				laterRequests: server.requests.length - requests,
				laterJobs: server.jobs.length - jobs,
			};
		};
		return { watched: watch() };
	}

	const watched = new Map<Scene, Array<Promise<StoppedRun>>>();
	for (const scene of SCENES) {
		const runs: Array<Promise<StoppedRun>> = [];
		for (let run = 0; run < RUNS; run++) runs.push((await stopOnce(scene)).watched);
		watched.set(scene, runs);
	}
	const figures: Figure[] = [];
	for (const [{ name }, pending] of watched) {
		const runs = await Promise.all(pending);
		figures.push(
			{
				name: `Stop during the ${name}: longest time to rest`,
				measured: Math.max(...runs.map(({ restMs }) => restMs)),
				unit: 'ms',
				atMost: 250,
				details: {
					restMs: runs.map(({ restMs }) => rounded(restMs)),
					tries: runs.map(({ tries }) => tries),
				},
			},
			{
				name: `Stop during the ${name}: requests and jobs afterwards`,
				measured: Math.max(...runs.map((run) => run.laterRequests + run.laterJobs)),
				atMost: 0,
			},
		);
	}
	return figures;
}

answerParent(measure);
