import fc from 'fast-check';
import type { IDataObject, INodeExecutionData, INodeParameters, IRun } from 'n8n-workflow';

import { Engine, type LogLine } from '../../tools/engine/engine';
import { LtxServer } from '../../tools/ltx-server/LtxServer';
import { REQUESTS } from '../engine/requests';
import {
	credentialsFor,
	resultOf,
	startNode,
	workflowWith,
	type Item,
	type NodeResult,
	type NodeRun,
} from '../../tools/engine/runNode';
import { expectNoLeak, pause } from '../engine/useLtx';
import { Lag } from './lag';
import { FAULTS, losesTheId, scenarios, type Scenario } from './scenario';

/*
 * Random faults, items, Stop times and retry settings against the whole node. A failing run prints
 * its seed and path; CHAOS_SEED and CHAOS_PATH run just that one again:
 *
 *   CHAOS_SEED=-123 CHAOS_PATH=17:0:2 npx jest test/chaos
 */

const RUNS = Number(process.env.CHAOS_RUNS ?? 2_000);
// Runs mostly wait for timers, so many of them fit into the same seconds.
const LANES = 40;
const FIRST_SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000_000);

/** Ends at the first failure, and says in the report what went wrong. */
const REPORT = { endOnFailure: true, includeErrorInReport: true };

// On a busy machine; usually a tenth of it.
const MOST_MS_PER_RUN = 250;

const MOST_UPLOAD_FAULTS = 3;
// The pauses of an upload that fails so often, n8n's between tries, and what a loaded machine adds.
const SLACK_MS = 4_000;
// A submit is given 3 s at least for its answer. One that is held up longer here may lose it.
const LOSING_LAG_MS = 2_000;

// A submit that is answered at all is answered within this, on a machine that is not held up.
const ANSWER_MS = 250;

// As n8n's object stores do, which send a file on when all of it has come.
const SLOW_STORAGE_SHARE = 0.1;

/** Resources of which a job was accepted in any run. */
const reached = new Set<string>();

let engine: Engine;
let lag: Lag;
beforeAll(async () => {
	engine = await Engine.start();
	engine.holdUpStorage(() => (Math.random() < SLOW_STORAGE_SHARE ? 100 * Math.random() : 0));
	lag = new Lag();
});
afterAll(() => lag.stop());

async function startServer(scenario: Scenario): Promise<LtxServer> {
	const server = await LtxServer.start({
		apiKey: `chaos-key-${Math.random().toString(36).slice(2)}`,
	});
	for (const { kind, name, skip, times } of scenario.faults) {
		server.fail(kind, FAULTS[name](server.foreignUrl), { skip, times });
	}
	server.planJob = (body) => scenario.items[itemOf(server, body)].plan;
	return server;
}

const MARK = /#(\d+)$/;

/** Which item a job is for. A request tells it by its prompt, else by the file that it is about. */
function itemOf(server: LtxServer, body: Record<string, unknown>): number {
	if (typeof body.prompt === 'string') return Number(body.prompt);
	const uri = String(body.video_uri);
	const text = server.files.get(uri)?.bytes.subarray(-8).toString('latin1') ?? uri;
	return Number(MARK.exec(text)?.[1]);
}

/** The request of the scenario's resource, with the number of the item in its prompt and file. */
function parametersOf({ resource, items }: Scenario): INodeParameters {
	const { parameters, files } = REQUESTS[resource];
	const [file] = Object.keys(files);
	if (resource === 'otherEndpoint') {
		const uri = '"https://files.example.com/file#" + $json.number';
		return {
			...parameters,
			resource,
			...(items[0].isBinary
				? {
						requestBody: { resolution: '4k' },
						files: { file: [{ apiField: 'video_uri', binaryProperty: 'data' }] },
					}
				: { requestBody: `={{ { "resolution": "4k", "video_uri": ${uri} } }}` }),
		};
	}
	return {
		...parameters,
		resource,
		// n8n leaves out what the resource does not have.
		prompt: '={{ $json.number }}',
		...(file && {
			[`${file}Source`]: '={{ $json.isBinary ? "binary" : "url" }}',
			[`${file}Uri`]: '=https://files.example.com/file#{{ $json.number }}',
		}),
	};
}

