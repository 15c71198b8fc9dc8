import { sample } from '../../../../tools/samples/samples';
import { readFacts, readHead } from './readFacts';

const readOgg = async (bytes: Buffer, headBytes?: number) =>
	(await readFacts('audio/ogg', bytes, headBytes)).seconds;

it.each([
	['sound.ogg', 0.3],
	['sound-opus.ogg', 1.5],
])('reads %s of a real encoder', async (name, seconds) => {
	expect(await readOgg(sample(name))).toBeCloseTo(seconds, 1);
});

/** A page of a stream, with a packet in it. */
function page(samples: number | bigint, content: Buffer = Buffer.alloc(100), serial = 7): Buffer {
	const head = Buffer.alloc(28);
	head.write('OggS', 'latin1');
	head.writeBigInt64LE(BigInt(samples), 6);
	head.writeUInt32LE(serial, 14);
	head[26] = 1;
	head[27] = content.length;
	return Buffer.concat([head, content]);
}

function opusHead(skipped = 0): Buffer {
	const packet = Buffer.alloc(19);
	packet.write('OpusHead', 'latin1');
	packet.writeUInt16LE(skipped, 10);
	return packet;
}

function vorbisHead(samplesPerSecond = 44_100): Buffer {
	const packet = Buffer.alloc(30);
	packet.write('\x01vorbis', 'latin1');
	packet.writeUInt32LE(samplesPerSecond, 12);
	return packet;
}

const OPUS = page(0, opusHead());
const SECOND = 48_000;
const DAY = 24 * 60 * 60;
/** Pages of a second each. */
const pages = (count: number, first = 1) =>
	Array.from({ length: count }, (_, index) => page((first + index) * SECOND));

it.each<[string, Buffer[], number | undefined]>([
	['Opus, at a rate of its own', [OPUS, ...pages(3)], 3],
	['Opus, without what is skipped', [page(0, opusHead(SECOND / 2)), ...pages(3)], 2.5],
	['Vorbis, at its rate', [page(0, vorbisHead()), page(44_100), page(66_150)], 1.5],
	['one page', [OPUS, page(SECOND)], 1],
	['a day', [OPUS, ...pages(2), page(DAY * SECOND)], DAY],
	['a last page that ends no packet', [OPUS, ...pages(2), page(-1)], 2],
	['a last page that was cut off', [OPUS, ...pages(2), page(9 * SECOND).subarray(0, 60)], 2],
	['another codec', [page(0, Buffer.from('Speex   1.2')), ...pages(3)], undefined],
	['no rate', [page(0, vorbisHead(0)), ...pages(3)], undefined],
	['no pages of sound', [OPUS], undefined],
	['less than what is skipped', [page(0, opusHead(SECOND)), page(9)], undefined],
	['2^63', [OPUS, page(SECOND), page(2n ** 63n - 1n)], undefined],
	['a part of a longer stream', [OPUS, ...pages(5, 1_000)], undefined],
	[
		'two streams',
		[OPUS, ...pages(3), page(0, opusHead(), 8), page(SECOND, undefined, 8)],
		undefined,
	],
])('knows of sound of %s the length', async (_what, parts, seconds) => {
	expect(await readOgg(Buffer.concat(parts))).toBe(seconds);
});

describe('a file whose end lies behind what is read', () => {
	const file = Buffer.concat([OPUS, ...pages(3_000)]);

	it('is read to its end', async () => {
		expect(await readOgg(file)).toBe(3_000);
		expect(await readOgg(file, 1_000)).toBe(3_000);
	});

	it('may begin with a picture that fills all that is read', async () => {
		const picture = Array.from({ length: 20 }, () => page(-1));
		expect(await readOgg(Buffer.concat([OPUS, ...picture, ...pages(3)]), 500)).toBe(3);
	});

	it('has no length where it is not read to its end', async () => {
		expect((await readHead('audio/ogg', file)).seconds).toBeUndefined();
	});
});

it('never fails, wherever a file is cut or changed', async () => {
	const file = Buffer.concat([page(0, vorbisHead()), ...pages(2)]);
	for (let index = 0; index < file.length; index++) {
		const changed = Buffer.from(file);
		changed[index] ^= 0xff;
		await expect(readOgg(changed)).resolves.not.toBeNaN();
		await expect(readOgg(file.subarray(0, index))).resolves.not.toBeNaN();
	}
});
