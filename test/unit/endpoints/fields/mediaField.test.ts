import { mediaField, toFileSource } from '../../../../nodes/LtxVideo/endpoints/fields/mediaField';
import { IMAGE } from '../../../../nodes/LtxVideo/media/kinds';
import { refusalOf } from '../../refusalOf';
import { readerOf } from '../readerOf';

const WORDS = {
	name: 'lastFrame',
	label: 'Last Frame',
	what: 'the last frame of the video',
	uriPlaceholder: 'e.g. https://example.com/a.png',
};
const REQUIRED = mediaField(IMAGE, WORDS);
const OPTIONAL = mediaField(IMAGE, WORDS, { isOptional: true });
const ADDED = mediaField(IMAGE, WORDS, { isAdditional: true });

const URI = 'https://example.com/a.png';
const BINARY = { mimeType: 'image/png', data: 'AAAA' };
const address = (value: unknown) => ({ last_frame_uri: { is: 'plain', value } });
const file = (source: unknown) => ({ last_frame_uri: { is: 'file', source, kinds: [IMAGE] } });

it.each<[string, object, object]>([
	['an address', { lastFrameSource: 'url', lastFrameUri: ` ${URI} ` }, address(URI)],
	['an upload', { lastFrameSource: 'url', lastFrameUri: 'ltx://a' }, address('ltx://a')],
	[
		'a data URI',
		{ lastFrameSource: 'url', lastFrameUri: 'DATA:image/png,' },
		address('DATA:image/png,'),
	],
	['a binary field', { lastFrameSource: 'binary', lastFrameBinaryProperty: ' a ' }, file('a')],
	['the usual binary field', { lastFrameSource: 'binary' }, file('data')],
	['a file itself', { lastFrameSource: 'binary', lastFrameBinaryProperty: BINARY }, file(BINARY)],
])('%s is read, wherever the field stands', (_what, values, read) => {
	for (const field of [REQUIRED, OPTIONAL, ADDED]) {
		expect(field.read(readerOf(values))).toEqual(read);
	}
});

it.each<[string, object, RegExp]>([
	['no address', { lastFrameSource: 'url' }, /^Last Frame URL is empty/],
	['an empty address', { lastFrameSource: 'url', lastFrameUri: ' ' }, /^Last Frame URL is empty/],
	['a null address', { lastFrameSource: 'url', lastFrameUri: null }, /^Last Frame URL is empty/],
	[
		'a plain http address',
		{ lastFrameSource: 'url', lastFrameUri: 'http://a/b' },
		/must begin with https/,
	],
	['a path', { lastFrameSource: 'url', lastFrameUri: '/tmp/https://a' }, /must begin with https/],
	['a list', { lastFrameSource: 'url', lastFrameUri: [URI] }, /must be a text/],
	[
		'an empty field name',
		{ lastFrameSource: 'binary', lastFrameBinaryProperty: '' },
		/^Last Frame Binary Field is empty/,
	],
	[
		'a null field name',
		{ lastFrameSource: 'binary', lastFrameBinaryProperty: null },
		/^Last Frame Binary Field is empty/,
	],
	[
		'something like a file',
		{ lastFrameSource: 'binary', lastFrameBinaryProperty: { data: 'AAAA' } },
		/must be a text/,
	],
	['a null source', { lastFrameSource: null, lastFrameUri: URI }, /^Last Frame Source is empty/],
	[
		'an unknown source',
		{ lastFrameSource: 'file', lastFrameUri: URI },
		/^Last Frame Source must be one of/,
	],
])('%s is refused, wherever the field stands', (_what, values, message) => {
	for (const field of [REQUIRED, OPTIONAL, ADDED]) {
		expect(refusalOf(() => field.read(readerOf(values))).message).toMatch(message);
	}
});

it.each<[string, object]>([
	['no source', {}],
	['no source, though an address', { lastFrameUri: URI }],
	['an empty source', { lastFrameSource: '', lastFrameUri: URI }],
	['none', { lastFrameSource: 'none' }],
])('a required file with %s is refused', (_what, values) => {
	expect(refusalOf(() => REQUIRED.read(readerOf(values))).message).toMatch(/^Last Frame Source /);
});

it.each<[string, object]>([
	['no source', {}],
	['an empty source', { lastFrameSource: ' ' }],
	['none', { lastFrameSource: 'none', lastFrameBinaryProperty: 'data' }],
])('an optional file with %s is not sent', (_what, values) => {
	expect(OPTIONAL.read(readerOf(values))).toEqual({});
});

it.each<[string, object, object]>([
	['nothing', {}, {}],
	['an address alone', { lastFrameUri: URI }, address(URI)],
	['a binary field alone', { lastFrameBinaryProperty: 'a' }, file('a')],
])('an additional file of which %s was added is read', (_what, values, read) => {
	expect(ADDED.read(readerOf(values))).toEqual(read);
});

it.each<[string, object, string]>([
	['an empty source', { lastFrameSource: '' }, 'Last Frame Source is empty'],
	['an address that gives nothing', { lastFrameUri: null }, 'Last Frame URL is empty'],
	[
		'a binary field that gives nothing',
		{ lastFrameBinaryProperty: null },
		'Last Frame Binary Field is empty',
	],
	[
		'an address beside a binary field',
		{ lastFrameUri: URI, lastFrameBinaryProperty: 'a' },
		'There are both Last Frame URL and Last Frame Binary Field',
	],
])('an additional file of which %s was added is refused', (_what, values, message) => {
	expect(refusalOf(() => ADDED.read(readerOf(values))).message).toBe(message);
});

it('offers None for an optional file alone, and takes it as the default', () => {
	const sourceOf = ({ properties: [source] }: typeof REQUIRED) => [
		source.options?.map((option) => 'value' in option && option.value),
		source.default,
	];

	expect(sourceOf(REQUIRED)).toEqual([['binary', 'url'], 'url']);
	expect(sourceOf(OPTIONAL)).toEqual([['binary', 'url', 'none'], 'none']);
	expect(sourceOf(ADDED)).toEqual([['binary', 'url'], 'url']);
});

it.each<[unknown, unknown]>([
	[' data ', 'data'],
	[BINARY, BINARY],
])('%j names a file as %j', (value, source) => {
	expect(toFileSource('File', value)).toEqual(source);
});
