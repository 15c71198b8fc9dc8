import { ALL_RESULTS, anyResult, urlsIn } from '../../../nodes/LtxVideo/media/resultFile';

const RESULT = {
	video_url: 'https://storage.example/a',
	matte: 'HTTP://storage.example/b',
	note: 'see https://storage.example/c',
	bucket: 's3://storage.example/d',
	frames: 96,
	empty: ' ',
	nested: { url: 'https://storage.example/e' },
};

it('finds every web address of a result, and nothing else', () => {
	expect([...urlsIn(RESULT, ALL_RESULTS)]).toEqual([
		['video_url', 'https://storage.example/a'],
		['matte', 'HTTP://storage.example/b'],
	]);
});

it.each([
	['video_url', 'https://storage.example/a'],
	['bucket', 's3://storage.example/d'],
	['frames', undefined],
	['empty', undefined],
	['missing', undefined],
	['constructor', undefined],
])('finds the one that is called %s', (key, url) => {
	expect([...urlsIn(RESULT, anyResult(key))]).toEqual(url === undefined ? [] : [[key, url]]);
});

it.each([undefined, null, 'https://storage.example/a', ['https://storage.example/a']])(
	'finds none in %j',
	(result) => {
		expect([...urlsIn(result, ALL_RESULTS)]).toEqual([]);
	},
);
