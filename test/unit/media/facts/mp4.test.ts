import { readFileSync } from 'node:fs';

import { readMediaFacts } from '../../../../nodes/LtxVideo/media/facts/facts';
import type { MediaFacts } from '../../../../nodes/LtxVideo/media/facts/mediaFile';
import { SAMPLE_VIDEO } from '../../../../tools/ltx-server/LtxServer';
import { movieOf } from '../../../../tools/samples/movie';
import { sample } from '../../../../tools/samples/samples';
import { box, boxesOf, changed, u32, withHeader } from './boxes';
import { readFacts, readHead } from './readFacts';

const readMp4 = async (bytes: Buffer, headBytes?: number): Promise<MediaFacts> =>
	await readFacts('video/mp4', bytes, headBytes);

it.each([1, 7, 64, 1000, 1 << 20])('reads a header behind a head of %i bytes', async (size) => {
	const movie = movieOf({ seconds: 2.5, frames: 60, contentBytes: 500 });
	expect(await readMp4(movie, size)).toEqual({
		seconds: 2.5,
		framesPerSecond: 24,
		pixels: 1920 * 1080,
		hasPicture: true,
	});
});

it('reads a header of 64-bit times behind a long box', async () => {
	const movie = movieOf({ seconds: 61, frames: 1464, isLong: true, contentBytes: 100_000 });
	expect(await readMp4(movie, 4096)).toMatchObject({
		seconds: 61,
		framesPerSecond: 24,
	});
});

const BOTH_VERSIONS = [
	{ version: 0, isLong: false },
	{ version: 1, isLong: true },
];

describe.each(BOTH_VERSIONS)('a header with times of version $version', ({ version, isLong }) => {
	// Times of making and of change, which come before all that is read.
	const fill = (movie: Buffer, type: string) =>
		changed(movie, type, 4, Buffer.alloc(isLong ? 16 : 8, 0xa5));

	it('gives length and size', async () => {
		const movie = movieOf({ seconds: 61, frames: 1464, width: 1280, height: 720, isLong });

		expect(await readMp4(fill(fill(movie, 'mvhd'), 'tkhd'))).toEqual({
			seconds: 61,
			framesPerSecond: 24,
			pixels: 1280 * 720,
			hasPicture: true,
		});
	});

	it('is as long as its longest track, whatever it says of itself', async () => {
		const movie = changed(movieOf({ isLong }), 'mvhd', version === 1 ? 28 : 16, u32(1000));

		expect(await readMp4(movie)).toMatchObject({ seconds: 4, framesPerSecond: 24 });
	});

	it('counts no track whose length is not known', async () => {
		const ones = Buffer.alloc(isLong ? 8 : 4, 0xff);
		const movie = changed(movieOf({ isLong }), 'tkhd', version === 1 ? 28 : 20, ones);

		expect(await readMp4(movie)).toMatchObject({ seconds: 4 });
	});

	it.each([
		['of all ones', Buffer.alloc(isLong ? 8 : 4, 0xff)],
		['of nothing', Buffer.alloc(isLong ? 8 : 4)],
	])('gives no length where it is one %s', async (_what, length) => {
		const movie = changed(movieOf({ isLong }), 'mvhd', version === 1 ? 24 : 16, length);

		expect(await readMp4(movie)).toMatchObject({ seconds: undefined, pixels: 1920 * 1080 });
	});

	it('gives no length where its unit is nothing', async () => {
		const movie = changed(movieOf({ isLong }), 'mvhd', version === 1 ? 20 : 12, u32(0));

		expect(await readMp4(movie)).toMatchObject({ seconds: undefined, pixels: 1920 * 1080 });
	});
});

it('gives no length of a file in fragments, whose header has that of the first part', async () => {
	const movie = withHeader(movieOf(), (boxes) => [...boxes, box('mvex', box('trex', u32(0)))]);

	expect(await readMp4(movie)).toMatchObject({ seconds: undefined, pixels: 1920 * 1080 });
});

