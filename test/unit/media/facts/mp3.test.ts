import { readMediaFacts } from '../../../../nodes/LtxVideo/media/facts/facts';
import { sample, WAVES } from '../../../../tools/samples/samples';
import { readFacts, readHead } from './readFacts';

const readMp3 = async (bytes: Buffer, headBytes?: number) =>
	(await readFacts('audio/mpeg', bytes, headBytes)).seconds;

it.each([
	['sound.mp3', 0.504],
	['sound-without-tag.mp3', 0.504],
	['sound-vbr.mp3', 1.584],
	['sound-vbr-without-tag.mp3', 1.584],
])('reads %s of a real encoder', async (name, seconds) => {
	expect(await readMp3(sample(name))).toBeCloseTo(seconds, 2);
});

it('reads a file of a service that makes sound', async () => {
	expect(await readMp3(WAVES)).toBeCloseTo(3, 0);
});

// Of MPEG 1 at 48,000 samples a second, in stereo: 24 ms, 144 bytes for each 48 kbit/s.
const FRAME_SECONDS = 0.024;
const BITRATES: Record<number, number> = { 64: 5, 128: 9, 192: 11 };

function frame(kbps = 128): Buffer {
	const bytes = Buffer.alloc(kbps * 3);
	bytes.writeUInt32BE(0xfffb0400 + (BITRATES[kbps] << 12));
	return bytes;
}

const frames = (count: number, kbps?: number) =>
	Buffer.concat(Array.from({ length: count }, () => frame(kbps)));
/** Of frames that are not all as large. */
const mixed = (count: number) =>
	Buffer.concat(Array.from({ length: count }, (_, index) => frame(index % 3 ? 64 : 192)));

/** A first frame in which an encoder tells how many frames there are. */
function xing(mark: string, flags: number, count: number, sizeBytes: number): Buffer {
	const first = frame();
	first.write(mark, 36, 'latin1');
	[flags, count, sizeBytes].forEach((value, index) => first.writeUInt32BE(value, 40 + 4 * index));
	return first;
}

function vbri(count: number, sizeBytes: number): Buffer {
	const first = frame();
	first.write('VBRI', 36, 'latin1');
	first.writeUInt32BE(sizeBytes, 46);
	first.writeUInt32BE(count, 50);
	return first;
}

function id3(contentBytes: number): Buffer {
	const head = Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1');
	[21, 14, 7, 0].forEach((shift, index) => (head[6 + index] = (contentBytes >> shift) & 0x7f));
	return Buffer.concat([head, Buffer.alloc(contentBytes, 0xff)]);
}

const MIXED = mixed(3_000);
const WHOLE = MIXED.length + frame().length;
const LONG = 40 * 1024;

it.each<[string, Buffer[], number | undefined]>([
	['frames that are all in sight', [frames(50)], 50 * FRAME_SECONDS],
	['frames of other sizes that are all in sight', [mixed(60)], 60 * FRAME_SECONDS],
	['frames, without the one that tells of them', [xing('Info', 3, 50, 0), frames(50)], 1.2],
	['frames as large as those in sight', [frames(LONG)], LONG * FRAME_SECONDS],
	['frames that are told (Xing)', [xing('Xing', 3, 3_000, WHOLE), MIXED], 72],
	['frames that are told (Info)', [xing('Info', 15, 3_000, WHOLE), MIXED], 72],
	['frames that are told (VBRI)', [vbri(3_000, WHOLE), MIXED], 72],
	['frames of other sizes, of which nobody tells', [MIXED, MIXED], undefined],
	['frames that are told of another file', [xing('Xing', 3, 9, 9_000), MIXED, MIXED], undefined],
	['as many frames as there cannot be', [xing('Xing', 3, 2 ** 32 - 1, WHOLE), MIXED], undefined],
	['no frames', [xing('Xing', 3, 0, WHOLE), MIXED], undefined],
	['frames in how many bytes nobody tells', [xing('Xing', 1, 3_000, 0), MIXED, MIXED], undefined],
	['files that were put together', [frames(20), id3(500), frames(30), id3(99), frames(9)], 1.416],
	['frames behind a tag', [id3(5_000), frames(50)], 1.2],
	['frames behind two tags', [id3(5_000), id3(100), frames(50)], 1.2],
	['frames behind a picture that fills the head', [id3(900_000), frames(50)], 1.2],
	['frames of other sizes behind one', [id3(900_000), mixed(1_000)], 24],
	['nothing', [id3(50)], undefined],
	['other sound behind a tag', [id3(50), Buffer.alloc(5_000, 0x55)], undefined],
	['a tag that is longer than the file', [id3(50).subarray(0, 30)], undefined],
])('knows of sound of %s the length', async (_what, parts, seconds) => {
	const read = await readMp3(Buffer.concat(parts), 100_000);

	expect(read).toEqual(seconds === undefined ? undefined : expect.closeTo(seconds, 3));
});

it('reads frames of other sizes from the head alone where it tells all', async () => {
	const seconds = async (...parts: Buffer[]) =>
		(await readHead('audio/mpeg', Buffer.concat(parts), 50_000)).seconds;

	expect(await seconds(xing('Xing', 3, 3_000, WHOLE), MIXED)).toBeCloseTo(72, 3);
	expect(await seconds(frames(2_000))).toBeCloseTo(48, 3);
	expect(await seconds(mixed(500))).toBeUndefined();
	expect(await seconds(id3(60_000), frames(50))).toBeUndefined();
});

it('knows the length of a day from the head alone', async () => {
	const day = 24 * 60 * 60;
	const facts = await readMediaFacts('audio/mpeg', { sizeBytes: day * 16_000, head: frames(100) });

	expect(facts.seconds).toBe(day);
});

it('never fails, wherever a file is cut or changed', async () => {
	const file = Buffer.concat([id3(20), xing('Xing', 3, 1, 800), frame(64)]);
	for (let index = 0; index < file.length; index++) {
		const changed = Buffer.from(file);
		changed[index] ^= 0xff;
		await expect(readMp3(changed)).resolves.not.toBeNaN();
		await expect(readMp3(file.subarray(0, index), 40)).resolves.not.toBeNaN();
	}
});

it('reads a megabyte of what looks like frames at once', async () => {
	const startMs = performance.now();
	await readMp3(Buffer.alloc(1_000_000, Buffer.from([0xff, 0xfb, 0x94, 0x00])));

	expect(performance.now() - startMs).toBeLessThan(2_000);
});
