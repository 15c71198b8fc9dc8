import fc from 'fast-check';

import { Engine } from '../../tools/engine/engine';
import { speedUpNode } from '../../tools/engine/fastClock';
import { GOOD_REQUEST, resultOf, startNode } from '../../tools/engine/runNode';
import { LtxServer } from '../../tools/ltx-server/LtxServer';

/*
 * Accounts whose limit changes while a run is on. A failing run prints its seed and path;
 * CHAOS_SEED and CHAOS_PATH run just that one again.
 */

const RUNS = Number(process.env.CHAOS_LIMIT_RUNS ?? 150);
const LANES = 10;
const MOST_MS_PER_RUN = 2_000;
/** So that pauses of seconds fit into a test. Jobs and changes of limits are in real time. */
const SPEED = 20;

const scenarios = fc.record({
	operation: fc.constantFrom('submit', 'submitAndWait'),
	onError: fc.constantFrom('stopWorkflow' as const, 'continueRegularOutput' as const),
	jobsMs: fc.array(fc.integer({ min: 0, max: 80 }), { minLength: 1, maxLength: 25 }),
	maxConcurrency: fc.integer({ min: 1, max: 12 }),
	firstLimit: fc.integer({ min: 0, max: 12 }),
	changes: fc.array(
		fc.record({
			afterMs: fc.integer({ min: 0, max: 400 }),
			limit: fc.integer({ min: 0, max: 12 }),
		}),
		{ maxLength: 4 },
	),
	lastLimit: fc.integer({ min: 1, max: 4 }),
	retryAfterSeconds: fc.constantFrom('none' as const, 0, 1, 5),
	stopAfterMs: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined, freq: 3 }),
});

type Scenario = typeof scenarios extends fc.Arbitrary<infer T> ? T : never;

let engine: Engine;
beforeAll(async () => {
	engine = await Engine.start();
	await speedUpNode(SPEED);
});

/** The items of all submits, in the order in which they came. */
const submitsOf = (server: LtxServer) =>
	server.of('submit').map(({ body }) => Number((body as { prompt: string }).prompt));

/**
 * Whoever has to wait is passed by none but those whose submits were on their way when the first
 * refusal came.
 */
function expectOrder(submits: number[], jobs: number[], maxConcurrency: number): void {
	const acceptedAt = new Map(jobs.map((item) => [item, submits.lastIndexOf(item)]));
	const firstRefusal = submits.findIndex((item, at) => acceptedAt.get(item) !== at);
	if (firstRefusal < 0) return;
	const waited = jobs.filter(
		(item) => (acceptedAt.get(item) as number) > firstRefusal + maxConcurrency,
	);
	expect(waited).toEqual([...waited].sort((a, b) => a - b));
}

async function play(scenario: Scenario): Promise<void> {
	const { jobsMs, firstLimit, lastLimit, retryAfterSeconds, maxConcurrency } = scenario;
	const server = await LtxServer.start({ maxRunningJobs: firstLimit, retryAfterSeconds });
	server.planJob = ({ prompt }) => ({ durationMs: jobsMs[Number(prompt)] });
	const changes = scenario.changes.map(({ afterMs, limit }) =>
		setTimeout(() => (server.maxRunningJobs = limit), afterMs),
	);
	changes.push(setTimeout(() => (server.maxRunningJobs = lastLimit), 450));
	const execution = startNode(engine, server, {
		parameters: {
			...GOOD_REQUEST,
			prompt: '={{ $json.n }}',
			operation: scenario.operation,
			options: {
				maxConcurrency,
				...(scenario.operation === 'submitAndWait' && { pollInterval: 0.4 }),
			},
		},
		settings: { onError: scenario.onError },
		items: jobsMs.map((_, n) => ({ json: { n: String(n) } })),
	});
	if (scenario.stopAfterMs !== undefined) {
		changes.push(setTimeout(() => execution.stop(), scenario.stopAfterMs));
	}
	try {
		const { status } = await execution.finished;
		const result = resultOf(await execution.finished);
		const submits = submitsOf(server);
		const jobs = server.jobs.map(({ body }) => Number(body.prompt));

		expect(server.violations).toEqual([]);
		expect(new Set(jobs).size).toBe(jobs.length);
		if (status !== 'canceled') expectOrder(submits, jobs, maxConcurrency);
		if (status === 'canceled') return;
		expect(result.error).toBeUndefined();
		expect(result.items.map(({ json }) => json.id)).toEqual(
			jobsMs.map((_, n) => server.jobs[jobs.indexOf(n)].id),
		);
	} finally {
		changes.forEach(clearTimeout);
		await server.stop();
	}
}

it(
	`no item is lost, passed over or paid twice in ${RUNS} random runs`,
	async () => {
		const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000_000);
		const property = fc.asyncProperty(scenarios, play);
		const path = process.env.CHAOS_PATH;
		if (path !== undefined) {
			await fc.assert(property, { seed, path, numRuns: 1 });
			return;
		}
		const lanes = Array.from({ length: LANES }, async (_, lane) => {
			const numRuns = Math.ceil(RUNS / LANES);
			await fc.assert(property, { seed: seed + lane, numRuns, endOnFailure: true });
		});
		await Promise.all(lanes);
	},
	MOST_MS_PER_RUN * RUNS,
);