describe('a file in fragments', () => {
	const fragmented = (...boxes: Buffer[]) =>
		withHeader(movieOf(), (others) => [...others, box('mvex', ...boxes)]);

	it.each([
		['tells its length in its header', box('mehd', u32(0, 9_000)), 9],
		['tells it in 64 bits', box('mehd', u32(1 << 24, 0, 9_000)), 9],
		['tells more than there is', box('mehd', u32(0, 90_000)), undefined],
		['tells nothing', box('mehd', u32(0, 0)), undefined],
		['tells that it is not known', box('mehd', u32(0, 0xffffffff)), undefined],
		['tells 2^63', box('mehd', u32(1 << 24, 0x80000000, 0)), undefined],
		['is cut off', box('mehd', u32(1 << 24, 0)), undefined],
	])('%s', async (_what, mehd, seconds) => {
		expect((await readMp4(fragmented(mehd))).seconds).toBe(seconds);
	});

	/** An index of fragments of 100 bytes and a second each. */
	const indexOf = (fragments: number, isLong = false) =>
		box(
			'sidx',
			u32(isLong ? 1 << 24 : 0, 1, 600, ...(isLong ? [0, 0, 0, 0] : [0, 0]), fragments),
			...Array.from({ length: fragments }, () => u32(100, 600, 0x90000000)),
		);
	const fragment = box('moof', Buffer.alloc(92));
	const fragments = (count: number) => Array.from({ length: count }, () => fragment);
	const header = fragmented(box('trex', u32(0)));

	it.each([
		['all of it', [indexOf(200), ...fragments(200)], 200],
		['all of it, in long numbers', [indexOf(200, true), ...fragments(200)], 200],
		['all of it, once for each track', [indexOf(9), indexOf(200), ...fragments(200)], 200],
		['a part of it', [indexOf(9), ...fragments(9), indexOf(9), ...fragments(9)], undefined],
		['nothing', fragments(200), undefined],
	])('has the length of an index of %s', async (_what, parts, seconds) => {
		expect((await readMp4(Buffer.concat([header, ...parts]))).seconds).toBe(seconds);
	});

	it('of a real encoder has a length where it has an index', async () => {
		const picture = { hasPicture: true, pixels: 16 * 16 };

		expect(await readMp4(sample('video-indexed.mp4'))).toEqual({ seconds: 4, ...picture });
		expect(await readMp4(sample('video-fragmented.mp4'))).toEqual(picture);
	});
});

describe('a track that is neither picture nor sound', () => {
	const [, , picture] = boxesOf(movieOf({ seconds: 6 }), 'moov');
	const [mvhd, sound, other] = boxesOf(movieOf({ seconds: 20 }), 'moov');
	const as = (kind: string) => changed(other, 'hdlr', 8, Buffer.from(kind));
	const read = async (...tracks: Buffer[]) =>
		await readMp4(withHeader(movieOf(), () => [mvhd, ...tracks]));

	it.each(['sbtl', 'text', 'meta', 'tmcd', 'subt'])('is no length (%s)', async (kind) => {
		expect(await read(picture, as(kind))).toMatchObject({ seconds: 6, framesPerSecond: 16 });
		expect(await read(picture, as(kind), sound)).toMatchObject({ seconds: 20 });
	});

	it('gives the length where there is no other, and is no sound', async () => {
		expect(await read(as('text'))).toEqual({ seconds: 20 });
	});
});

