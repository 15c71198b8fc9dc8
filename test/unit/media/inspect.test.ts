import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';

import type { IBinaryData } from 'n8n-workflow';

import { Stopped } from '../../../nodes/LtxVideo/api/errors';
import type { MediaFacts } from '../../../nodes/LtxVideo/media/facts/mediaFile';
import {
	inspectFile,
	isBinaryData,
	readFile,
	type FileOwner,
} from '../../../nodes/LtxVideo/media/inspect';
import {
	AUDIO,
	EVERY_KIND,
	IMAGE,
	VIDEO,
	type MediaKind,
} from '../../../nodes/LtxVideo/media/kinds';
import { movieOf } from '../../../tools/samples/movie';
import { PNG, sample } from '../../../tools/samples/samples';

const MEBIBYTE = 1024 * 1024;
const text = (value: string) => Buffer.from(value, 'latin1');

interface Given {
	/** What n8n's label says of the file. */
	mimeType?: string;
	/** How large n8n's storage says the file is. */
	fileSize?: number;
	stop?: AbortSignal;
	fault?: Error;
}

/** An item with a file in n8n's storage, and how often it was opened. */
function ownerOf(bytes: Buffer, { mimeType = 'x/y', fileSize, stop, fault }: Given = {}) {
	const opened: Array<number | undefined> = [];
	const binary: IBinaryData = {
		mimeType,
		data: 'filesystem-v2',
		id: 'filesystem-v2:workflows/1/executions/temp/binary_data/0af-1',
		fileName: 'a.bin',
	};
	const helpers = {
		assertBinaryData(_index: number, name: string) {
			if (name !== 'data') throw new Error('n8n has other words for this');
			return binary;
		},
		getBinaryMetadata: async () => ({ fileSize: fileSize ?? bytes.length }),
		async getBinaryStream(_id: string, chunkSize?: number) {
			opened.push(chunkSize);
			if (fault) throw fault;
			return Readable.from([bytes.subarray(0, 10), bytes.subarray(10)]);
		},
	};
	const owner = {
		helpers: helpers as unknown as FileOwner['helpers'],
		index: 0,
		binaryFields: ['data', 'logo'],
		stop: stop ?? new AbortController().signal,
	};
	return { owner, opened, binary };
}

/** The type of a file that is passed on, or what its refusal says that it is. */
async function verdictOn(
	kinds: readonly MediaKind[],
	bytes: Buffer,
	mimeType?: string,
): Promise<string> {
	return await inspectFile(ownerOf(bytes, { mimeType }).owner, 'data', kinds).then(
		(file) => file.mimeType,
		({ type, message }: { type: string; message: string }) =>
			type === 'invalid_input'
				? message.replace(/.* holds (.*), but LTX takes .*/, 'no: $1')
				: type,
	);
}

const HEIC = text('\0\0\0\x1cftypheic\0\0\x02\0mif1');
const AVIF = text('\0\0\0\x1cftypavif\0\0\x02\0mif1');
const GIF = text('GIF89a\x01\0\x01\0\x80\0\0\0\0\0');
const PDF = text('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1');
const ZIP = text('PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0');
const PAGE = text('<!doctype html><title>Not found</title>');
const JSON_TEXT = text('{"error": "not found"}');
const WORDS = text('Not found');
const STRANGE = Buffer.from('000001ba44000401', 'hex');
const JPEG = text('\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0');
const WEBP = text('RIFF\x24\0\0\0WEBPVP8 ');
const MOVIE = movieOf();
/** Of which nobody can tell whether it has a picture. */
const CUT_MOVIE = MOVIE.subarray(0, 40);

const REFUSED_BY_ALL: Array<[Buffer, string]> = [
	[GIF, 'no: a GIF image'],
	[text('BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0'), 'no: a BMP image'],
	[text('II*\0\x08\0\0\0\0\0\0\0\0\0\0\0'), 'no: a TIFF image'],
	[HEIC, 'no: a HEIC image'],
	[AVIF, 'no: an AVIF image'],
	[PDF, 'no: a PDF document'],
	[ZIP, 'no: a ZIP archive'],
	[PAGE, 'no: a web page or SVG'],
	[JSON_TEXT, 'no: JSON text'],
	[WORDS, 'no: text'],
];

describe.each<[string, readonly MediaKind[]]>([
	['an image', [IMAGE]],
	['a video', [VIDEO]],
	['a sound', [AUDIO]],
	['any file', EVERY_KIND],
])('for %s', (_what, kinds) => {
	it.each(REFUSED_BY_ALL)(
		'what nothing takes is refused whatever its label: %#',
		async (bytes, no) => {
			for (const label of ['image/png', 'video/mp4', 'audio/mpeg']) {
				expect(await verdictOn(kinds, bytes, label)).toBe(no);
			}
		},
	);
});

