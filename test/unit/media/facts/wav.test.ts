import { sample } from '../../../../tools/samples/samples';
import { readFacts } from './readFacts';

const readWav = async (bytes: Buffer, headBytes?: number) =>
	(await readFacts('audio/wav', bytes, headBytes)).seconds;

it.each([
	['sound-adpcm.wav', 0.51025],
	['sound-extensible.wav', 0.03],
	['sound-float.wav', 0.3],
	['sound-pcm.wav', 0.3],
])('reads %s of a real encoder', async (name, seconds) => {
	expect(await readWav(sample(name))).toBeCloseTo(seconds, 2);
});

interface Wav {
	codec?: number;
	samplesPerSecond?: number;
	bytesPerSecond?: number;
	samples?: number;
	/** What the file says of it. */
	length?: number;
	soundBytes?: number;
	before?: Buffer;
}

function chunk(name: string, content: Buffer, length = content.length): Buffer {
	const head = Buffer.alloc(8);
	head.write(name, 'latin1');
	head.writeUInt32LE(length, 4);
	return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

function wavOf({
	codec = 1,
	samplesPerSecond = 8_000,
	bytesPerSecond = 8_000,
	samples,
	soundBytes = 4_000,
	length = soundBytes,
	before = Buffer.alloc(0),
}: Wav): Buffer {
	const format = Buffer.alloc(16);
	format.writeUInt16LE(codec, 0);
	format.writeUInt32LE(samplesPerSecond, 4);
	format.writeUInt32LE(bytesPerSecond, 8);
	const fact = Buffer.alloc(4);
	fact.writeUInt32LE(samples ?? 0);
	return Buffer.concat([
		Buffer.from('RIFF\0\0\0\0WAVE', 'latin1'),
		before,
		chunk('fmt ', format),
		...(samples === undefined ? [] : [chunk('fact', fact)]),
		chunk('data', Buffer.alloc(soundBytes), length),
	]);
}

it.each<[string, Wav, number | undefined]>([
	['by the bytes of a second', {}, 0.5],
	['of ten hours', { bytesPerSecond: 1, soundBytes: 36_000 }, 36_000],
	['by its samples where it is compressed', { codec: 0x11, samples: 16_000 }, 2],
	['by its bytes where nobody counted the samples', { codec: 0x11 }, 0.5],
	['by its bytes where the count is nothing', { codec: 0x55, samples: 0 }, 0.5],
	['by its bytes where it is not compressed', { samples: 16_000 }, 0.5],
	['that does not tell its length', { length: 0 }, 0.5],
	['that tells the longest length', { length: 0xffffffff }, 0.5],
	['that was cut off', { length: 400_000 }, 0.5],
	['behind a chunk of odd length', { before: chunk('LIST', Buffer.alloc(7)) }, 0.5],
	['of no bytes in a second', { bytesPerSecond: 0 }, undefined],
	['of no bytes', { soundBytes: 0, length: 1 }, undefined],
	['of no samples in a second', { codec: 2, samples: 1, samplesPerSecond: 0 }, undefined],
	['of more than a week', { codec: 2, samples: 0xffffffff, samplesPerSecond: 1 }, undefined],
])('tells the length of sound %s', async (_what, wav, seconds) => {
	expect(await readWav(wavOf(wav))).toBe(seconds);
});

it('knows no length of sound that begins behind what is read', async () => {
	expect(await readWav(wavOf({ before: chunk('LIST', Buffer.alloc(500)) }), 200)).toBeUndefined();
	expect(await readWav(wavOf({}), 50)).toBe(0.5);
});

it('never fails, wherever a file is cut or changed', async () => {
	const file = wavOf({ codec: 2, samples: 4_000 }).subarray(0, 100);
	for (let index = 0; index < file.length; index++) {
		const changed = Buffer.from(file);
		changed[index] ^= 0xff;
		await expect(readWav(changed)).resolves.not.toBeNaN();
		await expect(readWav(file.subarray(0, index))).resolves.not.toBeNaN();
	}
});
