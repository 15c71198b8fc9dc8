import type { IDataObject } from 'n8n-workflow';

import {
	openPaidJobs,
	type AcceptedEntry,
	type SubmitEntry,
} from '../../../nodes/LtxVideo/operations/paidJobs';
import { createFakeContext } from '../fakeContext';

type Context = Parameters<typeof createFakeContext>[0];

/** Of a node that says what it sends; of one whose expression gives something. */
const hashOf = (asSent: string, asWritten = asSent) => ({ asWritten, asSent });

function accepted(id: string, asSent = 'sea', asWritten?: string): AcceptedEntry {
	return { state: 'accepted', job: { id }, extra: {}, request: hashOf(asSent, asWritten) };
}

const LOST: SubmitEntry = { state: 'lost', failure: { type: 'answer_lost', message: 'Lost' } };
const SENDING: SubmitEntry = { state: 'sending' };

/** What n8n stores of an execution and gives to the next: the same as JSON. */
const stored = (kept: IDataObject) => JSON.parse(JSON.stringify(kept)) as IDataObject;

const open = (context: Context = {}) => openPaidJobs(createFakeContext(context), [{ json: {} }]);

const retry = (kept: IDataObject, context: Context = {}) =>
	open({ executionId: '2', mode: 'retry', kept, ...context });

describe('the tries of one run', () => {
	it.each([accepted('job-1'), LOST, SENDING])('share what became of a submit: %j', (entry) => {
		const kept = {};
		open({ kept }).record(3, entry);

		expect(open({ kept: stored(kept) }).entryOf(3)).toEqual(entry);
		expect(open({ kept }).entryOf(0)).toBeUndefined();
	});

	it.each<[string, Context, Context]>([
		['another run of a loop', { runIndex: 0 }, { runIndex: 1 }],
		['another execution', { executionId: '1' }, { executionId: '2' }],
		[
			'another execution that is no Retry, though its number has the same digits',
			{ executionId: '1', runIndex: 1 },
			{ executionId: '11', runIndex: 1 },
		],
	])('share nothing with %s', (_what, first, second) => {
		const kept = {};
		open({ ...first, kept }).record(0, accepted('job-1'));
		const other = open({ ...second, kept });

		expect(other.entryOf(0)).toBeUndefined();
		expect(other.inherit(0, hashOf('sea'))).toBeUndefined();
		expect(other.paidJobIds()).toEqual([]);
	});

	it('are kept for the last run of a loop alone, the one that can be retried', () => {
		const kept = {};
		for (let runIndex = 0; runIndex < 100; runIndex++) {
			const paid = open({ kept, runIndex });
			for (let item = 0; item < 100; item++) paid.record(item, accepted(`job-${runIndex}-${item}`));
		}

		expect(open({ kept, runIndex: 99 }).entryOf(7)).toEqual(accepted('job-99-7'));
		expect(open({ kept, runIndex: 98 }).entryOf(7)).toBeUndefined();
		expect(JSON.stringify(kept).length).toBeLessThan(20_000);
	});

	it('may submit anew what was released, but know its job', () => {
		const paid = open();
		paid.record(0, accepted('job-1'));
		paid.record(1, SENDING);
		paid.release(0);
		paid.release(1);

		expect([paid.entryOf(0), paid.entryOf(1)]).toEqual([undefined, undefined]);
		expect([paid.paidJobIds(), paid.failedJobIds()]).toEqual([[], ['job-1']]);
		expect(paid.lostItems()).toEqual([]);
	});

	it('know what they submitted themselves, but for what failed', () => {
		const kept = {};
		open({ kept }).record(0, accepted('job-0'));
		const paid = open({ kept });
		paid.record(0, accepted('job-0'));
		for (const item of [1, 2]) {
			paid.record(item, SENDING);
			paid.record(item, accepted(`job-${item}`));
		}
		paid.release(2);

		expect(paid.submittedNow()).toEqual([accepted('job-1')]);
	});

	it('know the job of an item', () => {
		const paid = open();
		paid.record(0, accepted('job-0'));
		paid.record(1, LOST);

		expect([0, 1, 2].map((index) => paid.jobIdOf(index))).toEqual(['job-0', undefined, undefined]);
		paid.release(0);
		expect(paid.jobIdOf(0)).toBeUndefined();
	});

	it('know the jobs and the items whose answer was lost', () => {
		const paid = open();
		[accepted('job-0'), LOST, SENDING, accepted('job-3')].forEach((entry, index) =>
			paid.record(index, entry),
		);

		expect(paid.paidJobIds()).toEqual(['job-0', 'job-3']);
		expect(paid.lostItems()).toEqual([1, 2]);
	});
});

