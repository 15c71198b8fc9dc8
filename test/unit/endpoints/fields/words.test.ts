import fc from 'fast-check';
import type { INodePropertyOptions } from 'n8n-workflow';

import { ENDPOINTS } from '../../../../nodes/LtxVideo/endpoints';
import { TIERS } from '../../../../nodes/LtxVideo/endpoints/catalog/sizes';
import type { BodyValue, Field } from '../../../../nodes/LtxVideo/endpoints/fields/field';
import { resolutionField } from '../../../../nodes/LtxVideo/endpoints/fields/resolution';
import {
	entryCalled,
	FRAMES_PER_SECOND,
	MINUTES,
	numberCalled,
	SECONDS,
	sizesCalled,
} from '../../../../nodes/LtxVideo/endpoints/fields/words';
import { refusalOf } from '../../refusalOf';
import { readerOf } from '../readerOf';

/** Every menu of every endpoint, with the field that it belongs to. */
const MENUS = Object.entries(ENDPOINTS).flatMap(([resource, { fields }]) =>
	fields.flatMap((field) =>
		field.properties
			.filter(({ type }) => type === 'options')
			.map(({ name, options }) => ({
				title: `${resource}: ${name}`,
				name,
				field,
				entries: options as INodePropertyOptions[],
			})),
	),
);
type Menu = (typeof MENUS)[number];

const URI = 'https://example.com/file';
const OTHERS = {
	customModel: 'ltx-9',
	...{ imageUri: URI, lastFrameUri: URI, audioUri: URI, videoUri: URI },
};

/** What a field puts into the request for a text in one of its menus. */
function read({ name, field }: Menu, text: unknown): Record<string, BodyValue> {
	const isCustomPlace = name === 'placement' && /custom/i.test(String(text));
	return field.read(
		readerOf({ ...OTHERS, ...(isCustomPlace && { placementX: 0.5 }), [name]: text }),
	);
}

const fieldOf = (resource: string, parameter: string): Field =>
	ENDPOINTS[resource].fields.find(({ properties }) =>
		properties.some(({ name }) => name === parameter),
	) as Field;

function resolutionOf(resource: string, text: string): unknown {
	const { resolution } = fieldOf(resource, 'resolution').read(readerOf({ resolution: text }));
	if (resolution?.is === 'plain') return resolution.value;
	if (resolution?.is !== 'sizeOfImage') return resolution;
	return resolution.isOrLandscape ? [resolution.landscape, resolution.portrait] : 'of the image';
}

/** The same words in another case, put together in another way. A dot after a number is part of it. */
const spelling = (text: string, isNumber: boolean) =>
	fc
		.tuple(
			fc.array(fc.boolean(), { minLength: text.length, maxLength: text.length }),
			fc.array(fc.constantFrom(' ', '-', '_', isNumber ? '' : '.', '  ', ' - ', '–'), {
				minLength: text.length,
				maxLength: text.length,
			}),
			fc.constantFrom('', ' ', '\n'),
		)
		.map(([isLarge, separators, around]) => {
			const letters = [...text].map((letter, index) => {
				if (/[\s._-]/.test(letter)) return separators[index];
				return isLarge[index] ? letter.toUpperCase() : letter.toLowerCase();
			});
			return `${around}${letters.join('')}${around}`;
		});

describe.each(MENUS.map((menu): [string, Menu] => [menu.title, menu]))('%s', (_title, menu) => {
	const called = ({ name, value }: INodePropertyOptions) => [name, String(value)];

	it('takes every name and value of its menu for what it is', () => {
		for (const entry of menu.entries) {
			const meant = read(menu, entry.value);
			const isNumber = typeof entry.value === 'number';
			for (const word of called(entry)) expect([word, read(menu, word)]).toEqual([word, meant]);
			fc.assert(
				fc.property(
					fc.constantFrom(...called(entry)).chain((word) => spelling(word, isNumber)),
					(word) => {
						expect([word, read(menu, word)]).toEqual([word, meant]);
					},
				),
				{ numRuns: 30 },
			);
		}
	});

	it('has no word for two things', () => {
		for (const entry of menu.entries) {
			for (const word of called(entry)) expect(entryCalled(menu.entries, word)).toBe(entry.value);
		}
	});
});