it.each([
	['a PNG', PNG, 'image/png'],
	['a JPEG', JPEG, 'image/jpeg'],
	['a WEBP', WEBP, 'image/webp'],
	['a movie', MOVIE, 'no: an MP4 video'],
	['a sound', sample('sound.mp3'), 'no: MP3 sound'],
	['unknown bytes', STRANGE, expect.stringMatching(/^no: an unknown kind of file .*000001ba/)],
])('of %s for an image it says %p', async (_what, bytes, verdict) => {
	expect(await verdictOn([IMAGE], bytes, 'image/png')).toEqual(verdict);
});

it.each([
	['an MP4', sample('video.mp4'), 'a/b', 'video/mp4'],
	['a MOV', sample('video.mov'), 'a/b', 'video/quicktime'],
	['an old MOV', text('\0\0\0\x08wide\0\0\0\x10mdat        '), 'a/b', 'video/quicktime'],
	['an MKV', sample('video.mkv'), 'a/b', 'video/x-matroska'],
	['a WEBM', sample('video.webm'), 'a/b', 'video/webm'],
	['an AVI', sample('video.avi'), 'a/b', 'video/x-msvideo'],
	['an MP4 that nobody can read', CUT_MOVIE, 'a/b', 'video/mp4'],
	['an MKV that nobody can read', sample('video.mkv').subarray(0, 60), 'a/b', 'video/x-matroska'],
	['sound in an MP4', sample('sound-in-mp4.m4a'), 'video/mp4', 'no: sound'],
	['sound in an MKV', sample('sound-in-mkv.mkv'), 'video/x-matroska', 'no: sound'],
	['sound in a WEBM', sample('sound-in-webm.webm'), 'video/webm', 'no: sound'],
	['unknown bytes with the label of a video', STRANGE, 'Video/MPEG', 'Video/MPEG'],
	['unknown bytes with the label of a sound', STRANGE, 'audio/x', 'audio/x'],
	['unknown bytes with another label', STRANGE, 'image/png', 'application/octet-stream'],
	['a PNG', PNG, 'video/mp4', 'no: a PNG image'],
	['an MP3', sample('sound.mp3'), 'video/mp4', 'no: MP3 sound'],
	['an M4A', sample('sound.m4a'), 'video/mp4', 'no: M4A sound'],
])('of %s for a video it says (%#) %p', async (_what, bytes, label, verdict) => {
	expect(await verdictOn([VIDEO], bytes, label)).toBe(verdict);
});

it.each([
	['an MP3', sample('sound.mp3'), 'a/b', 'audio/mpeg'],
	['an M4A', sample('sound.m4a'), 'a/b', 'audio/mp4'],
	['an OGG', sample('sound.ogg'), 'a/b', 'audio/ogg'],
	['a compressed WAV', sample('sound-adpcm.wav'), 'a/b', 'audio/wav'],
	['a WAV that LTX documents as not taken', sample('sound-pcm.wav'), 'a/b', 'audio/wav'],
	['a FLAC', sample('sound.flac'), 'a/b', 'audio/flac'],
	['an AAC', sample('sound.aac'), 'a/b', 'audio/aac'],
	['sound in an MP4', sample('sound-in-mp4.m4a'), 'video/mp4', 'audio/mp4'],
	['an MP4 that nobody can read', CUT_MOVIE, 'video/mp4', 'audio/mp4'],
	['sound in an MKV', sample('sound-in-mkv.mkv'), 'a/b', 'audio/x-matroska'],
	['sound in a WEBM', sample('sound-in-webm.webm'), 'a/b', 'audio/webm'],
	['an MKV', sample('video.mkv'), 'a/b', 'no: an MKV video'],
	['a WEBM', sample('video.webm'), 'a/b', 'no: a WEBM video'],
	['unknown bytes with the label of a sound', STRANGE, 'audio/x', 'audio/x'],
	['unknown bytes with another label', STRANGE, 'x/audio/', 'application/octet-stream'],
	['a movie', MOVIE, 'audio/mp4', 'no: an MP4 video'],
	['a MOV', sample('video.mov'), 'audio/mp4', 'no: a MOV video'],
	['an AVI', sample('video.avi'), 'audio/mp4', 'no: an AVI video'],
	['a PNG', PNG, 'audio/mpeg', 'no: a PNG image'],
])('of %s for a sound it says (%#) %p', async (_what, bytes, label, verdict) => {
	expect(await verdictOn([AUDIO], bytes, label)).toBe(verdict);
});

