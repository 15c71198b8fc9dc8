import { setTimeout as pause } from 'node:timers/promises';

import { Engine } from '../../engine/engine';
import { mean, median, rounded, type Figure } from '../figures';
import { answerParent } from '../ownProcess';
import { promptOf, startRemoteServer } from '../remoteServer';
import { runLtx } from '../runs';

const JOB_SECONDS = [7, 12, 23, 31];
const LONGEST_JOB_SECONDS = Math.max(...JOB_SECONDS);
// One run is off by up to an interval; so many bring the mean down to about a tenth of a second.
const RUNS_PER_JOB = 50;
// Runs that begin together would all be held up by each other's start.
const BETWEEN_STARTS_MS = 15;

interface Run {
	jobSeconds: number;
	jobId: string;
	lagSeconds: number;
}

/** (node returns − job completed), with the default interval. */
async function measure(): Promise<Figure[]> {
	const engine = await Engine.start();
	const server = await startRemoteServer();

	async function runOnce(jobSeconds: number): Promise<Run> {
		const parameters = { prompt: promptOf(jobSeconds * 1000) };
		const { items, endMs } = await runLtx(engine, server, { parameters });
		const [{ json, binary }] = items;
		if (!binary) throw new Error('no video came');
		const lagSeconds = (endMs - Date.parse(String(json.completed_at))) / 1000;
		return { jobSeconds, jobId: String(json.id), lagSeconds };
	}

	await runOnce(0.01);
	const running: Array<Promise<Run>> = [];
	for (let round = 0; round < RUNS_PER_JOB; round++) {
		for (const jobSeconds of JOB_SECONDS) {
			running.push(runOnce(jobSeconds));
			await pause(BETWEEN_STARTS_MS);
		}
	}
	const runs = await Promise.all(running);
	const { requests } = await server.seen();
	await server.stop();

	const lags = runs.map(({ lagSeconds }) => lagSeconds);
	const runsOf = (seconds: number) => runs.filter(({ jobSeconds }) => jobSeconds === seconds);
	const meanByJob = JOB_SECONDS.map((seconds) => [
		`${seconds} s`,
		rounded(mean(runsOf(seconds).map(({ lagSeconds }) => lagSeconds))),
	]);
	const polls = runsOf(LONGEST_JOB_SECONDS).map(
		({ jobId }) =>
			requests.filter(({ kind, path }) => kind === 'poll' && path.endsWith(jobId)).length,
	);
	return [
		{
			name: `completion lag, jobs of ${JOB_SECONDS.join(', ')} s, mean`,
			measured: mean(lags),
			unit: 's',
			atMost: 2.9,
			details: { runsPerJob: RUNS_PER_JOB, meanByJob: Object.fromEntries(meanByJob) },
		},
		{ name: 'completion lag, longest', measured: Math.max(...lags), unit: 's', atMost: 6.5 },
		{
			name: `status requests for a job of ${LONGEST_JOB_SECONDS} s, most`,
			measured: Math.max(...polls),
			atMost: 7,
			details: { median: median(polls) },
		},
	];
}

answerParent(measure);
