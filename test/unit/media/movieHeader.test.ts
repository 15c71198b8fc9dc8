import { Readable } from 'node:stream';

import { readMediaFacts } from '../../../nodes/LtxVideo/media/movieHeader';
import { movieOf } from '../../../tools/samples/movie';
import { sample } from '../../../tools/samples/samples';
import { SAMPLE_VIDEO } from '../../../tools/ltx-server/LtxServer';
import { readFileSync } from 'node:fs';

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
		frames: 60,
		width: 1920,
		height: 1080,
		hasPicture: true,
	});
});

it('reads a header of 64-bit times behind a long box', async () => {
	const movie = movieOf({ seconds: 61, frames: 1464, isLong: true, contentBytes: 100_000 });
	expect(await readMediaFacts(inPieces(movie, 4096))).toMatchObject({ seconds: 61, frames: 1464 });
});

it('turns the size with the picture', async () => {
	const facts = await readMediaFacts(movieOf({ width: 1280, height: 720, isTurned: true }));
	expect(facts).toMatchObject({ width: 720, height: 1280 });
});

it('reads the files of real encoders, with the header before and behind the content', async () => {
	const video = await readMediaFacts(readFileSync(SAMPLE_VIDEO));
	expect(video).toMatchObject({ frames: 144, width: 640, height: 360 });
	expect(video.seconds).toBeCloseTo(6, 1);
	expect(await readMediaFacts(sample('video.mov'))).toEqual({
		seconds: 3.5,
		frames: 84,
		width: 64,
		height: 36,
		hasPicture: true,
	});
	const sound = await readMediaFacts(sample('sound.m4a'));
	expect(sound.seconds).toBeCloseTo(0.3, 1);
	expect(sound.hasPicture).toBe(false);
	expect(sound).not.toHaveProperty('frames');
});

it('knows nothing of a file in fragments, whose header has no lengths', async () => {
	const facts = await readMediaFacts(movieOf({ seconds: 0, frames: 0 }));
	expect(facts.seconds).toBeUndefined();
	expect(facts.frames).toBeUndefined();
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