describe('a cover, which is a track of one frame,', () => {
	const [, , cover] = boxesOf(movieOf({ frames: 1, width: 600, height: 500 }), 'moov');

	it('is not taken for the film that it stands before', async () => {
		const movie = withHeader(movieOf(), ([mvhd, ...tracks]) => [mvhd, cover, ...tracks]);

		expect(await readMp4(movie)).toMatchObject({ framesPerSecond: 24, pixels: 1920 * 1080 });
	});

	it('is a picture where there is no sound', async () => {
		const still = withHeader(movieOf(), ([mvhd]) => [mvhd, cover]);

		expect(await readMp4(still)).toMatchObject({ hasPicture: true, pixels: 600 * 500 });
	});

	it('makes no picture of a sound', async () => {
		const song = withHeader(movieOf(), ([mvhd, sound]) => [mvhd, sound, cover]);

		expect(await readMp4(song)).toEqual({ seconds: 4, hasPicture: false });
	});

	it('is not taken for the film by its number of frames', async () => {
		const [, , longer] = boxesOf(movieOf({ frames: 500, width: 640 }), 'moov');
		const movie = withHeader(movieOf(), (boxes) => [...boxes, longer]);

		expect(await readMp4(movie)).toMatchObject({
			framesPerSecond: 125,
			pixels: 640 * 1080,
		});
	});
});

it('gives a length where there are no tracks, and does not guess what the file is', async () => {
	const movie = withHeader(movieOf(), ([mvhd]) => [mvhd]);

	expect(await readMp4(movie)).toEqual({ seconds: 4 });
});

it('tells the frame rate of all that is stored, also where only a part of it is shown', async () => {
	// As of a video that was cut without being encoded anew.
	const part = changed(movieOf({ seconds: 35, frames: 840 }), 'mvhd', 16, u32(5_000));
	const cut = changed(part, 'tkhd', 20, u32(5_000));

	expect(await readMp4(cut)).toMatchObject({ seconds: 5, framesPerSecond: 24 });
});

it('takes the frame rate from the length of the file where the track tells none', async () => {
	expect(await readMp4(changed(movieOf(), 'mdhd', 16, u32(0)))).toMatchObject({
		framesPerSecond: 24,
	});
});

it.each<[string, string, object]>([
	['mvhd', 'length', { pixels: 1920 * 1080 }],
	['tkhd', 'length of its tracks', { seconds: 4, framesPerSecond: 24, pixels: 1920 * 1080 }],
	['mdhd', 'frame rate', { seconds: 4, framesPerSecond: 24, pixels: 1920 * 1080 }],
	['stsd', 'kind of picture', { seconds: 4, framesPerSecond: 24, pixels: 1920 * 1080 }],
])('tells the rest of a file whose %s is too short to hold its %s', async (type, _what, rest) => {
	// The rest of the box becomes one that says nothing.
	const movie = movieOf();
	const copy = Buffer.from(movie);
	for (let at = copy.indexOf(type); at >= 0; at = copy.indexOf(type, at + 1)) {
		const length = copy.readUInt32BE(at - 4);
		copy.writeUInt32BE(12, at - 4);
		copy.writeUInt32BE(length - 12, at + 8);
		copy.write('free', at + 12, 'latin1');
	}

	expect(await readMp4(copy)).toMatchObject(rest);
});

it('counts the pixels that are stored or shown, whichever are more', async () => {
	const one = 65_536;
	const shown = (width: number, height: number) => u32(width * one, height * one);

	for (const [size, pixels] of [
		[shown(960, 1080), 1920 * 1080],
		[shown(0, 0), 1920 * 1080],
		[shown(3840, 1080), 3840 * 1080],
	] as const) {
		expect(await readMp4(changed(movieOf(), 'tkhd', 76, size))).toMatchObject({ pixels });
	}
	const unknown = movieOf({ width: 0, height: 0 });
	expect(await readMp4(unknown)).not.toHaveProperty('pixels');
});

it('reads on once, and not at all where that is of no use', async () => {
	const reads: number[] = [];
	const read = async (bytes: Buffer) =>
		await readMediaFacts('video/mp4', {
			sizeBytes: bytes.length,
			head: bytes.subarray(0, 64),
			async readOn(start, length) {
				reads.push(start);
				return bytes.subarray(start, start + length);
			},
		});
	const room = box('free', Buffer.alloc(8 * 1024 * 1024));

	expect(await read(movieOf({ contentBytes: 500 }))).toMatchObject({ seconds: 4 });
	expect(await read(Buffer.concat([room, room, room, movieOf()]))).toEqual({});
	expect(reads).toHaveLength(2);
	await read(Buffer.concat([movieOf().subarray(0, 24), Buffer.alloc(500)]));
	await read(box('free', Buffer.alloc(500)));
	expect(reads).toHaveLength(2);
});