/** What every run must keep to, whatever happens. */
function checkInvariants(
	scenario: Scenario,
	server: LtxServer,
	run: IRun,
	result: NodeResult,
	{ isIdLost, mostJobs }: { isIdLost: boolean; mostJobs: number },
): void {
	const log = engine.logLines.filter(({ message }) =>
		server.jobs.some(({ id }) => message.includes(id)),
	);
	if (server.jobs.length > 0) reached.add(scenario.resource);
	expectNoLeak(run, server, log);
	expect(server.violations).toEqual([]);

	// No item is paid for twice: only after a job has failed may there be another.
	for (const [index, { plan }] of scenario.items.entries()) {
		const jobs = server.jobs.filter(({ body }) => itemOf(server, body) === index);
		const mayRepeat = typeof plan.ends === 'object' && 'failed' in plan.ends;
		if (!mayRepeat) expect([index, jobs.length]).toEqual([index, Math.min(jobs.length, 1)]);
		else expect(jobs.length).toBeLessThanOrEqual(mostJobs);
	}

	// No id is lost: each is in the log, and in an output or an error unless the run was stopped.
	const told = JSON.stringify([
		result.items,
		result.errorItems,
		result.error?.message,
		result.error?.description,
	]);
	const isStopped = run.status === 'canceled';
	for (const { id, plan } of server.jobs) {
		const isFailed = typeof plan.ends === 'object' && 'failed' in plan.ends;
		if (isIdLost) continue;
		expect(log.some(({ message }) => message.includes(id))).toBe(true);
		// A failed job is not paid for; after a retry the one that replaced it is told.
		if (!isStopped && !isFailed) expect(told).toContain(id);
	}

	if (isStopped || result.error) return;
	// One output for each item, in order, and paired with it.
	const paired = (items: INodeExecutionData[]) =>
		items.map(({ pairedItem }) => (pairedItem as { item: number }).item);
	const outputs = paired(result.items);
	const failures = paired(result.errorItems);
	expect(outputs).toEqual([...outputs].sort((a, b) => a - b));
	expect([...outputs, ...failures].sort((a, b) => a - b)).toEqual(
		scenario.items.map((_, index) => index),
	);
	for (const { json, pairedItem } of result.items) {
		const job = server.jobs.find(({ id }) => id === json.id);
		if (job) expect(itemOf(server, job.body)).toBe((pairedItem as { item: number }).item);
	}
}

async function itemsOf({ resource, items }: Scenario): Promise<Item[]> {
	const [bytes = Buffer.alloc(0)] = Object.values(REQUESTS[resource].files);
	return await Promise.all(
		items.map(async ({ isBinary }, number) => {
			const marked = Buffer.concat([bytes, Buffer.from(`#${number}`)]);
			const file = await engine.storeFile(marked, 'file', 'application/octet-stream');
			return { json: { isBinary, number: String(number) }, binary: { data: file } };
		}),
	);
}

async function play(scenario: Scenario): Promise<void> {
	const server = await startServer(scenario);
	const timers: NodeJS.Timeout[] = [];
	const after = (ms: number | undefined, action: () => void) => {
		if (ms !== undefined) timers.push(setTimeout(action, ms));
	};
	try {
		const items = await itemsOf(scenario);
		const startMs = Date.now();
		const firstLine = engine.logLines.length;
		const nodeRun: NodeRun = {
			parameters: {
				...parametersOf(scenario),
				operation: scenario.operation,
				options: {
					maxConcurrency: scenario.maxConcurrency,
					...(scenario.operation === 'submitAndWait' && {
						pollInterval: 0.03,
						maxWait: scenario.maxWaitMs / 60_000,
						onTimeout: scenario.onTimeout,
					}),
				},
			},
			settings: {
				onError: scenario.onError,
				...(scenario.tries > 1 && {
					retryOnFail: true,
					maxTries: scenario.tries,
					waitBetweenTries: 1,
				}),
			},
			items,
		};
		const execution = startNode(engine, server, nodeRun);
		let stoppedMs: number | undefined;
		after(scenario.stopAfterMs, () => {
			stoppedMs = Date.now();
			execution.stop();
		});
		let hasEnded = false;
		/** Jobs that were accepted a while before n8n was killed, and what its log had by then. */
		let killed: { jobIds: string[]; log: LogLine[] } | undefined;
		after(scenario.killAfterMs, () => {
			const jobIds = server.jobs.map(({ id }) => id);
			after(ANSWER_MS, () => {
				if (hasEnded) return;
				killed = { jobIds, log: engine.logLines.slice(firstLine) };
				server.goDark();
				execution.stop();
			});
		});
		after(scenario.expireAfterMs, () => server.expireUrls());
		after(scenario.forgetAfterMs, () => server.forgetJobs());

		const run = await execution.finished;
		hasEnded = true;
		if (killed) {
			// What the dead process would have given, nobody gets.
			const isLogged = (id: string) => killed?.log.some(({ message }) => message.includes(id));
			const mayBeLate = lag.since(startMs).longestMs > ANSWER_MS / 2;
			if (!losesTheId(scenario) && !mayBeLate)
				expect(killed.jobIds.filter((id) => !isLogged(id))).toEqual([]);
			await takeUpFromLog(scenario, server, killed.jobIds.filter(isLogged));
			return;
		}
		const tookMs = Date.now() - startMs - lag.since(startMs).totalMs;
		const result = resultOf(run);
		// A plain submit has 5 minutes, so only its request limit bounds a silent server.
		if (scenario.operation === 'submitAndWait') {
			const rounds = Math.ceil(scenario.items.length / scenario.maxConcurrency);
			expect(tookMs).toBeLessThan(scenario.tries * rounds * (2 * scenario.maxWaitMs + SLACK_MS));
		}
		if (stoppedMs !== undefined && run.status === 'canceled') {
			await pause(150);
			const restMs = stoppedMs + 1_000 + lag.since(stoppedMs).longestMs;
			const late = server.requests.filter(({ atMs }) => atMs > restMs);
			expect(late).toEqual([]);
		}
		const isIdLost = losesTheId(scenario) || lag.since(startMs).longestMs > LOSING_LAG_MS;
		checkInvariants(scenario, server, run, result, { isIdLost, mostJobs: scenario.tries });
		let [failed, failure] = [execution, result.error];
		for (let retry = 1; retry <= scenario.retries && run.status !== 'canceled'; retry++) {
			// What got no answer, and what LTX has forgotten, is submitted anew by a retry: a person has read of it.
			const isIdLost = losesTheId(scenario) || lag.since(startMs).longestMs > LOSING_LAG_MS;
			const isForgotten = retry > 1 && /does not know/.test(failure?.message ?? '');
			if (!failure || isIdLost || isForgotten) return;
			failed = await engine.retry(workflowWith(nodeRun), credentialsFor(server), failed);
			const retried = await failed.finished;
			checkInvariants(scenario, server, retried, resultOf(retried), {
				isIdLost: lag.since(startMs).longestMs > LOSING_LAG_MS,
				mostJobs: (retry + 1) * scenario.tries,
			});
			failure = resultOf(retried).error;
		}
	} finally {
		timers.forEach(clearTimeout);
		await server.stop();
	}
}