it.each([
	['a PNG', PNG, 'a/b', 'image/png'],
	['a movie', MOVIE, 'audio/mp4', 'video/mp4'],
	['sound in an MP4', sample('sound-in-mp4.m4a'), 'video/mp4', 'audio/mp4'],
	['an MP4 that nobody can read, labelled as sound', CUT_MOVIE, 'audio/mp4', 'audio/mp4'],
	['an MP4 that nobody can read', CUT_MOVIE, 'video/mp4', 'video/mp4'],
	['unknown bytes', STRANGE, 'a/b', 'application/octet-stream'],
])('of %s for any file it says (%#) %p', async (_what, bytes, label, verdict) => {
	expect(await verdictOn(EVERY_KIND, bytes, label)).toBe(verdict);
});

const IPHONE =
	/^Convert .* PNG or JPEG\. An iPhone .* Settings > Camera > Formats > Most Compatible/;
const DATA_URI = text(`data:image/png;base64,${PNG.toString('base64', 0, 90)}`);
const BASE64 = text(PNG.toString('base64', 0, 90));

it.each<[string, Buffer, readonly MediaKind[], RegExp]>([
	['a HEIC for an image', HEIC, [IMAGE], IPHONE],
	['a HEIC for any file', HEIC, EVERY_KIND, /Most Compatible/],
	['an AVIF', AVIF, [IMAGE], /^Convert the file first, for example to PNG or JPEG\. The type/],
	['sound for a video', sample('sound-in-mp4.m4a'), [VIDEO], /no moving picture.*Audio to Video/],
	['a song for a video', sample('sound.mp3'), [VIDEO], /no moving picture.*Audio to Video/],
	['an image for a video', PNG, [VIDEO], /^Choose a video, or use .* Image to Video\.$/],
	['a page', PAGE, [VIDEO], /^A page came .* login.* viewer/],
	['JSON', JSON_TEXT, [IMAGE], /^JSON came instead of a file, as an answer of an API/],
	['words', WORDS, [AUDIO], /^Text came instead of a file/],
	[
		'a data: address',
		DATA_URI,
		[IMAGE],
		/Convert to File.*"Move Base64 String to File".*comma.*Image URL/,
	],
	[
		'base64',
		BASE64,
		[IMAGE],
		/Convert to File.*"Move Base64 String to File".*, or give .* Image URL/,
	],
	['base64 for a video', BASE64, [VIDEO], /Convert to File.*, or give the text as Video URL\.$/],
	['base64 for any file', BASE64, EVERY_KIND, /Convert to File.* makes a file of it\.$/],
])('says of %s what helps', async (_what, bytes, kinds, advice) => {
	await expect(inspectFile(ownerOf(bytes).owner, 'data', kinds)).rejects.toMatchObject({
		type: 'invalid_input',
		advice: expect.stringMatching(advice) as unknown,
	});
});

it('says in a refusal what was found, what is taken and what to do', async () => {
	const { owner, binary } = ownerOf(GIF, { mimeType: 'image/png' });

	await expect(inspectFile(owner, 'data', [IMAGE])).rejects.toMatchObject({
		type: 'invalid_input',
		message: 'The binary field "data" holds a GIF image, but LTX takes PNG, JPEG or WEBP',
		advice: expect.stringMatching(/^Convert .* PNG or JPEG\. .*content, not by the file name\.$/),
	});
	await expect(inspectFile(owner, binary, EVERY_KIND)).rejects.toMatchObject({
		message: expect.stringMatching(/^The file holds .* PNG, .*; MP4, .*; MP3, /),
		advice: expect.stringMatching(/for example to PNG or JPEG, MP4 with H\.264, MP3\. /),
	});
});