it('knows nothing of a header behind what is read', async () => {
	expect(await readHead('video/mp4', movieOf({ contentBytes: 500 }), 400)).toEqual({});
});

it.each(['free', 'skip', 'wide'])('reads a MOV that begins with %s', async (type) => {
	const [ftyp] = boxesOf(movieOf());
	for (const room of [0, 1, 8, 5_000]) {
		const mov = Buffer.concat([box(type, Buffer.alloc(room)), movieOf().subarray(ftyp.length)]);
		expect(await readMp4(mov, 64)).toMatchObject({
			seconds: 4,
			framesPerSecond: 24,
		});
	}
});

it('reads a header that stands before the content as well', async () => {
	const [ftyp, mdat, moov] = boxesOf(movieOf({ contentBytes: 5_000 }));
	const movie = Buffer.concat([ftyp, moov, mdat]);

	for (const size of [1, 64, 100_000]) {
		expect(await readMp4(movie, size)).toMatchObject({
			seconds: 4,
			framesPerSecond: 24,
		});
	}
});

it('knows nothing of a header that is too large to be one', async () => {
	const room = box('free', Buffer.alloc(8 * 1024 * 1024));

	expect(await readMp4(withHeader(movieOf(), (boxes) => [...boxes, room]))).toEqual({});
});

it.each<[string, (boxes: Buffer) => Buffer]>([
	['a file', (boxes) => boxes],
	['a header', (boxes) => withHeader(movieOf(), () => [boxes])],
])('reads %s of a hundred thousand tiny boxes at once', async (_what, fileOf) => {
	const file = fileOf(Buffer.concat(Array<Buffer>(100_000).fill(box('free'))));
	const startMs = performance.now();
	await readMp4(file);

	// Many times as long if each box cost time in proportion to all.
	expect(performance.now() - startMs).toBeLessThan(2_000);
});

it('reads the files of real encoders, with the header before and behind the content', async () => {
	const video = await readMp4(readFileSync(SAMPLE_VIDEO));
	expect(video).toMatchObject({ framesPerSecond: 24, pixels: 640 * 360 });
	expect(video.seconds).toBeCloseTo(6, 1);
	expect(await readMp4(sample('video.mov'))).toEqual({
		seconds: 3.5,
		framesPerSecond: 24,
		pixels: 64 * 36,
		hasPicture: true,
	});
	const sound = await readMp4(sample('sound.m4a'));
	expect(sound.seconds).toBeCloseTo(0.3, 1);
	expect(sound.hasPicture).toBe(false);
	expect(sound.framesPerSecond).toBeUndefined();
});

it('knows nothing of a file in fragments, whose header has no lengths', async () => {
	const facts = await readMp4(movieOf({ seconds: 0, frames: 0 }));
	expect(facts.seconds).toBeUndefined();
	expect(facts.framesPerSecond).toBeUndefined();
});

it.each<[string, Buffer]>([
	['another kind', sample('video.mkv')],
	['no bytes', Buffer.alloc(0)],
	['no header', movieOf().subarray(0, 40)],
	['half a header', movieOf().subarray(0, -100)],
	['a box without an end', Buffer.concat([movieOf().subarray(0, 24), Buffer.alloc(64)])],
])('knows nothing of a file with %s', async (_name, bytes) => {
	expect(await readMp4(bytes, 50)).toEqual({});
});

it('never fails, wherever a file is cut or changed', async () => {
	const movie = movieOf({ contentBytes: 20 });
	for (let index = 0; index < movie.length; index++) {
		const changed = Buffer.from(movie);
		changed[index] ^= 0xff;
		await expect(readMp4(changed)).resolves.toBeDefined();
		await expect(readMp4(movie.subarray(0, index))).resolves.toBeDefined();
	}
});
