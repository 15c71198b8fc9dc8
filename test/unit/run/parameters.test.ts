import { collectionOf, parametersOf } from '../../../nodes/LtxVideo/run/parameters';
import { createFakeContext } from '../fakeContext';

const VALUES = { set: 'a', zero: 0, no: false, blank: '', nothing: null, undone: undefined };

const READERS = {
	'a parameter': parametersOf(createFakeContext({ parameters: VALUES }), 0),
	'a field of a collection': collectionOf(
		createFakeContext({ parameters: { options: VALUES } }),
		0,
		'options',
	),
};

describe.each(Object.entries(READERS))('%s', (_what, read) => {
	it.each([
		['set', 'a'],
		['zero', 0],
		['no', false],
		['blank', ''],
		['nothing', null],
		// n8n resolves an expression that gives nothing to undefined.
		['undone', null],
		['absent', undefined],
		['toString', undefined],
	])('%s is read as %p', (name, value) => {
		expect(read(name)).toBe(value);
	});
});

it('a collection that is not there has no fields', () => {
	expect(collectionOf(createFakeContext(), 0, 'options')('maxCostUsd')).toBeUndefined();
});
