import { ENDPOINTS } from '../../../../nodes/LtxVideo/endpoints';
import type { Price } from '../../../../nodes/LtxVideo/endpoints/catalog/prices';
import type { MediaFacts } from '../../../../nodes/LtxVideo/media/facts/mediaFile';

type Body = Record<string, unknown>;

/** @param files what is known of the item's files, by API field */
async function priceOf(
	resource: string,
	body: Body,
	files: Record<string, MediaFacts> = {},
): Promise<Price> {
	const factsOf = (apiName: string) => files[apiName] ?? {};
	return await ENDPOINTS[resource].price({ body, factsOf });
}

const exactly = (usd: number) => ({ usd, isExact: true });
const atMost = (usd: number) => ({ usd, isExact: false });
const unknown = (words: string) => ({ unknown: expect.stringContaining(words) as unknown });

/** 720p, 1080p, 1440p, 4K. */
const SIZES = [
	['1280x720', '720x1280'],
	['1920x1080', '1080x1920'],
	['2560x1440', '1440x2560'],
	['3840x2160', '2160x3840'],
];
const PER_SECOND: Record<string, number[]> = {
	'ltx-2-3-fast': [0.03, 0.06, 0.12, 0.24],
	'ltx-2-3-pro': [0.04, 0.08, 0.16, 0.32],
	'ltx-2-5-fast': [0.09, 0.13, 0.19, 0.3],
	'ltx-2-5-pro': [0.12, 0.17, 0.25, 0.39],
};

/** Every model at every size. */
const rowsOf = (table: Record<string, number[]>) =>
	Object.entries(table).flatMap(([model, row]) =>
		SIZES.flatMap((sizes, tier) =>
			sizes.map((resolution) => ({ model, resolution, usdPerSecond: row[tier] })),
		),
	);

describe.each(['imageToVideo', 'textToVideo'])('%s', (resource) => {
	it.each(rowsOf(PER_SECOND))(
		'costs $usdPerSecond for each second with $model at $resolution',
		async ({ model, resolution, usdPerSecond }) => {
			const price = await priceOf(resource, { model, resolution, duration: 7 });

			expect(price).toEqual({ usd: expect.closeTo(usdPerSecond * 7) as unknown, isExact: true });
		},
	);

	it.each([
		['ltx-2-5-fast', '1920x1080', undefined, 20 * 0.13],
		['ltx-2-5-fast', '1920x1080', 24, 20 * 0.13],
		['ltx-2-5-fast', '1920x1080', 25, 20 * 0.13],
		['ltx-2-5-fast', '720x1280', 25, 20 * 0.09],
		['ltx-2-5-fast', '1920x1080', 48, 10 * 0.13],
		['ltx-2-5-fast', '2560x1440', 24, 10 * 0.19],
		['ltx-2-5-fast', '2160x3840', undefined, 10 * 0.3],
		['ltx-2-5-pro', '1920x1080', 24, 10 * 0.17],
		['ltx-2-3-fast', '1920x1080', 24, 20 * 0.06],
	])(
		'costs at most its longest documented length if that is automatic: %s %s %p',
		async (model, resolution, fps, usd) => {
			expect(await priceOf(resource, { model, resolution, duration: null, fps })).toEqual({
				usd: expect.closeTo(usd) as unknown,
				isExact: false,
			});
		},
	);

	it.each<[string, Body, string]>([
		['a model', { model: 'ltx-9' }, 'Model "ltx-9"'],
		['a removed model', { model: 'ltx-2-pro' }, 'Model "ltx-2-pro"'],
		['a size', { resolution: '640x360' }, 'Resolution "640x360"'],
		['a shape', { resolution: '1080x1080', duration: null }, 'Resolution "1080x1080"'],
	])('has no known price for %s that is not listed', async (_what, other, words) => {
		const body = { model: 'ltx-2-3-fast', resolution: '1280x720', duration: 6, ...other };

		expect(await priceOf(resource, body)).toEqual(unknown(`${words} has no known price`));
	});
});

