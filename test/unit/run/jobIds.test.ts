import { showJobId } from '../../../nodes/LtxVideo/run/jobIds';
import { createFakeContext } from '../fakeContext';

/** What an execution shows after jobs with these ids, with n8n's own limits. */
function shownAfter(...jobIds: string[]): unknown {
	const values = new Map<string, string>();
	const customData = {
		get: (key: string) => values.get(key),
		set(key: string, value: string) {
			if (key.length > 50 || value.length > 512) throw new Error('too long');
			values.set(key, value);
		},
	};
	jobIds.forEach((jobId) =>
		showJobId(createFakeContext({ customData }).getWorkflowDataProxy(0), jobId),
	);
	return Object.fromEntries(values);
}

it.each([
	['the id of one job', ['a'], 'a'],
	['those of several, the latest at the end', ['a', 'b', 'c'], 'a, b, c'],
	['each once, where a job is taken up again', ['a', 'b', 'a'], 'b, a'],
	['as many as fit', ['a'.repeat(255), 'b'.repeat(255)], `${'a'.repeat(255)}, ${'b'.repeat(255)}`],
	[
		'the latest where not all fit',
		['a'.repeat(255), 'b'.repeat(255), 'c'],
		`${'b'.repeat(255)}, c`,
	],
	['the beginning of one that is too long', ['a', 'b'.repeat(600)], 'b'.repeat(512)],
])('an execution shows %s', (_what, jobIds, shown) => {
	expect(shownAfter(...jobIds)).toEqual({ ltx_job_ids: shown });
});

const fail = () => {
	throw new Error('There are ten keys already');
};

it.each([
	['misses', undefined],
	['cannot read', { get: fail, set: () => {} }],
	['cannot keep', { get: () => undefined, set: fail }],
])('a run goes on where n8n %s custom data', (_what, customData) => {
	expect(() =>
		showJobId(createFakeContext({ customData }).getWorkflowDataProxy(0), 'a'),
	).not.toThrow();
});
