import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';

import { readMediaFacts } from '../../../nodes/LtxVideo/media/movieHeader';
import { movieOf } from '../../../tools/samples/movie';
import { sample } from '../../../tools/samples/samples';
import { SAMPLE_VIDEO } from '../../../tools/ltx-server/LtxServer';
import { readFileSync } from 'node:fs';
import { box, boxesOf, changed, u32, withHeader } from './boxes';

/** The file in pieces of this many bytes, as a disk gives it. */
function inPieces(bytes: Buffer, size: number): Readable {
	const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
		bytes.subarray(index * size, (index + 1) * size),
	);
	return Readable.from(pieces);
}

it.each([1, 7, 64, 1000, 1 << 20])('reads a header in pieces of %i bytes', async (size) => {
	const movie = movieOf({ seconds: 2.5, frames: 60, contentBytes: 500 });
	expect(await readMediaFacts(inPieces(movie, size))).toEqual({
		seconds: 2.5,
		framesPerSecond: 24,
		pixels: 1920 * 1080,
		hasPicture: true,
	});
});

it('reads a header of 64-bit times behind a long box', async () => {
	const movie = movieOf({ seconds: 61, frames: 1464, isLong: true, contentBytes: 100_000 });
	expect(await readMediaFacts(inPieces(movie, 4096))).toMatchObject({
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

		expect(await readMediaFacts(fill(fill(movie, 'mvhd'), 'tkhd'))).toEqual({
			seconds: 61,
			framesPerSecond: 24,
			pixels: 1280 * 720,
			hasPicture: true,
		});
	});

	it('is as long as its longest track, whatever it says of itself', async () => {
		const movie = changed(movieOf({ isLong }), 'mvhd', version === 1 ? 28 : 16, u32(1000));

		expect(await readMediaFacts(movie)).toMatchObject({ seconds: 4, framesPerSecond: 24 });
	});

	it('counts no track whose length is not known', async () => {
		const ones = Buffer.alloc(isLong ? 8 : 4, 0xff);
		const movie = changed(movieOf({ isLong }), 'tkhd', version === 1 ? 28 : 20, ones);

		expect(await readMediaFacts(movie)).toMatchObject({ seconds: 4 });
	});

	it.each([
		['of all ones', Buffer.alloc(isLong ? 8 : 4, 0xff)],
		['of nothing', Buffer.alloc(isLong ? 8 : 4)],
	])('gives no length where it is one %s', async (_what, length) => {
		const movie = changed(movieOf({ isLong }), 'mvhd', version === 1 ? 24 : 16, length);

		expect(await readMediaFacts(movie)).toMatchObject({ seconds: undefined, pixels: 1920 * 1080 });
	});

	it('gives no length where its unit is nothing', async () => {
		const movie = changed(movieOf({ isLong }), 'mvhd', version === 1 ? 20 : 12, u32(0));

		expect(await readMediaFacts(movie)).toMatchObject({ seconds: undefined, pixels: 1920 * 1080 });
	});
});

it('gives no length of a file in fragments, whose header has that of the first part', async () => {
	const movie = withHeader(movieOf(), (boxes) => [...boxes, box('mvex', box('trex', u32(0)))]);

	expect(await readMediaFacts(movie)).toMatchObject({ seconds: undefined, pixels: 1920 * 1080 });
});

describe('a cover, which is a track of one frame,', () => {
	const [, , cover] = boxesOf(movieOf({ frames: 1, width: 600, height: 500 }), 'moov');

	it('is not taken for the film that it stands before', async () => {
		const movie = withHeader(movieOf(), ([mvhd, ...tracks]) => [mvhd, cover, ...tracks]);

		expect(await readMediaFacts(movie)).toMatchObject({ framesPerSecond: 24, pixels: 1920 * 1080 });
	});

	it('makes no picture of a sound', async () => {
		const song = withHeader(movieOf(), ([mvhd, sound]) => [mvhd, sound, cover]);

		expect(await readMediaFacts(song)).toEqual({ seconds: 4, hasPicture: false });
	});

	it('is not taken for the film by its number of frames', async () => {
		const [, , longer] = boxesOf(movieOf({ frames: 500, width: 640 }), 'moov');
		const movie = withHeader(movieOf(), (boxes) => [...boxes, longer]);

		expect(await readMediaFacts(movie)).toMatchObject({
			framesPerSecond: 125,
			pixels: 640 * 1080,
		});
	});
});

it('gives a length where there are no tracks, and does not guess what the file is', async () => {
	const movie = withHeader(movieOf(), ([mvhd]) => [mvhd]);

	expect(await readMediaFacts(movie)).toEqual({ seconds: 4 });
});

it('tells the frame rate of all that is stored, also where only a part of it is shown', async () => {
	// As of a video that was cut without being encoded anew.
	const part = changed(movieOf({ seconds: 35, frames: 840 }), 'mvhd', 16, u32(5_000));
	const cut = changed(part, 'tkhd', 20, u32(5_000));

	expect(await readMediaFacts(cut)).toMatchObject({ seconds: 5, framesPerSecond: 24 });
});