describe('audioToVideo', () => {
	const rows = rowsOf({ ...PER_SECOND, 'ltx-2-3-pro': [0.06, 0.1, 0.18, 0.34] });

	it.each(rows.filter(({ model }) => model !== 'ltx-2-3-fast'))(
		'costs $usdPerSecond for each second of sound with $model at $resolution',
		async ({ model, resolution, usdPerSecond }) => {
			const price = await priceOf(
				'audioToVideo',
				{ model, resolution },
				{ audio_uri: { seconds: 7 } },
			);

			expect(price).toEqual({ usd: expect.closeTo(usdPerSecond * 7) as unknown, isExact: true });
		},
	);

	it.each<[string, Body, Record<string, MediaFacts>, Price | object]>([
		['2.3 Pro at 1080p where nothing is named', {}, { audio_uri: { seconds: 3 } }, exactly(0.3)],
		['twenty seconds where the length is not known', {}, {}, atMost(2)],
		['nothing of a 2.3 Fast', { model: 'ltx-2-3-fast' }, {}, unknown('Model "ltx-2-3-fast"')],
		['nothing of another size', { resolution: '9x16' }, {}, unknown('Resolution "9x16"')],
	])('counts %s', async (_what, body, files, price) => {
		expect(await priceOf('audioToVideo', body, files)).toEqual(price);
	});
});

const AT_24 = { seconds: 10, framesPerSecond: 24 };
const FILM = { seconds: 10, framesPerSecond: 23.976 };
const FAST = { seconds: 60, framesPerSecond: 50 };
const AT_15 = { seconds: 60, framesPerSecond: 15 };
const SLOW = { seconds: 60, framesPerSecond: 10 };

const EDITS: Array<[string, string, Body, MediaFacts, Price | object]> = [
	['retake', 'the whole video', { duration: 2 }, { seconds: 12.5 }, exactly(1.25)],
	['retake', 'its own model', { model: 'ltx-2-3-pro' }, { seconds: 1 }, exactly(0.1)],
	['retake', 'a portrait', { resolution: '1080x1920' }, { seconds: 1 }, exactly(0.1)],
	['retake', 'another size', { resolution: '1280x720' }, AT_24, unknown('Resolution "1280x720"')],
	['retake', 'another model', { model: 'ltx-2-5-pro' }, AT_24, unknown('Model "ltx-2-5-pro"')],
	['extend', 'duration and context', { duration: 5, context: 3 }, {}, exactly(0.8)],
	['extend', 'both of a long video', { duration: 5, context: 3 }, AT_24, exactly(0.8)],
	['extend', 'a short video, all of it', { duration: 5 }, AT_24, exactly(1.5)],
	[
		'extend',
		'505 frames at 24',
		{ duration: 15 },
		{ seconds: 60, framesPerSecond: 24 },
		exactly(2.1042),
	],
	['extend', '505 frames at 50', { duration: 5 }, FAST, exactly(1.01)],
	['extend', '505 frames of film', { duration: 15 }, FILM, exactly(2.1063)],
	['extend', 'no less than what is added', { duration: 12 }, FAST, exactly(1.2)],
	['extend', '20 seconds of context at most', { duration: 5 }, SLOW, exactly(2.5)],
	['extend', '505 frames at 15', { duration: 20 }, AT_15, exactly(3.3667)],
	['extend', 'a video by URL', { duration: 5 }, {}, atMost(2.5)],
	['extend', 'a long part of one by URL', { duration: 22 }, {}, atMost(4.2)],
	['extend', 'a short one of any frame rate', { duration: 5 }, { seconds: 7 }, atMost(1.2)],
	['extend', 'a long one of any frame rate', { duration: 15 }, { seconds: 60 }, atMost(3.5)],
	['extend', 'any length at 24', { duration: 15 }, { framesPerSecond: 24 }, atMost(2.1042)],
	['extend', 'any length at 10', { duration: 15 }, { framesPerSecond: 10 }, atMost(3.5)],
	['extend', 'another model', { duration: 5, model: 'ltx-9' }, AT_24, unknown('Model "ltx-9"')],
	['videoToVideoHdr', '720p', {}, { ...AT_24, pixels: 1280 * 720 }, exactly(2)],
	['videoToVideoHdr', '1080p', {}, { ...AT_24, pixels: 1920 * 1080 }, exactly(2)],
	['videoToVideoHdr', 'a portrait', {}, { ...AT_24, pixels: 1080 * 1920 }, exactly(2)],
	['videoToVideoHdr', 'more than 1080p', {}, { ...AT_24, pixels: 1921 * 1080 }, exactly(4)],
	['videoToVideoHdr', '1440p', {}, { ...AT_24, pixels: 2560 * 1440 }, exactly(4)],
	['videoToVideoHdr', '4K', {}, { ...AT_24, pixels: 3840 * 2160 }, exactly(8)],
	['videoToVideoHdr', 'more than 4K', {}, { seconds: 1, pixels: 8000 * 6000 }, exactly(0.8)],
	['videoToVideoHdr', 'any size as the dearest', {}, { seconds: 10 }, atMost(8)],
	['videoToVideoReframe', 'a small square', { resolution: '720x720' }, AT_24, exactly(1)],
	['videoToVideoReframe', 'a small story', { resolution: '720x1280' }, AT_24, exactly(1)],
	['videoToVideoReframe', 'a large square', { resolution: '1080x1080' }, AT_24, exactly(2)],
	['videoToVideoReframe', 'a large feed', { resolution: '1080x1350' }, AT_24, exactly(2)],
	['videoToVideoReframe', 'a minute by URL', { resolution: '900x720' }, {}, atMost(6)],
	['videoToVideoReframe', 'a large one by URL', { resolution: '1350x1080' }, {}, atMost(12)],
	[
		'videoToVideoReframe',
		'another shape',
		{ resolution: '9x16' },
		AT_24,
		unknown('Resolution "9x16"'),
	],
	['otherEndpoint', 'nothing', {}, AT_24, unknown('has no known price')],
];

