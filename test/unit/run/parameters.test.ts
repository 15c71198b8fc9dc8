import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { invalidInput, LtxError } from '../../../nodes/LtxVideo/api/errors';
import {
	collectionOf,
	explainEmpty,
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

describe('where an expression gave nothing', () => {
	const EMPTY = invalidInput('Prompt is empty', 'Fill in Prompt.');

	/** The message after the prompt was read, which came out as `value`. */
	function explained(
		written: INodeParameters,
		{ json = {}, value = null }: { json?: IDataObject; value?: unknown } = {},
		error: LtxError = EMPTY,
	): string {
		const parameters = { prompt: value } as IDataObject;
		const context = createFakeContext({ parameters, written, items: [{ json }] });
		parametersOf(context, 0)('prompt');
		return explainEmpty(context, 0, error).message;
	}
	const IDEA = { prompt: '={{ $json.idea }}' };
	const WHY = 'Prompt is empty: its expression gave nothing.';

	it.each([null, undefined, '', ' \n'])('says so for %p', (value) => {
		expect(explained(IDEA, { value })).toBe(`${WHY} The item has no fields.`);
	});

	it.each<[string, object, string]>([
		['={{ $json.idea }}', { Idea: 1, Photo: 2 }, 'fields Idea, Photo. Did you mean Idea?'],
		['={{ $json["my idea"] }}', { My_Idea: 1 }, 'field My_Idea. Did you mean My_Idea?'],
		["={{ $('Form').item.json?.['IDEA'] }}", { idea: 1 }, 'field idea. Did you mean idea?'],
		['={{ $json.idea.trim() }}', { text: 1 }, 'field text.'],
		['={{ $json.idea }}', { idea: '' }, 'field idea.'],
		['={{ $fromAI("Idea") }}', { idea: '' }, 'field idea.'],
		[
			'={{ $json.k }}',
			Object.fromEntries([...'abcdefghijKl'].map((name) => [name, 1])),
			'fields a, b, c, d, e, f, g, h, i, j and 2 more. Did you mean K?',
		],
		['={{ $json.b }}', { 'a\n<b>': 1, ['x'.repeat(41)]: 2 }, `fields a ‹b>, ${'x'.repeat(40)}….`],
	])('%s names the fields of the item %j', (prompt, json, words) => {
		expect(explained({ prompt }, { json: { ...json } })).toBe(`${WHY} The item has the ${words}`);
	});

	it('keeps the advice', () => {
		const context = createFakeContext({ parameters: { prompt: '' }, written: IDEA });
		parametersOf(context, 0)('prompt');

		expect(explainEmpty(context, 0, EMPTY)).toMatchObject({
			type: 'invalid_input',
			advice: 'Fill in Prompt.',
			wasRefused: true,
		});
	});

	it.each<[string, INodeParameters, unknown, LtxError]>([
		['a text that is empty', { prompt: '' }, '', EMPTY],
		['a parameter that is not there', {}, undefined, EMPTY],
		['an expression that gave something', IDEA, 'Waves', EMPTY],
		['an expression that gave zero', IDEA, 0, EMPTY],
		['another mistake', IDEA, null, invalidInput('Prompt is too long')],
		['an answer of LTX', IDEA, null, new LtxError('api_error', 'prompt is empty')],
	])('says nothing more for %s', (_what, written, value, error) => {
		expect(explained(written, { value }, error)).toBe(error.message);
	});

	it('looks at what was read last, of the same item', () => {
		const parameters = { prompt: '', mode: '', model: 'a' };
		const written = { prompt: '={{ $json.idea }}', mode: '', model: 'a' };
		const context = createFakeContext({ parameters, written, items: [{ json: {} }] });
		const read = parametersOf(context, 0);
		const messageAfter = (name: string, index = 0) => {
			read(name);
			return explainEmpty(context, index, EMPTY).message;
		};

		expect(messageAfter('prompt')).toContain(WHY);
		expect(messageAfter('prompt', 1)).toBe(EMPTY.message);
		expect(messageAfter('mode')).toBe(EMPTY.message);
		read('prompt');
		expect(messageAfter('model')).toBe(EMPTY.message);
	});

	it('says so for a field of a collection, and for a part of a parameter', () => {
		const written = {
			options: { maxWait: '={{ $json.wait }}' },
			files: { file: [{ apiField: 'video_uri', binaryProperty: '={{ $json.Name }}' }] },
		};
		const parameters = {
			options: { maxWait: undefined },
			files: { file: [{ apiField: 'video_uri', binaryProperty: undefined }] },
		} as unknown as IDataObject;
		const context = createFakeContext({ parameters, written, items: [{ json: { name: 1 } }] });
		collectionOf(context, 0, 'options')('maxWait');
		expect(explainEmpty(context, 0, EMPTY).message).toBe(`${WHY} The item has the field name.`);
		parametersOf(context, 0)('files');
		expect(explainEmpty(context, 0, EMPTY).message).toMatch(/Did you mean name\?$/);
	});

	it('says so for a field that nothing else has looked at', () => {
		const written = { options: { fileName: '={{ $json.name }}' } };
		const parameters = { options: { fileName: '' } };
		const context = createFakeContext({ parameters, written, items: [{ json: {} }] });
		const refused = refusalOf(() => refuseEmptyFields(context, 0, ['options']));

		expect(explainEmpty(context, 0, refused).message).toBe(
			'File Name is empty: its expression gave nothing. The item has no fields.',
		);
	});
});
