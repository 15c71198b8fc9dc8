import { getEventListeners } from 'node:events';

import type { IDataObject } from 'n8n-workflow';

import {
	openLedger,
	type AcceptedEntry,
	type Ledger,
	type LedgerEntry,
} from '../../../nodes/LtxVideo/operations/ledger';
import { createFakeContext } from '../fakeContext';

type Context = Parameters<typeof createFakeContext>[0];

const hashOf = (request: string, file = 'a') => ({ exact: `${request}:${file}`, alike: request });

function accepted(id: string, request = 'sea', file?: string): AcceptedEntry {
	return { state: 'accepted', job: { id }, extra: {}, requestHash: hashOf(request, file) };
}

const LOST: LedgerEntry = { state: 'lost', failure: { type: 'answer_lost', message: 'Lost' } };
const SENDING: LedgerEntry = { state: 'sending' };

/** What n8n stores of an execution and gives to the next: the same as JSON. */
const stored = (kept: IDataObject) => JSON.parse(JSON.stringify(kept)) as IDataObject;

const open = (context: Context = {}) => openLedger(createFakeContext(context), [{ json: {} }]);

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
		expect(other.acceptedJobIds()).toEqual([]);
	});

	it('are kept for the last hundred runs of a loop', () => {
		const kept = {};
		for (let runIndex = 0; runIndex < 150; runIndex++) {
			open({ kept, runIndex }).record(0, accepted(`job-${runIndex}`));
		}

		expect(open({ kept, runIndex: 60 }).entryOf(0)).toEqual(accepted('job-60'));
		expect(open({ kept, runIndex: 149 }).entryOf(0)).toEqual(accepted('job-149'));
		expect(open({ kept, runIndex: 10 }).entryOf(0)).toBeUndefined();
	});

	it('may submit anew what was released, but know its job', () => {
		const ledger = open();
		ledger.record(0, accepted('job-1'));
		ledger.record(1, SENDING);
		ledger.release(0);
		ledger.release(1);

		expect([ledger.entryOf(0), ledger.entryOf(1)]).toEqual([undefined, undefined]);
		expect(ledger.acceptedJobIds()).toEqual(['job-1']);
		expect(ledger.lostItems()).toEqual([]);
	});

	it('know the job of an item', () => {
		const ledger = open();
		ledger.record(0, accepted('job-0'));
		ledger.record(1, LOST);

		expect([0, 1, 2].map((index) => ledger.jobIdOf(index))).toEqual([
			'job-0',
			undefined,
			undefined,
		]);
		ledger.release(0);
		expect(ledger.jobIdOf(0)).toBeUndefined();
	});

	it('know the jobs and the items whose answer was lost', () => {
		const ledger = open();
		[accepted('job-0'), LOST, SENDING, accepted('job-3')].forEach((entry, index) =>
			ledger.record(index, entry),
		);

		expect(ledger.acceptedJobIds()).toEqual(['job-0', 'job-3']);
		expect(ledger.lostItems()).toEqual([1, 2]);
	});
});

