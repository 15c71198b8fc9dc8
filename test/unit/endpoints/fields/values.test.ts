import {
	toBoolean,
	toJobId,
	toOneOf,
	toPositiveInteger,
	toPositiveNumber,
	toText,
	toTrimmedText,
} from '../../../../nodes/LtxVideo/endpoints/fields/values';
import { refusalOf } from '../../refusalOf';

describe('a positive number', () => {
	it.each([
		[8, 8],
		[0.5, 0.5],
		['8', 8],
		[' 8 ', 8],
		['8.0', 8],
		['0.25', 0.25],
		['007', 7],
		['.5', 0.5],
		[7, 7],
		[31, 31],
	])('is read from %p as %p, whatever the editor offers', (value, expected) => {
		expect(toPositiveNumber('Duration', value)).toBe(expected);
	});

	it.each([
		[0, '"0"'],
		['0', '"0"'],
		['0.00', '"0.00"'],
		[-1, '"-1"'],
		['-6', '"-6"'],
		[NaN, '"NaN"'],
		[Infinity, '"Infinity"'],
		['Infinity', '"Infinity"'],
		['9'.repeat(400), `"${'9'.repeat(40)}…"`],
		['six', '"six"'],
		['x'.repeat(40), `"${'x'.repeat(40)}"`],
		['x'.repeat(41), `"${'x'.repeat(40)}…"`],
		['6s', '"6s"'],
		['0x10', '"0x10"'],
		['1e3', '"1e3"'],
		['5.', '"5."'],
		['.', '"."'],
		['1,5', '"1,5"'],
		['', 'empty'],
		[null, 'empty'],
		[undefined, 'empty'],
		[true, '"true"'],
		[[6], 'a list'],
		[{ seconds: 6 }, 'an object'],
	])('is not %p, and the message says what it is', (value, described) => {
		expect(refusalOf(() => toPositiveNumber('Duration', value)).message).toBe(
			`Duration must be a number above 0, but is ${described}`,
		);
	});

	const UNITS = ['s', 'frames per second'];

	it.each([
		['8s', 8],
		[' 8 S', 8],
		['.5\ts', 0.5],
		['24 Frames  per second', 24],
		['8', 8],
		[8, 8],
	])('is read from %p with its unit', (value, expected) => {
		expect(toPositiveNumber('Duration', value, UNITS)).toBe(expected);
	});

	it.each([
		'8 m',
		'24 fps',
		'8 s s',
		's',
		'8,5 s',
		'8.s',
		'-8s',
		'0:08',
		'8 8s',
		'about 8s',
		'0 s',
	])('is not %p, whatever its unit', (value) => {
		expect(refusalOf(() => toPositiveNumber('Duration', value, UNITS)).message).toBe(
			`Duration must be a number above 0, but is "${value}"`,
		);
	});

	it('is refused on one line, whatever was given', () => {
		expect(() => toPositiveNumber('Duration', 'six\nseconds')).toThrow('but is "six seconds"');
	});

	it.each([1.5, '2.5'])('is no whole one where it is %p', (value) => {
		expect(refusalOf(() => toPositiveInteger('Max Concurrency', value)).message).toMatch(
			/^Max Concurrency must be a whole number above 0/,
		);
		expect(toPositiveInteger('Max Concurrency', '3')).toBe(3);
	});
});

describe('a switch', () => {
	it.each([
		[true, true],
		['true', true],
		[' TRUE ', true],
		[1, true],
		['1', true],
		[false, false],
		['false', false],
		['False', false],
		[0, false],
		['0', false],
		['yes', true],
		['On', true],
		[' NO\n', false],
		['off', false],
	])('is read from %p as %p', (value, expected) => {
		expect(toBoolean('Generate Audio', value)).toBe(expected);
	});

	it.each<unknown>([
		'yes please',
		'y',
		'constructor',
		'',
		' ',
		2,
		-1,
		NaN,
		null,
		undefined,
		{},
		[true],
		['true'],
		{ valueOf: () => 1 },
	])('is not %p', (value) => {
		expect(refusalOf(() => toBoolean('Generate Audio', value)).message).toMatch(
			/^Generate Audio must be true or false, but is /,
		);
	});
});

describe('a text', () => {
	it('keeps the spaces and line breaks that its author gave it', () => {
		expect(toText('Prompt', ' One\n two ')).toBe(' One\n two ');
	});

	it('loses the spaces around it where it is a name or an address', () => {
		expect(toTrimmedText('Image URL', ' \thttps://example.com/a.png\n')).toBe(
			'https://example.com/a.png',
		);
	});

	it('is made of a number, since expressions turn digits into one', () => {
		expect(toText('Model ID', 25)).toBe('25');
		expect(toTrimmedText('Model ID', 0)).toBe('0');
	});

	it.each<unknown>(['', ' ', '\n\t', undefined, null])(
		'is refused where it is %p, with advice',
		(value) => {
			const { message, advice } = refusalOf(() => toText('Prompt', value));

			expect(message).toBe('Prompt is empty');
			expect(advice).toBe('Fill in Prompt.');
		},
	);

	it.each<unknown>([NaN, Infinity, true, ['a'], { text: 'a' }])('is not %p', (value) => {
		expect(refusalOf(() => toText('Prompt', value)).message).toMatch(/^Prompt must be a text/);
	});
});

describe('one of several choices', () => {
	const SOURCES = ['url', 'binary'] as const;

	const MENU = [
		{ name: 'Binary File', value: 'binary' },
		{ name: 'None', value: 'none' },
	];

	it.each([
		['url', 'url'],
		[' binary ', 'binary'],
		['URL', 'url'],
		['binary-file', 'binary'],
	])('is read from %p', (value, expected) => {
		expect(toOneOf('Image Source', value, SOURCES, MENU)).toBe(expected);
	});

	it('is none that only the menu has', () => {
		expect(() => toOneOf('Image Source', 'None', SOURCES, MENU)).toThrow('one of url, binary');
	});

	it.each(['http', 'file', 'toString', 0])('is not %p, and the message lists them', (value) => {
		expect(refusalOf(() => toOneOf('Image Source', value, SOURCES)).message).toBe(
			`Image Source must be one of url, binary, but is "${value}"`,
		);
	});
});

describe('a job id', () => {
	it.each([
		[' 6f1c-42 \n', '6f1c-42'],
		[42, '42'],
	])('is read from %p without what surrounds it', (value, expected) => {
		expect(toJobId(value)).toBe(expected);
	});

	it.each([
		'a/../../v1/upload',
		'%2e%2e',
		'%2F',
		'../..',
		'...',
		'a?b#c',
		'a b',
		'\u{1f600}',
		';',
		'\\..\\',
	])('stays one segment of a path where it is %p', (value) => {
		const url = new URL(`https://h.example/v2/x/${encodeURIComponent(toJobId(value))}`);

		expect(url.pathname.split('/')).toHaveLength(4);
		expect(url.pathname).toMatch(/^\/v2\/x\/./);
		expect(url.search + url.hash).toBe('');
		expect(decodeURIComponent(url.pathname.split('/')[3])).toBe(value);
	});

	it.each(['.', '..', ' .. ', 'a\ud800', '\udc00'])(
		'is refused where it is %p, which no encoding keeps in its place',
		(value) => {
			expect(refusalOf(() => toJobId(value)).message).toMatch(
				/^Job ID must be the id of an LTX job/,
			);
		},
	);

	it.each<unknown>(['', '  ', undefined, null, {}])('is refused where it is %p', (value) => {
		expect(refusalOf(() => toJobId(value)).message).toMatch(/^Job ID /);
	});
});