it('takes the frame rate from the length of the file where the track tells none', async () => {
	expect(await readMediaFacts(changed(movieOf(), 'mdhd', 16, u32(0)))).toMatchObject({
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

	expect(await readMediaFacts(copy)).toMatchObject(rest);
});

it('counts the pixels that are stored or shown, whichever are more', async () => {
	const one = 65_536;
	const shown = (width: number, height: number) => u32(width * one, height * one);

	for (const [size, pixels] of [
		[shown(960, 1080), 1920 * 1080],
		[shown(0, 0), 1920 * 1080],
		[shown(3840, 1080), 3840 * 1080],
	] as const) {
		expect(await readMediaFacts(changed(movieOf(), 'tkhd', 76, size))).toMatchObject({ pixels });
	}
	const unknown = movieOf({ width: 0, height: 0 });
	expect(await readMediaFacts(unknown)).not.toHaveProperty('pixels');
});

it.each(['free', 'skip', 'wide'])('reads a MOV that begins with %s', async (type) => {
	const [ftyp] = boxesOf(movieOf());
	for (const room of [0, 1, 8, 5_000]) {
		const mov = Buffer.concat([box(type, Buffer.alloc(room)), movieOf().subarray(ftyp.length)]);
		expect(await readMediaFacts(inPieces(mov, 64))).toMatchObject({
			seconds: 4,
			framesPerSecond: 24,
		});
	}
});

it('reads a header that stands before the content as well', async () => {
	const [ftyp, mdat, moov] = boxesOf(movieOf({ contentBytes: 5_000 }));
	const movie = Buffer.concat([ftyp, moov, mdat]);

	for (const size of [1, 64, 100_000]) {
		expect(await readMediaFacts(inPieces(movie, size))).toMatchObject({
			seconds: 4,
			framesPerSecond: 24,
		});
	}
});

it('knows nothing of a header that is too large to be one', async () => {
	const room = box('free', Buffer.alloc(8 * 1024 * 1024));

	expect(await readMediaFacts(withHeader(movieOf(), (boxes) => [...boxes, room]))).toEqual({});
});

it.each<[string, (boxes: Buffer) => Buffer]>([
	['a file', (boxes) => boxes],
	['a header', (boxes) => withHeader(movieOf(), () => [boxes])],
])('reads %s of a hundred thousand tiny boxes at once', async (_what, fileOf) => {
	const file = fileOf(Buffer.concat(Array<Buffer>(100_000).fill(box('free'))));
	const startMs = performance.now();
	await readMediaFacts(file);

	// Many times as long if each box cost time in proportion to all.
	expect(performance.now() - startMs).toBeLessThan(2_000);
});

describe('a stop', () => {
	let file: Readable | undefined;

	/** A file whose content never ends. */
	function endless(): Readable {
		const begin = Buffer.concat([u32(1), Buffer.from('mdat'), u32(1 << 20, 0)]);
		let next = begin;
		file = new Readable({
			read() {
				setImmediate(() => {
					this.push(next);
					next = Buffer.alloc(65_536);
				});
			},
		});
		return file;
	}

	afterEach(() => {
		file?.destroy();
	});

	it('ends the reading at once, and leaves no listener behind', async () => {
		const stopping = new AbortController();
		setTimeout(() => stopping.abort(), 20);

		expect(await readMediaFacts(endless(), stopping.signal)).toEqual({});
		expect(file?.destroyed).toBe(true);
		expect(getEventListeners(stopping.signal, 'abort')).toEqual([]);
	});

	it('that came before lets the reading not begin', async () => {
		expect(await readMediaFacts(endless(), AbortSignal.abort())).toEqual({});
	});

	it('leaves no listener behind where it does not come', async () => {
		const { signal } = new AbortController();
		await readMediaFacts(inPieces(movieOf(), 100), signal);

		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});
});

it('reads the files of real encoders, with the header before and behind the content', async () => {
	const video = await readMediaFacts(readFileSync(SAMPLE_VIDEO));
	expect(video).toMatchObject({ framesPerSecond: 24, pixels: 640 * 360 });
	expect(video.seconds).toBeCloseTo(6, 1);
	expect(await readMediaFacts(sample('video.mov'))).toEqual({
		seconds: 3.5,
		framesPerSecond: 24,
		pixels: 64 * 36,
		hasPicture: true,
	});
	const sound = await readMediaFacts(sample('sound.m4a'));
	expect(sound.seconds).toBeCloseTo(0.3, 1);
	expect(sound.hasPicture).toBe(false);
	expect(sound).not.toHaveProperty('framesPerSecond');
});

it('knows nothing of a file in fragments, whose header has no lengths', async () => {
	const facts = await readMediaFacts(movieOf({ seconds: 0, frames: 0 }));
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
	expect(await readMediaFacts(inPieces(bytes, 50))).toEqual({});
});

it('never fails, wherever a file is cut or changed', async () => {
	const movie = movieOf({ contentBytes: 20 });
	for (let index = 0; index < movie.length; index++) {
		const changed = Buffer.from(movie);
		changed[index] ^= 0xff;
		await expect(readMediaFacts(changed)).resolves.toBeDefined();
		await expect(readMediaFacts(movie.subarray(0, index))).resolves.toBeDefined();
	}
});

it('lets go of the file', async () => {
	const stream = inPieces(movieOf({ contentBytes: 10_000 }), 100);
	await readMediaFacts(stream);
	expect(stream.destroyed).toBe(true);
});
