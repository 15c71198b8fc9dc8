import type { INodeProperties } from 'n8n-workflow';

import {
	booleanField,
	choiceField,
	durationField,
	isLeftOut,
	numberField,
	textField,
	timeField,
	toApiName,
	type Field,
} from '../../../../nodes/LtxVideo/endpoints/fields/field';
import { modelField, prompt } from '../../../../nodes/LtxVideo/endpoints/fields/shared';
import { LTX_2_3_PRO } from '../../../../nodes/LtxVideo/endpoints/catalog/models';
import { refusalOf } from '../../refusalOf';
import { readerOf } from '../readerOf';

const PROPERTY: INodeProperties = {
	displayName: 'My Field',
	name: 'myField',
	type: 'string',
	default: '',
};
const ADDED = { isAdditional: true };
const OPTIONAL = { isOptional: true };

const KINDS: Record<string, (rules?: object) => Field> = {
	text: (rules) => textField(PROPERTY, { longest: 10, ...rules }),
	choice: (rules) => choiceField(PROPERTY, rules),
	number: (rules) => numberField(PROPERTY, rules),
	boolean: (rules) => booleanField(PROPERTY, rules),
	time: () => timeField(PROPERTY),
	duration: () => durationField(PROPERTY),
};
const read = (field: Field, myField: unknown) => field.read(readerOf({ myField }));

it.each<[string, unknown, unknown]>([
	['text', ' One\n', ' One\n'],
	['text', 7, '7'],
	['choice', ' dolly_in ', 'dolly_in'],
	['choice', 'one of tomorrow', 'one of tomorrow'],
	['choice', 'auto', 'auto'],
	['number', '8', 8],
	['number', 0.5, 0.5],
	['boolean', 'false', false],
	['boolean', true, true],
	['time', 0, 0],
	['time', '1.5', 1.5],
	['duration', '8', 8],
	['duration', 'auto', null],
	['duration', ' AUTO ', null],
	['duration', 'automatic', null],
	['duration', '8 sec', 8],
	['time', '0s', 0],
	['boolean', 'No', false],
])('a %s field sends %j as %j', (kind, value, sent) => {
	const expected = { my_field: { is: 'plain', value: sent } };

	expect(read(KINDS[kind](), value)).toEqual(expected);
	expect(read(KINDS[kind](ADDED), value)).toEqual(expected);
	expect(read(KINDS[kind](OPTIONAL), value)).toEqual(expected);
});

const NONSENSE: unknown[] = [null, NaN, [], {}, [6], { a: 1 }];

describe.each(Object.keys(KINDS))('a %s field', (kind) => {
	it.each([...NONSENSE, undefined, '', ' '])('refuses %p where it is required', (value) => {
		expect(refusalOf(() => read(KINDS[kind](), value)).message).toMatch(/^My Field /);
	});
});

describe.each(['text', 'choice', 'number', 'boolean'])('a %s field', (kind) => {
	it.each([...NONSENSE, '', ' '])('refuses %p where it was added', (value) => {
		expect(refusalOf(() => read(KINDS[kind](ADDED), value)).message).toMatch(/^My Field /);
	});

	it.each(NONSENSE)('refuses %p where it is optional', (value) => {
		expect(refusalOf(() => read(KINDS[kind](OPTIONAL), value)).message).toMatch(/^My Field /);
	});

	it.each([undefined, '', ' '])('is not sent where it is optional and %p', (value) => {
		expect(read(KINDS[kind](OPTIONAL), value)).toEqual({});
	});

	it('is not sent where it was not added', () => {
		expect(read(KINDS[kind](ADDED), undefined)).toEqual({});
	});
});

it.each([
	[undefined, false, true],
	['', false, true],
	[' ', false, true],
	[undefined, true, true],
	['', true, false],
	[null, false, false],
	[0, false, false],
	[false, false, false],
])('whether %p (added: %p) is left out: %p', (value, isAdditional, expected) => {
	expect(isLeftOut(value, isAdditional)).toBe(expected);
});