it.each(EDITS)('%s counts %s', async (resource, _what, body, video_uri, price) => {
	expect(await priceOf(resource, body, { video_uri })).toEqual(price);
});

const URI = 'https://example.com/a.mp4';

it.each<[string, Body, MediaFacts, RegExp, RegExp]>([
	['retake', { video_uri: URI }, {}, /by URL, whose length /, /as a binary file/],
	['retake', {}, {}, /whose length cannot be read has/, /not in fragments/],
	['videoToVideoHdr', { video_uri: URI }, {}, /by URL, whose length and size/, /as a binary file/],
	['videoToVideoHdr', {}, {}, /whose length and size cannot be read has/, /not in fragments/],
	['videoToVideoHdr', {}, { pixels: 9 }, /whose length and size cannot/, /not in fragments/],
])('%s has no known price with %j and %j, and says what helps', async (...row) => {
	const [resource, body, video_uri, words, advice] = row;

	expect(await priceOf(resource, body, { video_uri })).toEqual({
		unknown: expect.stringMatching(words) as unknown,
		advice: expect.stringMatching(advice) as unknown,
	});
});

describe('at most', () => {
	const RATES = [1, 5, 10, 12, 15, 23.976, 24, 25, 29.97, 30, 50, 59.94, 60, 120];
	const LENGTHS = [0.5, 3, 7, 13.3, 20, 21, 60, 600];

	/** The dollars of a known price. */
	async function usdOf(resource: string, body: Body, video_uri: MediaFacts): Promise<number> {
		const price = await priceOf(resource, body, { video_uri });
		return 'usd' in price ? price.usd : NaN;
	}

	it.each([2, 5, 12, 20])(
		'holds for Extend by %i s at any length and frame rate',
		async (duration) => {
			for (const seconds of LENGTHS) {
				for (const framesPerSecond of RATES) {
					const real = await usdOf('extend', { duration }, { seconds, framesPerSecond });
					for (const known of [{}, { seconds }, { framesPerSecond }]) {
						expect(await usdOf('extend', { duration }, known)).toBeGreaterThanOrEqual(real);
					}
				}
			}
		},
	);

	it('holds for HDR at any size', async () => {
		const most = await usdOf('videoToVideoHdr', {}, { seconds: 5 });
		for (const pixels of [1, 1920 * 1080, 2560 * 1440, 3840 * 2160]) {
			expect(most).toBeGreaterThanOrEqual(
				await usdOf('videoToVideoHdr', {}, { seconds: 5, pixels }),
			);
		}
	});
});
