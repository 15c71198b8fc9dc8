import { detectFileType, HEAD_BYTES, isMp4 } from '../../../nodes/LtxVideo/media/fileTypes';
import { anyResult, MP4_RESULT, zipResult } from '../../../nodes/LtxVideo/media/resultFile';
import { PNG, sample } from '../../../tools/samples/samples';

const bytes = (...values: number[]) => Buffer.from(values);
const text = (value: string) => Buffer.from(value, 'latin1');
const box = (brand: string) => text(`\0\0\0\x1cftyp${brand}\0\0\x02\0isom`);

/** Medium, type, extension and name of what begins with these bytes. */
const HEADS: Array<[string, string, string, string, Buffer]> = [
	['image', 'image/png', 'png', 'a PNG image', text('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
	['image', 'image/jpeg', 'jpg', 'a JPEG image', text('\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0')],
	['image', 'image/jpeg', 'jpg', 'a JPEG image', text('\xff\xd8\xff\xe1\x1c\x45Exif\0\0MM\0*')],
	['image', 'image/webp', 'webp', 'a WEBP image', text('RIFF\x24\0\0\0WEBPVP8 ')],
	['image', 'image/gif', 'gif', 'a GIF image', text('GIF89a\x01\0\x01\0\x80\0\0\0\0\0')],
	['image', 'image/bmp', 'bmp', 'a BMP image', text('BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0')],
	['image', 'image/tiff', 'tif', 'a TIFF image', text('II*\0\x08\0\0\0\0\0\0\0\0\0\0\0')],
	['image', 'image/tiff', 'tif', 'a TIFF image', text('MM\0*\0\0\0\x08\0\0\0\0\0\0\0\0')],
	...'heic heix heim heis hevc hevx hevm hevs mif1 msf1 heif'
		.split(' ')
		.map((brand): [string, string, string, string, Buffer] => [
			'image',
			'image/heic',
			'heic',
			'a HEIC image',
			box(brand),
		]),
	['image', 'image/avif', 'avif', 'an AVIF image', box('avif')],
	['image', 'image/avif', 'avif', 'an AVIF image', box('avis')],
	['audio', 'audio/mp4', 'm4a', 'M4A sound', box('M4A ')],
	['audio', 'audio/mp4', 'm4a', 'M4A sound', box('M4B ')],
	['container', 'video/quicktime', 'mov', 'a MOV video', box('qt  ')],
	['container', 'video/mp4', 'mp4', 'an MP4 video', box('isom')],
	['container', 'video/mp4', 'mp4', 'an MP4 video', box('mp42')],
	['container', 'video/mp4', 'mp4', 'an MP4 video', box('zzzz')],
	['other', 'application/pdf', 'pdf', 'a PDF document', text('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1')],
	['other', 'application/zip', 'zip', 'a ZIP archive', text('PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0')],
	['other', 'application/zip', 'zip', 'a ZIP archive', text(`PK\x05\x06${'\0'.repeat(18)}`)],
	['other', 'text/html', 'html', 'a web page or SVG', text('<!doctype html><')],
	['other', 'text/html', 'html', 'a web page or SVG', text('\n  <svg xmlns="ht')],
	['other', 'application/json', 'json', 'JSON text', text('{"type":"error",')],
	['other', 'application/json', 'json', 'JSON text', text(' [{"id": 1}]')],
	['other', 'application/json', 'json', 'JSON text', Buffer.from('\ufeff{"größe": 1}')],
	['other', 'text/plain', 'txt', 'text', text('Not found: {a.png}')],
	['other', 'text/plain', 'txt', 'text', Buffer.from('\ufeffShot,Length\r\n1,"6"', 'utf16le')],
	['other', 'application/json', 'json', 'JSON text', Buffer.from('\ufeff[{}]', 'utf16le')],
	['other', 'text/plain', 'txt', 'text', text('BM is short for Bamberg')],
	['other', 'text/plain', 'txt', 'text', Buffer.from('Überschrift und Länge; in größeren Sätzen')],
	['other', 'text/plain', 'txt', 'text', Buffer.from('\ufeffSzene,Länge\r\n1,"Été 2026"\r\n')],
	['other', 'text/plain', 'txt', 'text', Buffer.from('海上的灯塔，海浪涌来。'.repeat(5))],
];

it.each(HEADS)(
	'what is told by its bytes: %s %s, .%s, %s',
	(medium, mimeType, extension, name, head) => {
		const type = { medium, mimeType, extension, name };

		expect(detectFileType(head)).toEqual(type);
		expect(detectFileType(head.subarray(0, HEAD_BYTES))).toEqual(type);
	},
);

it.each([
	['a PNG signature that lost its line ends', text('\x89PNG\n\x1a\n\0\0\0\rIHDR\0')],
	['a container like that of WEBP, with something else', text('RIFF\x24\0\0\0ACONLIST')],
	['a container like that of MKV, with something else', text('\x1aE\xdf\xa3\x42\x82\x84test')],
	['a sound of an older kind than MP3', bytes(0xff, 0xfd, 0x90, 0x04)],
	['a beginning that was cut off', text('\x89PN')],
	['a box that is not the first', text('\0\0\0\x08uuid\0\0\0\x1cftyp')],
	['a box that is cut off', text('\0\0\0\x1cfty')],
	['a container that nobody marked as one', text('\0\0\0\x00\x24\0\0\0AVI LIST')],
	['a byte like the second of sound', bytes(0x01, 0xfb, 0x90, 0x04)],
	['another byte like the second of sound', bytes(0x01, 0xf1, 0x50, 0x80)],
	['an image of bits without its zeros', text('BM\x46\x01\x02\x03\x04\x05\x06\x07')],
	['a tag in the middle of a sentence', text('\x01 <svg')],
	['a bracket before bytes that are no text', text('{\x00\x01\x02 raw video')],
	['a tag before bytes that are no text', text('<\xff\xfe raw sound')],
	['text that goes on with bytes that are none', text('frames of raw video:\xff\xfe\x00\x10')],
	['nothing at all', Buffer.alloc(0)],
	['zeros', Buffer.alloc(HEAD_BYTES)],
])('%s is not taken for a known type', (_what, head) => {
	expect(detectFileType(head).mimeType).toBe('application/octet-stream');
});

it('names what it does not know by its first bytes', () => {
	expect(detectFileType(bytes(0xde, 0xad, 0xbe, 0xef, 0, 1, 2, 3, 4, 5)).name).toBe(
		'an unknown kind of file (it begins with deadbeef00010203)',
	);
});

it.each([
	['sound.mp3', 'audio', 'audio/mpeg', 'mp3', 'MP3 sound'],
	['sound-without-tag.mp3', 'audio', 'audio/mpeg', 'mp3', 'MP3 sound'],
	['sound.m4a', 'audio', 'audio/mp4', 'm4a', 'M4A sound'],
	['sound.ogg', 'audio', 'audio/ogg', 'ogg', 'OGG sound'],
	['sound-adpcm.wav', 'audio', 'audio/wav', 'wav', 'WAV sound'],
	['sound-pcm.wav', 'audio', 'audio/wav', 'wav', 'WAV sound'],
	['sound-float.wav', 'audio', 'audio/wav', 'wav', 'WAV sound'],
	['sound-extensible.wav', 'audio', 'audio/wav', 'wav', 'WAV sound'],
	['sound.flac', 'audio', 'audio/flac', 'flac', 'FLAC sound'],
	['sound.aac', 'audio', 'audio/aac', 'aac', 'AAC sound without a container'],
	['video.mov', 'container', 'video/quicktime', 'mov', 'a MOV video'],
	['video.mkv', 'container', 'video/x-matroska', 'mkv', 'an MKV video'],
	['video.webm', 'container', 'video/webm', 'webm', 'a WEBM video'],
	['video.avi', 'video', 'video/x-msvideo', 'avi', 'an AVI video'],
])('the file %s of a real encoder is %s %s, .%s, %s', (file, medium, mimeType, extension, name) => {
	const head = sample(file).subarray(0, HEAD_BYTES);
	expect(detectFileType(head)).toEqual({ medium, mimeType, extension, name });
});

const brands = (...names: string[]) =>
	text(
		`\0\0\0${String.fromCharCode(16 + 4 * (names.length - 1))}ftyp${names[0]}\0\0\0\0${names.slice(1).join('')}heic`,
	);

it.each([
	['an AVIF image', ['avif', 'mif1', 'miaf']],
	['an AVIF image', ['mif1', 'avif', 'miaf']],
	['an AVIF image', ['msf1', 'mif1', 'avis']],
	['a HEIC image', ['heic', 'mif1', 'heic']],
	['a HEIC image', ['mif1', 'mif2', 'heix']],
	['a HEIC image', ['MiHB', 'mif1', 'heic']],
	['an MP4 video', ['isom', 'mp42', 'heic']],
	['a MOV video', ['qt  ', 'mif1']],
	['M4A sound', ['M4A ', 'mif1']],
	['an MP4 video', ['XAVC', 'mp42', 'iso2']],
])('takes for %s what names the brands %j', (name, names) => {
	expect(detectFileType(brands(...names)).name).toBe(name);
});

const PNG_IN_BASE64 = PNG.toString('base64');
const wrapped = PNG_IN_BASE64.replace(/.{60}/g, '$&\r\n');

it.each([
	[PNG_IN_BASE64, 'a text with base64 instead of a file'],
	[`"${PNG_IN_BASE64}"`, 'a text with base64 instead of a file'],
	[wrapped, 'a text with base64 instead of a file'],
	[sample('sound.mp3').toString('base64'), 'a text with base64 instead of a file'],
	[sample('video.webm').toString('base64url'), 'a text with base64 instead of a file'],
	[`data:image/png;base64,${PNG_IN_BASE64}`, 'a text with a data: address instead of a file'],
	['DATA:video/mp4;base64,AAAA', 'a text with a data: address instead of a file'],
	['data: nothing was found', 'text'],
	['data', 'text'],
	['Not/found', 'text'],
	[Buffer.from('Not found, and long enough').toString('base64'), 'text'],
	[`The file: ${PNG_IN_BASE64}`, 'text'],
])('tells a text with a file in it from others: %s', (words, name) => {
	const head = text(words).subarray(0, HEAD_BYTES);

	expect(detectFileType(head)).toMatchObject({ medium: 'other', mimeType: 'text/plain', name });
});

it.each(['moov', 'mdat', 'wide', 'pnot', 'free', 'skip'])(
	'knows a video from the start of QuickTime files without a brand: %s',
	(type) => {
		const head = text(`\0\0\0\x20${type}\0\0\0\x18mvhd`);
		expect(detectFileType(head)).toMatchObject({
			medium: 'container',
			mimeType: 'video/quicktime',
			extension: 'mov',
			name: 'a MOV video',
		});
	},
);

it.each(['The free bird flies', 'The wide street', 'dry,free,cold'])(
	'takes no text for a QuickTime file: %s',
	(words) => {
		expect(detectFileType(text(words))).toMatchObject({ medium: 'other', name: 'text' });
	},
);

const ZIP = text('PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0');
const MP4 = { mimeType: 'video/mp4', extension: 'mp4' };

it('says what a result is called, and where a job holds it', () => {
	expect(MP4_RESULT).toMatchObject({ key: 'video_url', name: 'an MP4 video' });
	expect(zipResult('frames_url')).toMatchObject({ key: 'frames_url', name: 'a ZIP archive' });
	expect(anyResult('mask_url')).toMatchObject({ key: 'mask_url', name: 'a file' });
});

it.each([
	[box('isom'), true],
	[box('isom').subarray(0, 16), true],
	[box('isom').subarray(0, 15), false],
	[box('qt  '), true],
	[box('avif'), false],
	[ZIP, false],
])('takes for a finished video what begins like an MP4: %#', (head, expected) => {
	expect(isMp4(head)).toBe(expected);
	expect(MP4_RESULT.typeOf(head)).toEqual(expected ? MP4 : undefined);
	const isZip = zipResult('frames_url').typeOf(head) !== undefined;
	expect(isZip).toBe(head === ZIP);
});

it('takes a file of any kind as a result by what it is', () => {
	expect(anyResult('mask_url')).toMatchObject({ key: 'mask_url' });
	expect(anyResult('mask_url').typeOf(text('GIF89a'))).toMatchObject({ extension: 'gif' });
	expect(anyResult('mask_url').typeOf(bytes(1, 2, 3))).toMatchObject({ extension: 'bin' });
});