/** Choices that send a text as it is. */
const CHOICES = MENUS.filter(
	({ name, entries }) =>
		!/Source$/.test(name) && entries.every(({ value }) => typeof value === 'string'),
);
const SIZE_WORDS = [
	...['16:9', '9:16', '1:1', '4:5', '5:4', 'landscape', 'portrait', 'horizontal', 'vertical'],
	...['square', '720p', '1080p', '1440p', '2160p', 'HD', 'Full HD', '2K', 'QHD', '4K', 'UHD', '8K'],
	...['1920x1080', '1080×1920', '720 * 900', '1280 x 720', 'ultra', 'no', '16', '9', '1080', ''],
];
const anyText = fc.oneof(
	fc.string(),
	fc.string({ unit: 'grapheme' }),
	fc
		.array(fc.tuple(fc.constantFrom(...SIZE_WORDS), fc.constantFrom(' ', '-', ', ', '/', ' (')), {
			maxLength: 4,
		})
		.map((parts) => parts.flat().join('')),
);

it.each(CHOICES.map((menu): [string, Menu] => [menu.title, menu]))(
	'%s passes a text on as it is, or gives what LTX documents',
	(_title, menu) => {
		const documented = menu.field.properties.flatMap(({ options = [] }) =>
			options.flatMap((option) => ('value' in option ? [String(option.value)] : [])),
		);
		fc.assert(
			fc.property(
				anyText.filter((text) => text.trim() !== ''),
				(text) => {
					const [given] = Object.values(read(menu, text));
					// Automatic is not sent, a place is sent as an anchor.
					if (given === undefined) expect(text.trim().toLowerCase()).toMatch(/^auto/);
					else if (given.is === 'sizeOfImage') {
						expect(documented).toEqual(expect.arrayContaining([given.landscape, given.portrait]));
					} else {
						expect(given.is).toBe('plain');
						const { value } = given as { value: string | { anchor: string } };
						const sent = typeof value === 'string' ? value : value.anchor;
						expect([text.trim(), 'ltx-9', ...documented]).toContain(sent);
					}
				},
			),
			{ numRuns: 300 },
		);
	},
);

const QUALITIES = {
	720: ['720p', 'HD', 'hd'],
	1080: ['1080p', 'Full HD', 'full-hd', 'FullHD', '1080 P'],
	1440: ['1440p', '2K', 'QHD'],
	2160: ['2160p', '4K', 'UHD', '4 k'],
};
const LANDSCAPE = ['16:9', 'landscape', 'Horizontal', '16 : 9'];
const PORTRAIT = ['9:16', 'Portrait', 'VERTICAL'];
const CLIPS = ['imageToVideo', 'textToVideo', 'audioToVideo'];

