import { Readable } from 'node:stream';

import { Deadline } from '../../../nodes/LtxVideo/api/deadline';
import type { Job } from '../../../nodes/LtxVideo/api/job';
import { ENDPOINTS } from '../../../nodes/LtxVideo/endpoints';
import { ALL_RESULTS } from '../../../nodes/LtxVideo/media/resultFile';
import type { Item } from '../../../nodes/LtxVideo/operations/item';
import { fetchResult } from '../../../nodes/LtxVideo/operations/result';
import { createFakeClock } from '../fakeClock';

const urlOf = (name: string) => `https://storage.example/${name}`;

/** A storage that gives PNG images, whose addresses are all of a job's result. */
function setUp(result: unknown, statusOf: (url: string) => number = () => 200) {
	const clock = createFakeClock();
	const asked: string[] = [];
	const item = {
		clock,
		stop: new AbortController().signal,
		endpoint: { ...ENDPOINTS.textToVideo, result: ALL_RESULTS },
		helpers: {
			async httpRequest({ url }: { url: string }) {
				asked.push(url);
				const body = Readable.from([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')]);
				return { statusCode: statusOf(url), headers: {}, body };
			},
			prepareBinaryData: async (_content: unknown, fileName: string) => ({ data: 'AA', fileName }),
		},
	} as unknown as Item;
	const job: Job = { id: 'job-1', status: 'completed', result };
	const fetchInto = async (target: object, getJob = async () => job) => {
		const deadline = Deadline.in(600_000, clock);
		const lastTry = () => Deadline.in(60_000, clock);
		const binary = await fetchResult(item, job, target, { deadline, lastTry, getJob });
		return Object.fromEntries(Object.entries(binary).map(([key, file]) => [key, file.fileName]));
	};
	return { asked, fetchInto };
}

it('puts each file into a field of its own, one after another', async () => {
	const { asked, fetchInto } = setUp({ video_url: urlOf('a'), n: 1, matte: urlOf('b') });

	expect(await fetchInto({})).toEqual({ video: 'job-1-video.png', matte: 'job-1-matte.png' });
	expect(asked).toEqual([urlOf('a'), urlOf('b')]);
});

it('puts the names that the user wants before those of the files', async () => {
	const { fetchInto } = setUp({ video_url: urlOf('a') });

	expect(await fetchInto({ binaryProperty: 'cut', fileName: 'logo' })).toEqual({
		cut_video: 'logo-cut_video.png',
	});
});

it.each<[string[], string[]]>([
	[
		['a', 'a_url', 'a_2'],
		['a', 'a_2', 'a_2_2'],
	],
	[
		['a.b', 'a,b', 'a b', 'größe_url'],
		['a_b', 'a_b_2', 'a_b_3', 'größe'],
	],
	[
		['', '_url', '__proto__', '__proto___url', 'constructor'],
		['file', 'file_2', 'file_3', 'file_4', 'constructor'],
	],
])('loses no file of those that are called %j', async (labels, fields) => {
	// As an answer of LTX is read.
	const pairs = labels.map((label) => `${JSON.stringify(label)}: ${JSON.stringify(urlOf('a'))}`);
	const { fetchInto } = setUp(JSON.parse(`{${pairs.join(', ')}}`));

	expect(Object.keys(await fetchInto({}))).toEqual(fields);
});

it('looks once for a fresh address that is refused, and takes those of the others along', async () => {
	const fresh = {
		id: 'job-1',
		status: 'completed',
		result: { b_url: urlOf('b2'), c: urlOf('c2') },
	};
	const getJob = jest.fn(async () => fresh);
	const { asked, fetchInto } = setUp(
		{ a: urlOf('a'), b_url: urlOf('b'), c: urlOf('c'), d: urlOf('d') },
		(url) => (url === urlOf('b') ? 403 : 200),
	);

	expect(Object.keys(await fetchInto({}, getJob))).toEqual(['a', 'b', 'c', 'd']);
	expect(asked).toEqual(['a', 'b', 'b2', 'c2', 'd'].map(urlOf));
	expect(getJob).toHaveBeenCalledTimes(1);
});

it('tells the address of the file that cannot be had', async () => {
	const { asked, fetchInto } = setUp({ a: urlOf('a'), b: urlOf('b'), c: urlOf('c') }, (url) =>
		url === urlOf('b') ? 451 : 200,
	);

	await expect(fetchInto({})).rejects.toMatchObject({
		type: 'download_failed',
		jobId: 'job-1',
		videoUrl: urlOf('b'),
	});
	expect(asked).toEqual(['a', 'b'].map(urlOf));
});
