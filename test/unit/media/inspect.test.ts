import { Readable } from 'node:stream';

import type { IBinaryData } from 'n8n-workflow';

import { Stopped } from '../../../nodes/LtxVideo/api/errors';
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
	['sound in an MP4', sample('sound-in-mp4.m4a'), 'a/b', 'video/mp4'],
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
	['an MKV', sample('video.mkv'), 'a/b', 'audio/x-matroska'],
	['a WEBM', sample('video.webm'), 'a/b', 'audio/webm'],
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

		expect(file).toMatchObject({ sizeBytes: PNG.length, storedId: undefined });
		expect(await readFile(file)).toEqual(PNG);
	});
});

it('knows the name of a file, its id wherever n8n moves it, and all of its bytes', async () => {
	const { owner } = ownerOf(PNG);
	const file = await inspectFile(owner, 'data', [IMAGE]);

	expect(file).toMatchObject({
		field: 'The binary field "data"',
		name: 'a.bin',
		storedId: '0af-1',
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

describe('the header of a file', () => {
	it('is read once, and only when it is asked for', async () => {
		const { owner, opened } = ownerOf(MOVIE);
		const file = await inspectFile(owner, 'data', [VIDEO]);
		expect(opened).toHaveLength(1);

		expect(await file.readFacts()).toMatchObject({ seconds: 4 });
		expect(await file.readFacts()).toMatchObject({ seconds: 4 });
		expect(opened).toHaveLength(2);
	});

	it('is read once for sound too, where it tells the type', async () => {
		const { owner, opened } = ownerOf(sample('sound-in-mp4.m4a'));
		const file = await inspectFile(owner, 'data', [AUDIO]);

		expect((await file.readFacts()).seconds).toBeGreaterThan(0);
		expect(opened).toHaveLength(2);
	});

	it.each(['video.mkv', 'video.avi', 'sound.mp3'])('is not looked for in %s', async (name) => {
		const { owner, opened } = ownerOf(sample(name));
		const file = await inspectFile(owner, 'data', [VIDEO, AUDIO]);

		expect(await file.readFacts()).toEqual({});
		expect(opened).toHaveLength(1);
	});
});

it('ends with a stop', async () => {
	const { owner } = ownerOf(PNG, { stop: AbortSignal.abort() });

	await expect(inspectFile(owner, 'data', [IMAGE])).rejects.toBeInstanceOf(Stopped);
});

it.each<[unknown, boolean]>([
	[{ mimeType: 'image/png', data: '' }, true],
	[{ mimeType: 'image/png' }, false],
	[{ data: 'AAAA' }, false],
	[{ mimeType: 1, data: 'AAAA' }, false],
	['data', false],
	[null, false],
	[[], false],
])('whether %j is what n8n keeps of a file: %p', (value, expected) => {
	expect(isBinaryData(value)).toBe(expected);
});