describe('the tries of one call of a tool', () => {
	const call = (toolArguments: IDataObject, kept = {}, runIndex = 0) =>
		openLedger(createFakeContext({ isTool: true, mode: 'retry', kept, runIndex }), [
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
	function keptWith(entry: LedgerEntry, context: Context = {}): IDataObject {
		const kept = {};
		open({ kept, ...context }).record(0, entry);
		return stored(kept);
	}

	it('inherits the job of the same request', () => {
		const ledger = retry(keptWith(accepted('job-1')));

		expect(ledger.entryOf(0)).toBeUndefined();
		expect(ledger.acceptedJobIds()).toEqual(['job-1']);
		expect(ledger.jobIdOf(0)).toBe('job-1');
		expect(ledger.inherit(0, hashOf('sea'))).toEqual(accepted('job-1'));
	});

	it.each<[string, LedgerEntry]>([
		['a request that was edited', accepted('job-1', 'lake')],
		['a request with another file of the same name and size', accepted('job-1', 'sea', 'b')],
		['a submit whose answer was lost', LOST],
		['a submit that was on its way', SENDING],
		['a job that LTX has forgotten', { ...accepted('job-1'), isForgotten: true }],
	])('does not inherit %s', (_what, entry) => {
		expect(retry(keptWith(entry)).inherit(0, hashOf('sea'))).toBeUndefined();
	});

	it.each<[string, number, Context]>([
		['another item', 1, {}],
		['another run of a loop', 0, { runIndex: 1 }],
		['an execution that is no Retry', 0, { mode: 'manual' }],
	])('leaves a job alone for %s', (_what, itemIndex, context) => {
		const ledger = retry(keptWith(accepted('job-1')), context);

		expect(ledger.inherit(itemIndex, hashOf('sea'))).toBeUndefined();
	});

	it('tells no job of a request that was edited as that of the item', () => {
		const ledger = retry(keptWith(accepted('job-1', 'lake')));
		ledger.inherit(0, hashOf('sea'));

		expect(ledger.jobIdOf(0)).toBeUndefined();
		expect(ledger.acceptedJobIds()).toEqual(['job-1']);
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
		expect(third.acceptedJobIds()).toEqual(['job-0', 'job-1']);
	});

	it('inherits what the last of several executions submitted', () => {
		const kept = keptWith(accepted('job-1'));
		retry(kept).record(0, accepted('job-2', 'lake'));

		const third = retry(kept, { executionId: '3' });

		expect(third.inherit(0, hashOf('sea'))).toBeUndefined();
		expect(third.inherit(0, hashOf('lake'))).toEqual(accepted('job-2', 'lake'));
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

describe('the Retry of an execution that was stopped, of which n8n kept nothing', () => {
	let workflowId = '';
	let workflows = 0;
	const stoppedIn = (context: Context, ...entries: LedgerEntry[]): Ledger => {
		const stopping = new AbortController();
		const ledger = open({ workflowId, cancel: stopping.signal, ...context });
		entries.forEach((entry, index) => ledger.record(index, entry));
		stopping.abort();
		return ledger;
	};
	const begin = (context: Context = {}) => retry({}, { workflowId, ...context });

	beforeEach(() => {
		workflowId = `stopped-${workflows++}`;
	});

	it('inherits a job of the same request, though its files have new ids, once', () => {
		stoppedIn({}, accepted('job-0', 'sea', 'old'), LOST, accepted('job-2'));

		expect(begin().inherit(0, hashOf('sea', 'new'))?.job.id).toBe('job-0');
		expect(begin({ executionId: '3' }).inherit(0, hashOf('sea', 'new'))).toBeUndefined();
		expect(begin().inherit(1, hashOf('sea'))).toBeUndefined();
		expect(begin().inherit(2, hashOf('sea'))?.job.id).toBe('job-2');
	});

	it.each<[string, Context]>([
		['an execution that is no Retry', { mode: 'trigger' }],
		['another workflow', { workflowId: 'another' }],
		['another node', { nodeName: 'LTX Video1' }],
		['another run of a loop', { runIndex: 1 }],
	])('leaves a job alone for %s', (_what, context) => {
		stoppedIn({}, accepted('job-0'));

		expect(begin(context).inherit(0, hashOf('sea'))).toBeUndefined();
		expect(begin().inherit(0, hashOf('sea'))?.job.id).toBe('job-0');
	});

	it('does not inherit a request that was edited', () => {
		stoppedIn({}, accepted('job-0'));

		expect(begin().inherit(0, hashOf('lake'))).toBeUndefined();
	});

	it('keeps a job for its next Retry where it ends before it took the job up', () => {
		stoppedIn({}, accepted('job-0', 'sea', 'old'));
		const kept = {};
		begin({ kept }).inherit(0, hashOf('sea', 'new'));

		const next = begin({ kept, executionId: '3' });

		expect(next.inherit(0, hashOf('sea', 'new'))?.job.id).toBe('job-0');
	});

	it('lets its own Retry find the job under the new ids of its files', () => {
		stoppedIn({}, accepted('job-0', 'sea', 'old'));
		const kept = {};
		const second = begin({ kept });
		second.record(0, second.inherit(0, hashOf('sea', 'new'))!);

		const third = begin({ kept, executionId: '3' });

		expect(third.inherit(0, hashOf('sea', 'new'))?.job.id).toBe('job-0');
	});

	it('finds a job once, however often the stopped node was tried again', () => {
		const kept = {};
		const stopping = new AbortController();
		const context = { workflowId, kept, cancel: stopping.signal };
		open(context).record(0, accepted('job-0'));
		open(context);
		stopping.abort();

		expect(begin().inherit(0, hashOf('sea'))?.job.id).toBe('job-0');
		expect(begin({ executionId: '3' }).inherit(0, hashOf('sea'))).toBeUndefined();
	});

	it('does not find a job that was taken up where n8n did keep it', () => {
		const kept = {};
		stoppedIn({ kept }, accepted('job-0'));
		const second = begin({ kept });
		second.record(0, second.inherit(0, hashOf('sea'))!);

		expect(begin({ executionId: '3' }).inherit(0, hashOf('sea'))).toBeUndefined();
	});

	it('keeps what a stopped Retry had not taken up yet', () => {
		stoppedIn({}, accepted('job-0'));
		const kept = {};
		const stopping = new AbortController();
		begin({ kept, cancel: stopping.signal }).inherit(0, hashOf('sea'));
		stopping.abort();

		expect(begin({ executionId: '3' }).inherit(0, hashOf('sea'))?.job.id).toBe('job-0');
	});

	it.each<[string, LedgerEntry[]]>([
		['refused', []],
		['made for a request that was edited since', [accepted('job-1', 'lake')]],
	])(
		'finds the job of a Retry that was stopped too, whose first submit was %s',
		(_what, entries) => {
			const kept = {};
			const first = open({ workflowId, kept, executionId: '1' });
			entries.forEach((entry) => first.record(0, entry));
			const atStart = stored(kept);
			const second = { executionId: '2', mode: 'retry', kept: stored(atStart) };
			stoppedIn(second, accepted('job-2'));

			// n8n 2 keeps of it what it began with.
			const third = begin({ kept: stored(atStart), executionId: '3' });

			expect(third.inherit(0, hashOf('sea'))?.job.id).toBe('job-2');
		},
	);

	it('finds the job of a run of a loop that came after what n8n has kept', () => {
		const kept = {};
		open({ workflowId, kept }).record(0, accepted('job-0'));
		const atWait = stored(kept);
		stoppedIn({ runIndex: 1, kept: stored(atWait) }, accepted('job-1', 'lake'));

		const retried = begin({ kept: stored(atWait), runIndex: 1 });

		expect(retried.inherit(0, hashOf('lake'))?.job.id).toBe('job-1');
	});

	it('finds the job of the execution that was stopped last', () => {
		stoppedIn({ executionId: '1' }, accepted('job-old'));
		stoppedIn({ executionId: '2' }, accepted('job-new'));

		expect(begin({ executionId: '3' }).inherit(0, hashOf('sea'))?.job.id).toBe('job-new');
	});

	it('remembers the last thousand jobs', () => {
		const oldest = stoppedIn({}, ...Array.from({ length: 1_001 }, (_, id) => accepted(`${id}`)));

		expect(oldest.acceptedJobIds()).toHaveLength(1_001);
		expect(begin().inherit(0, hashOf('sea'))).toBeUndefined();
		expect(begin().inherit(1, hashOf('sea'))?.job.id).toBe('1');
	});

	it('finds a job that was accepted after Stop, since its submit was on its way', () => {
		const stopping = new AbortController();
		const ledger = open({ workflowId, cancel: stopping.signal });
		ledger.record(0, SENDING);
		stopping.abort();
		ledger.record(0, accepted('job-0'));

		expect(begin().inherit(0, hashOf('sea'))?.job.id).toBe('job-0');
	});

	it('finds it also where n8n kept that it was on its way', () => {
		const kept = {};
		const stopping = new AbortController();
		const ledger = open({ workflowId, kept, cancel: stopping.signal });
		ledger.record(0, SENDING);
		stopping.abort();
		const keptByN8n = stored(kept);
		ledger.record(0, accepted('job-0'));

		expect(begin({ kept: keptByN8n }).inherit(0, hashOf('sea'))?.job.id).toBe('job-0');
	});

	it('finds the jobs of all runs of all nodes, also when Stop came in a later node', () => {
		const stopping = new AbortController();
		const context = { workflowId, cancel: stopping.signal };
		const keptOf: Record<string, IDataObject> = { A: {}, B: {} };
		for (const [nodeName, kept] of Object.entries(keptOf)) {
			for (const runIndex of [0, 1]) {
				open({ ...context, nodeName, kept, runIndex }).record(
					0,
					accepted(`job-${nodeName}${runIndex}`),
				);
			}
		}
		expect(getEventListeners(stopping.signal, 'abort')).toHaveLength(1);
		stopping.abort();

		for (const nodeName of ['A', 'B']) {
			for (const runIndex of [0, 1]) {
				const ledger = begin({ nodeName, runIndex });
				expect(ledger.inherit(0, hashOf('sea'))?.job.id).toBe(`job-${nodeName}${runIndex}`);
			}
		}
	});

	it('leaves a job alone for the Retry of another execution, of which n8n kept something', () => {
		const kept = {};
		open({ workflowId, kept, executionId: '5' });
		stoppedIn({}, accepted('job-0'));
		const retried = { kept, executionId: '6' };

		expect(begin(retried).inherit(0, hashOf('sea'))).toBeUndefined();
		expect(begin({ ...retried, runIndex: 1 }).inherit(0, hashOf('sea'))).toBeUndefined();
		expect(begin().inherit(0, hashOf('sea'))?.job.id).toBe('job-0');
	});
});