describe('the size of a file', () => {
	it.each<[string, MediaKind, Buffer, number]>([
		['an image', IMAGE, PNG, 15],
		['a video', VIDEO, MOVIE, 200],
		['a sound', AUDIO, sample('sound.mp3'), 200],
	])('of %s is at most that of an upload', async (_what, kind, bytes, mebibytes) => {
		const inspect = async (fileSize: number) =>
			await inspectFile(ownerOf(bytes, { fileSize }).owner, 'data', [kind]);

		expect((await inspect(mebibytes * MEBIBYTE)).sizeBytes).toBe(mebibytes * MEBIBYTE);
		await expect(inspect(mebibytes * MEBIBYTE + 1)).rejects.toMatchObject({
			message: expect.stringContaining(`, but LTX takes at most ${mebibytes} MiB`),
			advice: expect.stringMatching(/^(Make the image smaller|Cut the (video|sound)) /) as unknown,
		});
		await expect(inspect(mebibytes * MEBIBYTE + 1)).rejects.toMatchObject({
			message: expect.stringContaining(` of ${mebibytes}.1 MiB, `),
		});
		await expect(inspect(250.25 * MEBIBYTE)).rejects.toMatchObject({
			message: expect.stringContaining(' of 250.3 MiB, '),
		});
	});

	it.each([
		['in storage', ownerOf(Buffer.alloc(0)).binary, ownerOf(Buffer.alloc(0))],
		['in the item', { mimeType: 'image/png', data: '' }, ownerOf(PNG)],
		['by what storage says', ownerOf(PNG).binary, ownerOf(PNG, { fileSize: 0 })],
		['by what storage gives', ownerOf(PNG).binary, ownerOf(Buffer.alloc(0), { fileSize: 9 })],
	])('may not be nothing %s', async (_where, source, { owner }) => {
		await expect(inspectFile(owner, source, [IMAGE])).rejects.toMatchObject({
			message: 'The file is empty (0 bytes)',
		});
	});

	it('of base64 with line breaks is that of its bytes', async () => {
		const data = PNG.toString('base64').replace(/.{76}/g, '$&\r\n');
		const source = { mimeType: 'image/png', data };

		const file = await inspectFile(ownerOf(PNG).owner, source, [IMAGE]);

		expect(file).toMatchObject({ sizeBytes: PNG.length });
		expect(await readFile(file)).toEqual(PNG);
	});
});

it('knows the name of a file, its id wherever n8n moves it, and all of its bytes', async () => {
	const { owner } = ownerOf(PNG);
	const file = await inspectFile(owner, 'data', [IMAGE]);

	expect(file).toMatchObject({
		field: 'The binary field "data"',
		name: 'a.bin',
		sizeBytes: PNG.length,
	});
	expect(await readFile(file)).toEqual(PNG);
});

it.each<[string[], string]>([
	[['data', 'logo'], 'The input item has no binary field "image"; it has: "data", "logo"'],
	[[], 'The input item has no binary field "image"; it has no binary data at all'],
])('says which binary fields there are: %j', async (binaryFields, message) => {
	const owner = { ...ownerOf(PNG).owner, binaryFields };

	await expect(inspectFile(owner, 'image', [IMAGE])).rejects.toMatchObject({
		type: 'invalid_input',
		message,
	});
});

it('says that n8n has lost a file', async () => {
	const fault = Object.assign(new Error('ENOENT: /secret'), { code: 'ENOENT', syscall: 'open' });

	await expect(inspectFile(ownerOf(PNG, { fault }).owner, 'data', [IMAGE])).rejects.toMatchObject({
		type: 'invalid_input',
		message: expect.stringMatching(/^The binary field "data" cannot be read .* gone$/),
		advice: expect.stringContaining('removed the file'),
	});
});

/** Longer than what is read at first, with the header behind it. */
const PHONE_MOVIE = movieOf({ contentBytes: 300 * 1024 });

