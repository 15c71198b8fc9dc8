import { element, matroskaOf, number } from '../../../../tools/samples/matroska';
import { sample } from '../../../../tools/samples/samples';
import { readFacts } from './readFacts';

const readMkv = async (bytes: Buffer) => await readFacts('video/x-matroska', bytes);

it.each([
	['video.mkv', { seconds: 3.5, framesPerSecond: 24, pixels: 64 * 36, hasPicture: true }],
	['video.webm', { seconds: 1, framesPerSecond: 5, pixels: 64 * 36, hasPicture: true }],
	['video-15fps.mkv', { seconds: 4, framesPerSecond: 15, pixels: 16 * 16, hasPicture: true }],
	['sound-in-mkv.mkv', { seconds: 1.508, hasPicture: false }],
	['sound-in-webm.webm', { seconds: 1.508, hasPicture: false }],
])('reads %s of a real encoder', async (name, facts) => {
	const { framesPerSecond, ...others } = await readMkv(sample(name));
	const rounded = framesPerSecond && { framesPerSecond: Math.round(framesPerSecond * 1000) / 1000 };

	expect({ ...others, ...rounded }).toEqual(facts);
});

it('reads what the header says', async () => {
	const { framesPerSecond, ...others } = await readMkv(
		matroskaOf({ seconds: 86_400, framesPerSecond: 50, width: 3840, height: 2160 }),
	);

	expect(framesPerSecond).toBeCloseTo(50, 5);
	expect(others).toEqual({ seconds: 86_400, hasPicture: true, pixels: 3840 * 2160 });
});

/** A file of these elements in its segment, of a length that is told or not. */
function fileOf(elements: Buffer[], isEndless = false): Buffer {
	const segment = element(0x18538067, ...elements);
	if (isEndless) segment.fill(0xff, 5, 12);
	return Buffer.concat([element(0x1a45dfa3), segment]);
}

const duration = (bytes: Buffer) => element(0x4489, bytes);
const float = (value: number) => {
	const bytes = Buffer.alloc(4);
	bytes.writeFloatBE(value);
	return bytes;
};

it.each([
	['a short number', [duration(float(2_500))], 2.5],
	['the usual unit where none is named', [duration(float(1_000))], 1],
	['another unit', [number(0x2ad7b1, 500_000), duration(float(1_000))], 0.5],
	['no length', [number(0x2ad7b1, 1_000_000)], undefined],
	['a length of nothing', [duration(float(0))], undefined],
	['a length below nothing', [duration(float(-5))], undefined],
	['a length that is no number', [duration(float(NaN))], undefined],
	['a length without an end', [duration(float(Infinity))], undefined],
	['more than a week', [duration(float(1e30))], undefined],
])('reads a length of %s', async (_what, info, seconds) => {
	expect((await readMkv(fileOf([element(0x1549a966, ...info)]))).seconds).toBe(seconds);
});

it('reads a file that was written as it was made', async () => {
	const info = element(0x1549a966, duration(float(3_000)));

	expect(await readMkv(fileOf([info, element(0x1f43b675)], true))).toMatchObject({ seconds: 3 });
});

it('takes the size as shown where that is more, and no other rate than that of the picture', async () => {
	const track = (...video: Buffer[]) =>
		element(0x1654ae6b, element(0xae, number(0x83, 1), element(0xe0, ...video)));
	const stored = [number(0xb0, 720), number(0xba, 576)];

	const wide = await readMkv(fileOf([track(...stored, number(0x54b0, 1024), number(0x54ba, 576))]));
	expect(wide).toMatchObject({ pixels: 1024 * 576, framesPerSecond: undefined });
	const inShape = await readMkv(fileOf([track(...stored, number(0x54b0, 16), number(0x54ba, 9))]));
	expect(inShape).toMatchObject({ pixels: 720 * 576 });
	expect((await readMkv(fileOf([track()]))).pixels).toBeUndefined();
});

it('does not call sound what may have a picture behind what is read', async () => {
	const file = matroskaOf();
	const cut = file.indexOf(Buffer.from('1654ae6b', 'hex')) + 60;

	expect((await readMkv(file.subarray(0, cut))).hasPicture).toBeUndefined();
	expect((await readMkv(fileOf([]))).hasPicture).toBeUndefined();
	expect((await readMkv(fileOf([element(0x1654ae6b)]))).hasPicture).toBeUndefined();
});

it('never fails, wherever a file is cut or changed', async () => {
	const file = matroskaOf();
	for (let index = 0; index < file.length; index++) {
		for (const bits of [0xff, 0x80, 0x01]) {
			const changed = Buffer.from(file);
			changed[index] ^= bits;
			await expect(readMkv(changed)).resolves.toBeDefined();
		}
		await expect(readMkv(file.subarray(0, index))).resolves.toBeDefined();
	}
});

it('reads a hundred thousand tiny elements at once', async () => {
	const startMs = performance.now();
	await readMkv(fileOf([Buffer.alloc(200_000, Buffer.from([0xec, 0x80]))]));

	expect(performance.now() - startMs).toBeLessThan(2_000);
});
