import { LtxError } from '../../../nodes/LtxVideo/api/errors';
import type { ItemResult } from '../../../nodes/LtxVideo/operations/item';
import { addHints } from '../../../nodes/LtxVideo/run/hints';
import { createFakeContext } from '../fakeContext';

const done = (usd?: number): ItemResult => ({ json: { estimated_cost_usd: usd } });
const takenUp: ItemResult = { json: { estimated_cost_usd: 9 }, isTakenUp: true };
const unfinished: ItemResult = { json: {}, isUnfinished: true };
const failure = new LtxError('timeout', 'Late');

function hintsOf(results: ItemResult[], failures: Array<LtxError | undefined> = []): unknown[] {
	const hints: unknown[] = [];
	addHints(createFakeContext({ hints }), { results, failures });
	return hints;
}

/** Results by item, as of a run whose first item failed. */
function afterFailure(...results: ItemResult[]): ItemResult[] {
	const all: ItemResult[] = [];
	results.forEach((result, index) => (all[index + 1] = result));
	return all;
}

it.each<[string, ItemResult[], Array<LtxError | undefined>, string, RegExp]>([
	['one failed item', afterFailure(done()), [failure], 'warning', /^1 item failed\. n8n shows/],
	['failed items', [], [failure, undefined, failure], 'warning', /^2 items failed\. n8n shows/],
	['an unfinished job', [unfinished], [], 'warning', /^1 job not done within Max Wait\. Take/],
	['unfinished jobs', [unfinished, unfinished], [], 'warning', /^2 jobs not done within Max Wait/],
	['a job taken up', [takenUp], [], 'info', /^1 job taken up from an earlier try, not paid again/],
	['jobs taken up', afterFailure(takenUp, takenUp), [], 'info', /^2 jobs taken up/],
	[
		'the cost of several items',
		[done(0.18), done(1)],
		[],
		'info',
		/^Estimated cost: USD 1\.18 for 2 jobs whose price is known/,
	],
	[
		'the cost that is known',
		afterFailure(done(), done(0.5)),
		[],
		'info',
		/ USD 0\.50 for 1 job whose/,
	],
])('tells of %s', (_what, results, failures, type, message) => {
	expect(hintsOf(results, failures)).toEqual([
		{ type, message: expect.stringMatching(message) as unknown, location: 'outputPane' },
	]);
});

it('does not count what was taken up to the cost, and gives several hints, worst first', () => {
	const hints = hintsOf(
		[takenUp, done(0.5), unfinished],
		[undefined, undefined, undefined, failure],
	);

	expect(hints).toMatchObject([
		{ message: expect.stringMatching(/^1 item failed/) as unknown },
		{ message: expect.stringMatching(/^1 job not done/) as unknown },
		{ message: expect.stringMatching(/^1 job taken up/) as unknown },
		{ message: expect.stringMatching(/USD 0\.50/) as unknown },
	]);
});

it.each<[string, ItemResult[]]>([
	['an ordinary item', [done(0.18)]],
	['items whose price is not known', [done(), done()]],
	['no items', []],
])('says nothing of %s', (_what, results) => {
	expect(hintsOf(results)).toEqual([]);
});

it('does without where n8n has no hints', () => {
	expect(() =>
		addHints(createFakeContext(), { results: [unfinished], failures: [failure] }),
	).not.toThrow();
});