/** Starts n8n again, and lets the operation Wait fetch the jobs that its log names. */
async function takeUpFromLog(
	scenario: Scenario,
	server: LtxServer,
	jobIds: string[],
): Promise<void> {
	if (jobIds.length === 0) return;
	const jobs = server.jobs.length;
	server.comeBack();
	const run = await startNode(engine, server, {
		parameters: {
			...parametersOf(scenario),
			operation: 'wait',
			jobId: '={{ $json.jobId }}',
			options: { pollInterval: 0.03, maxWait: scenario.maxWaitMs / 60_000 },
		},
		settings: { onError: 'continueRegularOutput' },
		items: jobIds.map((jobId) => ({ json: { jobId } })),
	}).finished;
	expectNoLeak(run, server, []);
	const told = resultOf(run).items.map(({ json }) => json.id ?? (json.error as IDataObject).job_id);
	expect(told).toEqual(jobIds);
	expect(server.jobs).toHaveLength(jobs);
	expect(server.violations).toEqual([]);
}

const isUpload = (kind: string) => kind === 'upload' || kind === 'put';

/**
 * Leaves out what takes too long for a random test: a silent upload or submit is given minutes, and an
 * upload that fails again and again has pauses that double.
 */
function isQuick({ faults }: Scenario): boolean {
	const isSilent = (name: string) => ['silence', 'stalled', 'done, then silence'].includes(name);
	// An upload is made again after a minute of it.
	const isLongPause = (name: string) => name === '429 queue, Retry-After of a day';
	const uploadFaults = faults.filter(({ kind }) => isUpload(kind));
	return (
		uploadFaults.reduce((sum, { times }) => sum + times, 0) <= MOST_UPLOAD_FAULTS &&
		!faults.some(
			({ kind, name }) =>
				(isSilent(name) && (isUpload(kind) || kind === 'submit')) ||
				(isLongPause(name) && isUpload(kind)),
		)
	);
}

it(
	`keeps the money rules in ${RUNS} random runs`,
	async () => {
		const property = fc.asyncProperty(scenarios.filter(isQuick), play);
		const path = process.env.CHAOS_PATH;
		if (path !== undefined) {
			await fc.assert(property, { ...REPORT, seed: FIRST_SEED, path, numRuns: 1 });
			return;
		}
		const lanes = Array.from({ length: LANES }, async (_, lane) => {
			const numRuns = Math.ceil(RUNS / LANES);
			return await fc.check(property, { ...REPORT, seed: FIRST_SEED + lane, numRuns });
		});
		const outcomes = await Promise.all(lanes);
		const failed = outcomes.filter((outcome) => outcome.failed);
		if (failed.length > 0) {
			const reports = failed.map(
				(outcome) =>
					`CHAOS_SEED=${outcome.seed} CHAOS_PATH=${outcome.counterexamplePath}\n${fc.defaultReportMessage(outcome)}`,
			);
			throw new Error(reports.join('\n\n'), { cause: failed[0].errorInstance });
		}
		expect(outcomes.reduce((sum, { numRuns }) => sum + numRuns, 0)).toBeGreaterThanOrEqual(RUNS);
		expect([...reached].sort()).toEqual(Object.keys(REQUESTS).sort());
	},
	MOST_MS_PER_RUN * RUNS,
);