describe.each(CLIPS)('the resolution of %s', (resource) => {
	const sizes = { 720: 1280, 1080: 1920, 1440: 2560, 2160: 3840 };
	const rows = Object.entries(QUALITIES).flatMap(([short, words]) =>
		words.map((word): [string, string, string] => {
			const long = sizes[Number(short) as keyof typeof sizes];
			return [word, `${long}x${short}`, `${short}x${long}`];
		}),
	);

	it.each(rows)('is known by the quality %s', (quality, landscape, portrait) => {
		expect(resolutionOf(resource, quality)).toEqual([landscape, portrait]);
		const shapes = [
			...LANDSCAPE.map((shape) => [shape, landscape]),
			...PORTRAIT.map((shape) => [shape, portrait]),
		];
		for (const [shape, size] of shapes) {
			for (const text of [`${shape} ${quality}`, `${quality}, ${shape}`, `${quality}_(${shape})`]) {
				expect([text, resolutionOf(resource, text)]).toEqual([text, size]);
			}
		}
	});

	it.each([
		...LANDSCAPE.map((shape) => [shape, '1920x1080']),
		...PORTRAIT.map((shape) => [shape, '1080x1920']),
		['1920×1080', '1920x1080'],
		['1920 x 1080', '1920x1080'],
		['1080*1920', '1080x1920'],
		[' 720X1280 ', '720x1280'],
		['4K UHD Portrait', '2160x3840'],
		['9:16 portrait, vertical', '1080x1920'],
		['1080p Landscape (1920x1080)', '1920x1080'],
		['4K / 3840 × 2160', '3840x2160'],
	])('takes %p for %p', (text, expected) => {
		expect(resolutionOf(resource, text)).toBe(expected);
	});

	it('follows the image where the menu has that, in words too', () => {
		const text = '720p, orientation-of-the image';
		expect(resolutionOf(resource, 'match720p')).toBe('of the image');
		expect(resolutionOf(resource, text)).toBe(resource === 'textToVideo' ? text : 'of the image');
	});

	it('says once what is said twice', () => {
		expect(resolutionOf(resource, '1080p Full HD')).toEqual(['1920x1080', '1080x1920']);
	});

	it.each([
		...['720p 4K', 'HD 1080p', 'portrait landscape', '9:16 landscape', '1920x1080 portrait'],
		...['720p (1920x1080)', 'Ultra HD', '8K', '480p', '1:1', 'square', '4:5', '16:10', '1080'],
		...['1024×1024', '9x16', '16/9', 'about 1080p', '1080p60', '1920x1080x2', '-', '( )', 'full'],
	])('passes on %p, which means nothing certain', (text) => {
		expect(resolutionOf(resource, text)).toBe(text);
	});
});

it.each([
	['9:16', '1080x1920'],
	['1080p', ['1920x1080', '1080x1920']],
	['Full HD vertical', '1080x1920'],
	['4K', '4K'],
	['portrait 720p', 'portrait 720p'],
])('the resolution of Retake takes %p for %p', (text, expected) => {
	expect(resolutionOf('retake', text)).toEqual(expected);
});

it.each([
	['1:1', '1080x1080'],
	['Square', '1080x1080'],
	['square 720p', '720x720'],
	['HD 1:1', '720x720'],
	['4:5', '1080x1350'],
	['4:5 720p', '720x900'],
	['Portrait 4:5', '1080x1350'],
	['5:4', '1350x1080'],
	['5:4 HD', '900x720'],
	['Landscape 5:4 720p', '900x720'],
	['9:16', '1080x1920'],
	['vertical', '1080x1920'],
	['portrait 720p', '720x1280'],
	['16:9 Full HD', '1920x1080'],
	['landscape', '1920x1080'],
	['720 × 900', '720x900'],
	['Story 9:16 (720x1280)', '720x1280'],
	['Portrait 4:5, Feed (1080x1350)', '1080x1350'],
	...[
		'1080p',
		'720p',
		'4K',
		'square 4K',
		'9:16 1440p',
		'square portrait',
		'4:5 landscape',
		'1x1',
	].map((text) => [text, text]),
])('the resolution of Reframe takes %p for %p', (text, expected) => {
	expect(resolutionOf('videoToVideoReframe', text)).toBe(expected);
});

it.each([
	['1080p', '1080p'],
	['Full HD', '1080p'],
	['4K', '4k'],
	['UHD 2160p', '4k'],
	['8 K', '8k'],
	['720p', '720p'],
	['portrait 4K', 'portrait 4K'],
])('a menu of qualities alone takes %p for %p', (text, value) => {
	const options = ['1080p', '4k', '8k'].map((quality) => ({
		name: quality.toUpperCase(),
		value: quality,
	}));
	const field = resolutionField({
		...{ displayName: 'Resolution', name: 'resolution', type: 'options' },
		...{ options, default: '4k' },
	});

	expect(field.read(readerOf({ resolution: text }))).toEqual({
		resolution: { is: 'plain', value },
	});
});