it.each([
	['fps', 'fps'],
	['cameraMotion', 'camera_motion'],
	['lastFrameUri', 'last_frame_uri'],
])('the parameter %s is the API field %s', (name, apiName) => {
	expect(toApiName(name)).toBe(apiName);
});

describe('the length of a text', () => {
	it('is counted in characters as people count them', () => {
		expect(read(KINDS.text(), '🎬'.repeat(10))).toMatchObject({ my_field: { is: 'plain' } });
		expect(refusalOf(() => read(KINDS.text(), '🎬'.repeat(11)))).toMatchObject({
			message: 'My Field is 11 characters long, but LTX takes at most 10',
			advice: 'Shorten My Field.',
		});
	});

	it('is at most 5000 for a prompt', () => {
		const readPrompt = (length: number) => prompt.read(readerOf({ prompt: 'x'.repeat(length) }));

		expect(readPrompt(5_000)).toHaveProperty('prompt');
		expect(refusalOf(() => readPrompt(5_001)).message).toMatch(/5001 .* at most 5000$/);
	});
});

describe('a choice', () => {
	it.each(['auto', ' Auto ', 'Automatic'])(
		'does not send %p where that leaves it to LTX',
		(value) => {
			expect(read(choiceField(PROPERTY, { isAutoOffered: true }), value)).toEqual({});
			expect(read(choiceField(PROPERTY, { isAutoOffered: true }), 'autumn')).toHaveProperty(
				'my_field',
			);
		},
	);

	it('sends what a special value stands for', () => {
		const special = (value: string) =>
			value === 'any' ? ({ is: 'plain', value: 'all' } as const) : undefined;
		const field = choiceField(PROPERTY, { special });

		expect(read(field, ' any ')).toEqual({ my_field: { is: 'plain', value: 'all' } });
		expect(read(field, 'anyone')).toEqual({ my_field: { is: 'plain', value: 'anyone' } });
	});

	it('has one value where the editor shows one of several properties', () => {
		const field = choiceField([PROPERTY, { ...PROPERTY, default: 'a' }]);

		expect(field.properties).toHaveLength(2);
		expect(read(field, 'a')).toEqual({ my_field: { is: 'plain', value: 'a' } });
	});
});

describe('a model', () => {
	const model = modelField([LTX_2_3_PRO], { isOptional: true, isPriced: true });

	it.each<[object, unknown]>([
		[{ model: 'ltx-2-3-pro' }, 'ltx-2-3-pro'],
		[{ model: 'ltx-3-pro' }, 'ltx-3-pro'],
		[{ model: 'custom', customModel: ' ltx-3-pro ' }, 'ltx-3-pro'],
		[{ model: 'ltx-2-3-pro', customModel: 'ltx-3-pro' }, 'ltx-2-3-pro'],
	])('is read from %j as %p', (values, value) => {
		expect(model.read(readerOf(values))).toEqual({ model: { is: 'plain', value } });
	});

	it('is not sent where it is optional and empty', () => {
		expect(model.read(readerOf({ model: '' }))).toEqual({});
	});

	it.each<unknown>(['', null, undefined])('is refused where its own id is %p', (customModel) => {
		const values = { model: 'custom', customModel };

		expect(refusalOf(() => model.read(readerOf(values))).message).toBe('Model ID is empty');
	});

	it('tells its price in the menu, and only where that is the price', () => {
		const describedBy = ({ properties: [{ options }] }: Field) => JSON.stringify(options);

		expect(describedBy(model)).toContain(
			'USD 0.08 a second at 1080p (720p 0.04, 1440p 0.16, 4K 0.32)',
		);
		expect(describedBy(modelField([LTX_2_3_PRO], { isPriced: false }))).not.toContain('USD');
	});
});
