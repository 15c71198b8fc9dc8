import type { IDataObject } from 'n8n-workflow';

import {
	collectionOf,
	parametersOf,
	refuseEmptyFields,
} from '../../../nodes/LtxVideo/run/parameters';
import { refusalOf } from '../refusalOf';
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

const refuse = (parameters: IDataObject) => () =>
	refuseEmptyFields(createFakeContext({ parameters }), 0, ['additionalFields', 'options']);

it.each(['', null, undefined])('a field that was added and comes out as %p is refused', (value) => {
	expect(refusalOf(refuse({ options: {}, additionalFields: { fps: value } })).advice).toBe(
		'Fill it in, or remove it from Additional Fields.',
	);
	expect(refusalOf(refuse({ options: { maxWait: 1, fileName: value } })).message).toBe(
		'File Name is empty',
	);
});

it.each([
	['lastFrameUri', 'Last Frame URL is empty'],
	['lastFrameBinaryProperty', 'Last Frame Binary Field is empty'],
])('%s is called what the panel calls it', (name, message) => {
	expect(refusalOf(refuse({ additionalFields: { [name]: '' } })).message).toBe(message);
});

it.each([{}, { options: '' }, { options: { no: false, zero: 0, list: [] } }])(
	'nothing is refused in %j',
	(parameters) => {
		expect(refuse(parameters)).not.toThrow();
	},
);