it('the words of a size mean the same in any order and number', () => {
	const sizes = TIERS.flatMap(({ landscape, portrait }) => [landscape, portrait]);
	const words = fc.array(fc.constantFrom(...SIZE_WORDS), { minLength: 1, maxLength: 5 });
	const shuffled = words.chain((said) =>
		fc.tuple(
			fc.constant(said),
			fc.shuffledSubarray([...said, ...said], { minLength: 2 * said.length }),
		),
	);
	fc.assert(
		fc.property(shuffled, ([said, again]) => {
			expect(sizesCalled(sizes, again.join(' | '))).toEqual(sizesCalled(sizes, said.join(' | ')));
		}),
	);
});

describe('a number', () => {
	const UNITS = { SECONDS, MINUTES, FRAMES_PER_SECOND };

	it('means itself with a unit of its own, and nothing with one of another', () => {
		const decimal = fc.oneof(
			fc.nat(),
			fc.nat(9_999).map((hundredths) => hundredths / 100),
		);
		const names = Object.keys(UNITS) as Array<keyof typeof UNITS>;
		const unit = fc
			.constantFrom(...names)
			.chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...UNITS[name])));
		fc.assert(
			fc.property(
				decimal,
				unit,
				fc.constantFrom('', ' ', '-', '  '),
				(number, [own, word], space) => {
					const text = `${number}${space}${word.toUpperCase()}`;
					for (const name of names) {
						expect([name, numberCalled(text, UNITS[name])]).toEqual([
							name,
							name === own ? number : NaN,
						]);
					}
				},
			),
		);
	});

	it.each<[string, string, string, unknown]>([
		['imageToVideo', 'duration', '8 Seconds', 8],
		['textToVideo', 'duration', '8s', 8],
		['textToVideo', 'duration', 'Automatic', null],
		['imageToVideo', 'fps', '24 fps', 24],
		['audioToVideo', 'fps', '50 frames per second', 50],
		['retake', 'duration', '2.5 sec', 2.5],
		['retake', 'startTime', '0 s', 0],
		['extend', 'duration', '5secs', 5],
		['extend', 'context', '3 seconds', 3],
	])('of %s for %s is read from %p as %p', (resource, parameter, text, value) => {
		const given = fieldOf(resource, parameter).read(readerOf({ [parameter]: text }));
		expect(Object.values(given)).toEqual([{ is: 'plain', value }]);
	});

	it.each([
		['imageToVideo', 'duration', '24 fps'],
		['imageToVideo', 'fps', '8s'],
		['extend', 'context', '3 frames'],
		['retake', 'startTime', '0:08'],
		['videoToVideoReframe', 'placementX', '1 s'],
	])('of %s for %s is not read from %p', (resource, parameter, text) => {
		const readIt = () => fieldOf(resource, parameter).read(readerOf({ [parameter]: text }));
		expect(refusalOf(readIt).message).toContain(`but is "${text}"`);
	});
});

it.each([
	['model', 'LTX 2.3 Fast', 'ltx-2-3-fast'],
	['model', 'ltx-2.3-fast', 'ltx-2-3-fast'],
	['model', 'Ltx2.5 pro', 'ltx-2-5-pro'],
	['model', 'ltx-23-fast', 'ltx-23-fast'],
	['model', 'LTX 3 Fast', 'LTX 3 Fast'],
	['cameraMotion', 'Dolly In', 'dolly_in'],
	['cameraMotion', 'dolly-in', 'dolly_in'],
	['cameraMotion', 'orbit', 'orbit'],
])('%s takes %p for %p', (parameter, text, value) => {
	const given = fieldOf('imageToVideo', parameter).read(readerOf({ [parameter]: text }));
	expect(Object.values(given)).toEqual([{ is: 'plain', value }]);
});

it('a word that two entries have means neither', () => {
	const menu = [
		{ name: 'Fast', value: 'a' },
		{ name: 'FAST', value: 'b' },
		{ name: 'a', value: 'c' },
	];

	expect(entryCalled(menu, 'fast')).toBeUndefined();
	expect(entryCalled(menu, 'A')).toBeUndefined();
	expect(entryCalled(menu, 'a')).toBe('a');
});
