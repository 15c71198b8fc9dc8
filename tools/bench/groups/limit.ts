import type { Figure } from '../figures';
import { answerParent, runInOwnProcess } from '../ownProcess';
import type { LimitInput, LimitResult } from './limitRun';

/*
 * Jobs of minutes are measured with the clock of the node sped up, see `tools/engine/fastClock.ts`, and with jobs
 * that are shorter by the same factor at the stand-in: for the node they take as long as named.
 */
const SPEED = 60;
const LONG_JOB_MS = 180_000;

const run = async (input: LimitInput): Promise<LimitResult> =>
	await runInOwnProcess<LimitResult>('groups/limitRun', input);

interface Goals {
	atMostOfIdeal?: number;
	submitsPerJob?: number;
	refused?: number;
}

/** A run against what it can take at best, when `maxRunningJobs` run all the time. */
async function measureRun(name: string, input: LimitInput, goals: Goals): Promise<Figure[]> {
	const result = await run(input);
	const idealMs = (input.count / (input.server?.maxRunningJobs ?? input.count)) * input.jobMs;
	const { wallMs, failures, overtaken, submitsPerJob, refused } = result;
	const details = { ...result };
	const figures: Array<Omit<Figure, 'atMost'> & { atMost?: number }> = [
		{ name: `${name}: failures`, measured: failures, atMost: 0, details },
		{ name: `${name}: overtaken`, measured: overtaken, atMost: 0 },
		{ name: `${name}: wall ÷ ideal`, measured: wallMs / idealMs, atMost: goals.atMostOfIdeal },
		{ name: `${name}: submits per job`, measured: submitsPerJob, atMost: goals.submitsPerJob },
		{ name: `${name}: refused submits`, measured: refused, atMost: goals.refused },
	];
	return figures.filter((figure): figure is Figure => figure.atMost !== undefined);
}

function longJobs(count: number, maxRunningJobs: number, retryAfterSeconds: number | 'none') {
	return {
		count,
		jobMs: LONG_JOB_MS,
		server: { maxRunningJobs, retryAfterSeconds },
		speed: SPEED,
	};
}

/** Many jobs so short that the account is seldom full, by the work that they are for the node. */
async function measureCost(): Promise<Figure[]> {
	const shortJobs = (count: number): LimitInput => ({
		count,
		jobMs: 5,
		server: { maxRunningJobs: 2, retryAfterSeconds: 'none' },
		parameters: { downloadVideo: false, options: { pollInterval: 0.01 } },
	});
	const few = await run(shortJobs(300));
	const many = await run(shortJobs(10_000));
	const name = '10,000 items, 2 at a time';
	return [
		{ name: `${name}: failures`, measured: many.failures, atMost: 0, details: { ...many } },
		{
			name: `${name}: CPU per item ÷ that of 300 items`,
			measured: many.cpuMsPerItem / few.cpuMsPerItem,
			atMost: 1.1,
			details: { few, many },
		},
		// The output of each item, what is kept of its job, and what V8 gives back late.
		{ name: `${name}: memory kept per item`, measured: many.keptKbPerItem, unit: 'kB', atMost: 15 },
	];
}

/** What a full account costs: items that fail, time, and submits in vain. */
async function measure(): Promise<Figure[]> {
	const figures = await Promise.all([
		measureRun('30 items, 2 at a time, 180 s, Retry-After 10 s', longJobs(30, 2, 10), {
			atMostOfIdeal: 1.05,
			submitsPerJob: 6,
		}),
		measureRun('30 items, 2 at a time, 180 s, no Retry-After', longJobs(30, 2, 'none'), {
			atMostOfIdeal: 1.15,
			submitsPerJob: 6,
		}),
		measureRun('300 items, 5 at a time, 180 s', longJobs(300, 5, 'none'), { submitsPerJob: 3 }),
		measureRun(
			'20 items, plain Submit, 2 at a time, 180 s',
			{ ...longJobs(20, 2, 'none'), parameters: { operation: 'submit' } },
			{},
		),
		measureRun(
			'8 items, 2 at a time, 12 s, real clock',
			{
				count: 8,
				jobMs: 12_000,
				server: { maxRunningJobs: 2 },
				parameters: { options: { pollInterval: 1 } },
			},
			{ atMostOfIdeal: 1.1, refused: 20 },
		),
	]);
	const submitting = await measureRun(
		'1,000 items, plain Submit, no limit',
		{ count: 1_000, jobMs: 1_000, parameters: { operation: 'submit' } },
		{},
	);
	return [...figures.flat(), ...submitting, ...(await measureCost())];
}

answerParent(measure);
