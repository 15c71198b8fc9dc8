import { detectFileType, HEAD_BYTES, isMp4 } from '../../../nodes/LtxVideo/media/fileTypes';
import { anyResult, MP4_RESULT, zipResult } from '../../../nodes/LtxVideo/media/resultFile';
import { sample } from '../../../tools/samples/samples';

const bytes = (...values: number[]) => Buffer.from(values);
const text = (value: string) => Buffer.from(value, 'latin1');
const box = (brand: string) => text(`\0\0\0\x1cftyp${brand}\0\0\x02\0isom`);

const HEADS: Array<[string, string, Buffer]> = [
	['a PNG image', 'image/png', text('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
	['a JPEG image', 'image/jpeg', text('\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0')],
	['a JPEG image', 'image/jpeg', text('\xff\xd8\xff\xe1\x1c\x45Exif\0\0MM\0*')],
	['a WEBP image', 'image/webp', text('RIFF\x24\0\0\0WEBPVP8 ')],
	['a GIF image', 'image/gif', text('GIF89a\x01\0\x01\0\x80\0\0\0\0\0')],
	['a BMP image', 'image/bmp', text('BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0')],
	['a TIFF image', 'image/tiff', text('II*\0\x08\0\0\0\0\0\0\0\0\0\0\0')],
	['a TIFF image', 'image/tiff', text('MM\0*\0\0\0\x08\0\0\0\0\0\0\0\0')],
	['a HEIC image', 'image/heic', box('heic')],
	['a HEIC image', 'image/heic', box('mif1')],
	['an AVIF image', 'image/avif', box('avif')],
	['an MP4 video', 'video/mp4', box('isom')],
	['an MP4 video', 'video/mp4', box('mp42')],
	['an MP4 video', 'video/mp4', box('zzzz')],
	['a PDF document', 'application/pdf', text('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1')],
	['a ZIP archive', 'application/zip', text('PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0')],
	['a web page or SVG', 'text/html', text('<!doctype html><')],
	['a web page or SVG', 'text/html', text('\n  <svg xmlns="ht')],
	['JSON text', 'application/json', text('{"type":"error",')],
	['JSON text', 'application/json', text(' [{"id": 1}]')],
	['text', 'text/plain', text('Not found: a.png')],
	['text', 'text/plain', Buffer.from('Überschrift und Länge; in größeren Sätzen')],
	['text', 'text/plain', Buffer.from('\ufeffSzene,Länge\r\n1,"Été 2026"\r\n')],
	['text', 'text/plain', Buffer.from('海上的灯塔，海浪涌来。'.repeat(5))],
	['JSON text', 'application/json', Buffer.from('\ufeff{"größe": 1}')],
	['a ZIP archive', 'application/zip', text(`PK\x05\x06${'\0'.repeat(18)}`)],
];

it.each(HEADS)('%s (%s) is told by its bytes', (name, mimeType, head) => {
	expect(detectFileType(head)).toMatchObject({ name, mimeType });
});

it.each(HEADS)('%s (%s) is told just as well by the first bytes alone', (_name, mimeType, head) => {
	expect(detectFileType(head.subarray(0, HEAD_BYTES)).mimeType).toBe(mimeType);
});

it.each([
	['a PNG signature that lost its line ends', text('\x89PNG\n\x1a\n\0\0\0\rIHDR\0')],
	['a container like that of WEBP, with something else', text('RIFF\x24\0\0\0ACONLIST')],
	['a container like that of MKV, with something else', text('\x1aE\xdf\xa3\x42\x82\x84test')],
	['a sound of an older kind than MP3', bytes(0xff, 0xfd, 0x90, 0x04)],
	['a beginning that was cut off', text('\x89PN')],
	['a box that is not the first', text('\0\0\0\x08uuid\0\0\0\x1cftyp')],
	['a box that is cut off', text('\0\0\0\x1cfty')],
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
	['sound.mp3', 'audio/mpeg'],
	['sound-without-tag.mp3', 'audio/mpeg'],
	['sound.m4a', 'audio/mp4'],
	['sound.ogg', 'audio/ogg'],
	['sound-adpcm.wav', 'audio/wav'],
	['sound-pcm.wav', 'audio/wav'],
	['sound-float.wav', 'audio/wav'],
	['sound-extensible.wav', 'audio/wav'],
	['sound.flac', 'audio/flac'],
	['sound.aac', 'audio/aac'],
	['video.mov', 'video/quicktime'],
	['video.mkv', 'video/x-matroska'],
	['video.webm', 'video/webm'],
	['video.avi', 'video/x-msvideo'],
])('the file %s of a real encoder is %s', (name, mimeType) => {
	const head = sample(name).subarray(0, HEAD_BYTES);
	expect(detectFileType(head).mimeType).toBe(mimeType);
});

it.each(['moov', 'mdat', 'wide', 'pnot', 'free', 'skip'])(
	'knows a video from the start of QuickTime files without a brand: %s',
	(type) => {
		const head = text(`\0\0\0\x20${type}\0\0\0\x18mvhd`);
		expect(detectFileType(head)).toMatchObject({
			medium: 'container',
			mimeType: 'video/quicktime',
		});
	},
);

const ZIP = text('PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0');
const MP4 = { mimeType: 'video/mp4', extension: 'mp4' };

it.each([
	[box('isom'), true],
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
