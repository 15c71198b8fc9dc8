import {
	ABOVE_FULL_HD,
	fullHdLandscape,
	fullHdMatch,
	tierOf,
} from '../../../../nodes/LtxVideo/endpoints/catalog/sizes';
import {
	matchImage,
	MATCHING_OPTIONS,
	sizeOptions,
} from '../../../../nodes/LtxVideo/endpoints/fields/resolution';

const SIZES = [
	['720p', '1280x720', '720x1280', 'match720p'],
	['1080p', '1920x1080', '1080x1920', 'match1080p'],
	['1440p', '2560x1440', '1440x2560', 'match1440p'],
	['4K', '3840x2160', '2160x3840', 'match2160p'],
];

it.each(SIZES)(
	'%s is known by its sizes and follows an image',
	(name, landscape, portrait, match) => {
		expect(tierOf(landscape)).toMatchObject({ name });
		expect(tierOf(portrait)).toMatchObject({ name });
		expect(tierOf(match)).toBeUndefined();
		expect(matchImage(match)).toEqual({
			is: 'sizeOfImage',
			imageField: 'image_uri',
			landscape,
			portrait,
		});
		expect(matchImage(landscape)).toBeUndefined();
	},
);

it.each<unknown>(['1080p', '1920X1080', '', null, undefined, 1080])('%p is no size', (value) => {
	expect(tierOf(value)).toBeUndefined();
});

it('offers every size in both orientations, and one that follows the image', () => {
	expect(sizeOptions().map(({ value }) => value)).toEqual(
		SIZES.flatMap(([, landscape, portrait]) => [landscape, portrait]),
	);
	expect(sizeOptions()[0].name).toBe('720p Landscape (1280x720)');
	expect(MATCHING_OPTIONS.map(({ value }) => value)).toEqual(SIZES.map(([, , , match]) => match));
});

it('knows what is above Full HD', () => {
	expect([fullHdLandscape, fullHdMatch]).toEqual(['1920x1080', 'match1080p']);
	expect(ABOVE_FULL_HD).toEqual(SIZES.slice(2).flatMap(([, ...values]) => values));
});