describe('what a file tells of itself', () => {
	const onDisk = 'filesystem-v2:workflows/1/executions/temp/binary_data/0af-1';
	const elsewhere = 's3:workflows/1/executions/temp/binary_data/0af-1';

	it.each<[string, Buffer, MediaFacts]>([
		['an MP4', sample('video.mp4'), { seconds: 3.5, hasPicture: true }],
		['an MKV', sample('video.mkv'), { seconds: 3.5, hasPicture: true }],
		['an AVI', sample('video.avi'), {}],
	])('is read from its first bytes: %s', async (_what, bytes, facts) => {
		const { owner, opened } = ownerOf(bytes);

		expect((await inspectFile(owner, 'data', [VIDEO])).facts).toMatchObject(facts);
		expect(opened).toEqual([256 * 1024]);
	});

	it.each([
		['an MP3', 'sound.mp3', 0.504],
		['an OGG', 'sound-opus.ogg', 1.5],
		['a WAV', 'sound-pcm.wav', 0.3],
		['an M4A', 'sound.m4a', 0.3],
		['a WEBM', 'sound-in-webm.webm', 1.5],
	])('has the length of sound: %s', async (_what, name, seconds) => {
		const { facts } = await inspectFile(ownerOf(sample(name)).owner, 'data', [AUDIO]);

		expect(facts.seconds).toBeCloseTo(seconds, 1);
	});

	it.each([
		['on disk', onDisk, false, 4, 2],
		['on disk, with a limit', onDisk, true, 4, 2],
		['elsewhere, and is worth it', elsewhere, true, 4, 2],
		['elsewhere, and is not worth it', elsewhere, false, undefined, 1],
	])('is sought behind its content %s', async (_where, id, isLengthNeeded, seconds, times) => {
		const { owner, opened, binary } = ownerOf(PHONE_MOVIE);
		const { facts } = await inspectFile({ ...owner, isLengthNeeded }, { ...binary, id }, [VIDEO]);

		expect(facts.seconds).toBe(seconds);
		expect(opened).toHaveLength(times);
	});

	it('is sought behind its content in memory', async () => {
		const source = { mimeType: 'video/mp4', data: PHONE_MOVIE.toString('base64') };
		const { facts } = await inspectFile(ownerOf(PNG).owner, source, [VIDEO]);

		expect(facts.seconds).toBe(4);
	});

	it('is nothing where the file is lost on the way', async () => {
		const { owner } = ownerOf(PHONE_MOVIE);
		let times = 0;
		const getBinaryStream = owner.helpers.getBinaryStream;
		owner.helpers.getBinaryStream = async (id, chunkSize) => {
			times += 1;
			if (times > 1) throw new Error('it is gone');
			return await getBinaryStream(id, chunkSize);
		};

		expect((await inspectFile(owner, 'data', [VIDEO])).facts).toEqual({});
	});

	describe('behind content that does not end', () => {
		let file: Readable | undefined;

		/** An owner of a file whose content never ends, and of a stop. */
		function endlessOwner(stopping: AbortController) {
			const { owner } = ownerOf(PHONE_MOVIE, { stop: stopping.signal, fileSize: MEBIBYTE });
			const { getBinaryStream } = owner.helpers;
			owner.helpers.getBinaryStream = async (id, chunkSize) => {
				if (chunkSize !== undefined) return await getBinaryStream(id, chunkSize);
				file = new Readable({
					read() {
						setImmediate(() => this.push(Buffer.alloc(10)));
					},
				});
				return file as never;
			};
			return owner;
		}

		afterEach(() => {
			file?.destroy();
		});

		it('is let go at a stop, and no listener stays', async () => {
			const stopping = new AbortController();
			setTimeout(() => stopping.abort(), 20);

			await expect(inspectFile(endlessOwner(stopping), 'data', [VIDEO])).rejects.toBeInstanceOf(
				Stopped,
			);
			expect(file?.destroyed).toBe(true);
			expect(getEventListeners(stopping.signal, 'abort')).toEqual([]);
		});
	});

	it('leaves no listener behind where no stop comes', async () => {
		const { signal } = new AbortController();
		await inspectFile(ownerOf(PHONE_MOVIE, { stop: signal }).owner, 'data', [VIDEO]);

		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});
});

it('ends with a stop', async () => {
	const { owner } = ownerOf(PNG, { stop: AbortSignal.abort() });

	await expect(inspectFile(owner, 'data', [IMAGE])).rejects.toBeInstanceOf(Stopped);
});

it.each<[unknown, boolean]>([
	[{ mimeType: 'image/png', data: '' }, true],
	[{ mimeType: 'image/png' }, true],
	[{ data: 'AAAA' }, false],
	[{ mimeType: 1, data: 'AAAA' }, false],
	['data', false],
	[null, false],
	[[], false],
])('whether %j is what n8n keeps of a file: %p', (value, expected) => {
	expect(isBinaryData(value)).toBe(expected);
});

it('finds the one file of the item that a description without content is of', async () => {
	const [one, other] = ['one', 'other'].map((text) => Buffer.concat([PNG, Buffer.from(text)]));
	const ownerWith = (...files: Array<[string, Buffer]>) => ({
		...ownerOf(PNG).owner,
		binaryFields: files.map((_file, index) => `field${index}`),
		helpers: {
			assertBinaryData: (_item: number, field: string) => {
				const [fileName, bytes] = files[Number(field.slice(-1))];
				return { mimeType: 'image/png', fileName, data: bytes.toString('base64') };
			},
		} as never,
	});
	const described = { mimeType: 'image/png', fileName: 'b.png' } as never;

	const file = await inspectFile(ownerWith(['a.png', one], ['b.png', other]), described, [IMAGE]);
	expect(await readFile(file)).toEqual(other);
	for (const owner of [ownerWith(['a.png', one]), ownerWith(['b.png', one], ['b.png', other])]) {
		await expect(inspectFile(owner, described, [IMAGE])).rejects.toMatchObject({
			message: 'The expression gives a file without its content',
		});
	}
});
