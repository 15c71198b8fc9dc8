import { LtxError } from '../../../nodes/LtxVideo/api/errors';
import type { ItemResult } from '../../../nodes/LtxVideo/operations/item';
import type { AcceptedEntry } from '../../../nodes/LtxVideo/operations/paidJobs';
import { addHints } from '../../../nodes/LtxVideo/run/hints';
import { createFakeContext } from '../fakeContext';

const done: ItemResult = { json: {} };
const takenUp: ItemResult = { json: { estimated_cost_usd: 9 }, isTakenUp: true };
const paid = (usd?: number) =>
	({ extra: { ...(usd !== undefined && { estimated_cost_usd: usd }) } }) as AcceptedEntry;
const unfinished: ItemResult = { json: {}, isUnfinished: true };
const failure = new LtxError('timeout', 'Late');

function hintsOf(
	results: ItemResult[],
	failures: Array<LtxError | undefined> = [],
	submitted: AcceptedEntry[] = [],
): unknown[] {
	const hints: unknown[] = [];
	addHints(createFakeContext({ hints }), { results, failures, submitted });
	return hints;
}

/** Results by item, as of a run whose first item failed. */
function afterFailure(...results: ItemResult[]): ItemResult[] {
	const all: ItemResult[] = [];
	results.forEach((result, index) => (all[index + 1] = result));
	return all;
}

it.each<[string, ItemResult[], Array<LtxError | undefined>, string, RegExp]>([
	['one failed item', afterFailure(done), [failure], 'warning', /^1 item failed\. n8n shows/],
	['failed items', [], [failure, undefined, failure], 'warning', /^2 items failed\. n8n shows/],
	['an unfinished job', [unfinished], [], 'warning', /^1 job not done within Max Wait\. Take/],
	['unfinished jobs', [unfinished, unfinished], [], 'warning', /^2 jobs not done within Max Wait/],
	['a job taken up', [takenUp], [], 'info', /^1 job taken up from an earlier try, not paid again/],
	['jobs taken up', afterFailure(takenUp, takenUp), [], 'info', /^2 jobs taken up/],
	[
		'edited requests that are paid beside the jobs of before',
		[{ ...done, replacedJobId: 'job-1' }, { ...done, replacedJobId: 'job-2' }, done],
		[],
		'warning',
		/^2 edited requests paid anew\. .*: job-1, job-2\.$/,
	],
])('tells of %s', (_what, results, failures, type, message) => {
	expect(hintsOf(results, failures)).toEqual([
		{ type, message: expect.stringMatching(message) as unknown, location: 'outputPane' },
	]);
});

it('tells what was submitted costs, as far as it is known, and also where the item failed later', () => {
	const failed = [failure, undefined, undefined];
	const hints = hintsOf(afterFailure(done, done), failed, [paid(0.18), paid(), paid(1)]);

	expect(hints).toMatchObject([
		{ type: 'warning' },
		{
			type: 'info',
			message: "Estimated cost: USD 1.18 for 2 jobs whose price is known, by LTX's list of prices.",
		},
	]);
});

it('gives several hints, worst first', () => {
	const failed = [undefined, undefined, undefined, failure];
	const hints = hintsOf([takenUp, done, unfinished], failed, [paid(0.5)]);

	expect(hints).toMatchObject([
		{ message: expect.stringMatching(/^1 item failed/) as unknown },
		{ message: expect.stringMatching(/^1 job not done/) as unknown },
		{ message: expect.stringMatching(/^1 job taken up/) as unknown },
		{ message: expect.stringMatching(/USD 0\.50 for 1 job whose/) as unknown },
	]);
});

it.each<[string, ItemResult[], AcceptedEntry[]]>([
	['an ordinary item', [done], [paid(0.18)]],
	['items whose price is not known', [done, done], [paid(), paid()]],
	['no items', [], []],
])('says nothing of %s', (_what, results, submitted) => {
	expect(hintsOf(results, [], submitted)).toEqual([]);
});

it('does without where n8n has no hints', () => {
	const outcome = { results: [unfinished], failures: [failure], submitted: [] };

	expect(() => addHints(createFakeContext(), outcome)).not.toThrow();
});