describe('the tries of one call of a tool', () => {
	const call = (toolArguments: IDataObject, kept = {}, runIndex = 0) =>
		openPaidJobs(createFakeContext({ isTool: true, mode: 'retry', kept, runIndex }), [
			{ json: toolArguments },
		]);

	it('share what became of a submit, though each has a run index of its own', () => {
		const toolArguments = { prompt: 'sea' };
		const kept = {};
		call(toolArguments, kept, 0).record(0, accepted('job-1'));

		expect(call(toolArguments, kept, 1).entryOf(0)).toEqual(accepted('job-1'));
		expect(kept).toEqual({});
	});

	it('share nothing with another call of the same arguments and run index, nor with a Retry', () => {
		const kept = {};
		const first = call({ prompt: 'sea' }, kept);
		first.record(0, accepted('job-1'));
		const second = call({ prompt: 'sea' }, kept);

		expect(second.entryOf(0)).toBeUndefined();
		expect(second.inherit(0, hashOf('sea'))).toBeUndefined();
	});
});

describe('the Retry of an execution', () => {
	/** What an execution keeps in which item 0 came so far. */
	function keptWith(entry: SubmitEntry, context: Context = {}): IDataObject {
		const kept = {};
		open({ kept, ...context }).record(0, entry);
		return stored(kept);
	}

	it('inherits the job of the same request', () => {
		const paid = retry(keptWith(accepted('job-1')));

		expect(paid.entryOf(0)).toBeUndefined();
		expect(paid.paidJobIds()).toEqual(['job-1']);
		expect(paid.jobIdOf(0)).toBe('job-1');
		expect(paid.inherit(0, hashOf('sea'))).toEqual({ ...accepted('job-1'), isInherited: true });
	});

	it.each([
		['an expression that comes out differently by itself', hashOf('lake', 'sea')],
		['an edit that leaves the request as it was', hashOf('sea', 'lake')],
	])('inherits the job for %s', (_what, request) => {
		const paid = retry(keptWith(accepted('job-1')));

		expect(paid.inherit(0, request)?.job.id).toBe('job-1');
		expect(paid.replacedJobIdOf(0)).toBeUndefined();
	});

	it('does not inherit for a request that was edited, and knows the job that it leaves behind', () => {
		const paid = retry(keptWith(accepted('job-1')));

		expect(paid.inherit(0, hashOf('lake'))).toBeUndefined();
		expect(paid.replacedJobIdOf(0)).toBe('job-1');
	});

	it('inherits a job that one try did not find, where the next try was told something else', () => {
		const kept = keptWith({ ...accepted('job-1'), isForgotten: true });
		const next = open({ kept });
		expect(next.paidJobIds()).toEqual(['job-1']);

		expect(retry(stored(kept)).inherit(0, hashOf('sea'))?.job.id).toBe('job-1');
	});

	it('keeps the job of an edited request until another one is accepted', () => {
		const kept = keptWith(accepted('job-1'));
		const edited = retry(kept);
		edited.inherit(0, hashOf('lake'));
		edited.record(0, SENDING);
		edited.release(0);
		const restored = retry(kept, { executionId: '3' });
		expect(restored.inherit(0, hashOf('sea'))?.job.id).toBe('job-1');
		restored.record(0, accepted('job-2', 'lake'));

		expect(retry(kept, { executionId: '4' }).inherit(0, hashOf('sea'))).toBeUndefined();
	});

	it.each<[string, SubmitEntry]>([
		['a submit whose answer was lost', LOST],
		['a submit that was on its way', SENDING],
		['a job that LTX has forgotten', { ...accepted('job-1'), isForgotten: true }],
	])('does not inherit %s', (_what, entry) => {
		const paid = retry(keptWith(entry));

		expect(paid.inherit(0, hashOf('sea'))).toBeUndefined();
		expect(paid.replacedJobIdOf(0)).toBeUndefined();
		expect(paid.paidJobIds()).toEqual([]);
	});

	it('names the credential that paid where it is another one now', () => {
		const [first, second] = ['1', '2'].map((id) => ({ ltxApi: { id, name: `Account ${id}` } }));
		const kept = {};
		open({ kept, nodeCredentials: first }).record(0, accepted('job-1'));

		const other = retry(stored(kept), { nodeCredentials: second });
		expect(other.otherCredentialOf(0)).toBe('Account 1');
		other.record(0, other.inherit(0, hashOf('sea'))!);
		expect(other.otherCredentialOf(0)).toBe('Account 1');
		const same = retry(stored(kept), { nodeCredentials: first });
		expect([same.otherCredentialOf(0), same.otherCredentialOf(1)]).toEqual([undefined, undefined]);
	});

	it.each<[string, number, Context]>([
		['another item', 1, {}],
		['another run of a loop', 0, { runIndex: 1 }],
		['an execution that is no Retry', 0, { mode: 'manual' }],
	])('leaves a job alone for %s', (_what, itemIndex, context) => {
		const paid = retry(keptWith(accepted('job-1')), context);

		expect(paid.inherit(itemIndex, hashOf('sea'))).toBeUndefined();
	});

	it('tells no job of a request that was edited as that of the item', () => {
		const paid = retry(keptWith(accepted('job-1', 'lake')));
		paid.inherit(0, hashOf('sea'));

		expect(paid.jobIdOf(0)).toBeUndefined();
		expect(paid.paidJobIds()).toEqual(['job-1']);
	});

	it('takes lost submits of before for none of its own', () => {
		expect(retry(keptWith(LOST)).lostItems()).toEqual([]);
	});

	it('inherits through a chain of retries, whether the ones between took a job up or not', () => {
		const kept = {};
		const first = open({ kept });
		first.record(0, accepted('job-0'));
		first.record(1, accepted('job-1'));
		const second = retry(kept);
		second.record(0, { ...accepted('job-0'), isInherited: true });
		const third = retry(stored(kept), { executionId: '3' });

		expect(third.inherit(0, hashOf('sea'))).toMatchObject({ job: { id: 'job-0' } });
		expect(third.inherit(1, hashOf('sea'))).toMatchObject({ job: { id: 'job-1' } });
		expect(third.paidJobIds()).toEqual(['job-0', 'job-1']);
	});

	it('inherits what the last of several executions submitted', () => {
		const kept = keptWith(accepted('job-1'));
		retry(kept).record(0, accepted('job-2', 'lake'));

		const third = retry(kept, { executionId: '3' });

		expect(third.inherit(0, hashOf('sea'))).toBeUndefined();
		expect(third.inherit(0, hashOf('lake'))).toMatchObject(accepted('job-2', 'lake'));
	});

	it('submits anew what it took up and released, and so do its own tries and retries', () => {
		const kept = keptWith(accepted('job-1'));
		const second = retry(kept);
		second.record(0, accepted('job-1'));
		second.release(0);

		for (const later of [retry(kept), retry(kept, { executionId: '3' })]) {
			expect(later.entryOf(0)).toBeUndefined();
			expect(later.inherit(0, hashOf('sea'))).toBeUndefined();
		}
	});

	it('gives a job to one owner', () => {
		const kept = keptWith(accepted('job-1'));
		retry(kept).record(0, accepted('job-1'));

		expect(JSON.stringify(kept).match(/job-1/g)).toHaveLength(1);
	});
});
