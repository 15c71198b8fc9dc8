/** What a file is to people. `container` may hold a picture, sound, or both. */
export type Medium = 'image' | 'video' | 'audio' | 'container' | 'other' | 'unknown';

/** A kind of file, told by its first bytes. */
export interface FileType {
	medium: Medium;
	mimeType: string;
	/** Of a file name, without the dot. */
	extension: string;
	/** As in "the field holds …". */
	name: string;
}

const startsWith =
	(...bytes: number[]) =>
	(head: Buffer) =>
		head.subarray(0, bytes.length).equals(Buffer.from(bytes));

const textAt =
	(text: string, offset = 0) =>
	(head: Buffer) =>
		head.toString('latin1', offset, offset + text.length) === text;

const isRiff = (format: string) => (head: Buffer) =>
	textAt('RIFF')(head) && textAt(format, 8)(head);

/** MP4 and its relatives begin with a box that names their brand, and others that they agree with. */
const isBox = textAt('ftyp', 4);
const brandIs =
	(...brands: string[]) =>
	(head: Buffer) =>
		isBox(head) && brands.includes(head.toString('latin1', 8, 12));

const VIDEO_BRANDS = /^(iso|mp4|avc1|dash|M4|3g|qt)/;

/** Of images, the first brand may say no more than that it is one, or whose. */
const imageBrandIs =
	(...brands: string[]) =>
	(head: Buffer) => {
		if (!isBox(head)) return false;
		const [first = '', , ...others]: Array<string | undefined> =
			head.toString('latin1', 8, head.readUInt32BE(0)).match(/.{4}/gs) ?? [];
		return (
			brands.includes(first) ||
			(!VIDEO_BRANDS.test(first) && brands.some((brand) => others.includes(brand)))
		);
	};

/** How many first bytes tell every type. */
export const HEAD_BYTES = 64;

// The type of the document stands somewhere in the header, which is short.
const isEbml = (documentType: string) => (head: Buffer) =>
	startsWith(0x1a, 0x45, 0xdf, 0xa3)(head) && head.subarray(0, HEAD_BYTES).includes(documentType);

// Files without a brand begin with their content, or with room for it.
const OLD_QUICKTIME_BOXES = ['moov', 'mdat', 'wide', 'pnot', 'free', 'skip'];

const isMpegAudio = (head: Buffer) =>
	textAt('ID3')(head) || (head[0] === 0xff && (head[1] & 0xe6) === 0xe2);

/** Text, of which the last character may be cut off; nothing where it is none. */
function textOfHead(head: Buffer): string | undefined {
	const encoding = startsWith(0xff, 0xfe)(head) ? 'utf16le' : 'utf8';
	const text = head.toString(encoding, 0, HEAD_BYTES).replace(/\ufffd{1,3}$/, '');
	return /^[^\ufffd\p{Cc}]*$/u.test(text.replace(/[\t\n\f\r]/g, ' ')) ? text : undefined;
}

/** A file that was written as text, as APIs give it. */
function isBase64(head: Buffer): boolean {
	const [, base64] = /^\s*"?([\w+/\s-]+={0,2})"?\s*$/.exec(textOfHead(head) ?? '') ?? [];
	if (!base64) return false;
	const { medium } = detectFileType(Buffer.from(base64, 'base64'));
	return !['other', 'unknown'].includes(medium);
}

const textMatches = (pattern: RegExp) => (head: Buffer) => pattern.test(textOfHead(head) ?? '');

export const DATA_URI_TEXT = 'a text with a data: address instead of a file';
export const BASE64_TEXT = 'a text with base64 instead of a file';

const HEIC_BRANDS = 'heic heix heim heis hevc hevx hevm hevs mif1 msf1 heif'.split(' ');

type Known = [Medium, string, string, string, (head: Buffer) => boolean];

// Most special first: HEIC and M4A are boxes like MP4.
const KNOWN: Known[] = [
	[
		'image',
		'image/png',
		'png',
		'a PNG image',
		startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
	],
	['image', 'image/jpeg', 'jpg', 'a JPEG image', startsWith(0xff, 0xd8, 0xff)],
	['image', 'image/webp', 'webp', 'a WEBP image', isRiff('WEBP')],
	['image', 'image/gif', 'gif', 'a GIF image', textAt('GIF8')],
	[
		'image',
		'image/bmp',
		'bmp',
		'a BMP image',
		// Four reserved bytes are always zero; a text may begin with BM too.
		(head) => textAt('BM')(head) && textAt('\0\0\0\0', 6)(head),
	],
	[
		'image',
		'image/tiff',
		'tif',
		'a TIFF image',
		(head) => textAt('II*\0')(head) || textAt('MM\0*')(head),
	],
	['image', 'image/avif', 'avif', 'an AVIF image', imageBrandIs('avif', 'avis')],
	['image', 'image/heic', 'heic', 'a HEIC image', imageBrandIs(...HEIC_BRANDS)],
	['audio', 'audio/mp4', 'm4a', 'M4A sound', brandIs('M4A ', 'M4B ')],
	['container', 'video/quicktime', 'mov', 'a MOV video', brandIs('qt  ')],
	[
		'container',
		'video/quicktime',
		'mov',
		'a MOV video',
		// A text may have such a word there too, but begins with a letter and not with a length.
		(head) => head[0] < 0x20 && OLD_QUICKTIME_BOXES.some((type) => textAt(type, 4)(head)),
	],
	['container', 'video/mp4', 'mp4', 'an MP4 video', isBox],
	['container', 'video/webm', 'webm', 'a WEBM video', isEbml('webm')],
	['container', 'video/x-matroska', 'mkv', 'an MKV video', isEbml('matroska')],
	['video', 'video/x-msvideo', 'avi', 'an AVI video', isRiff('AVI ')],
	['audio', 'audio/wav', 'wav', 'WAV sound', isRiff('WAVE')],
	['audio', 'audio/ogg', 'ogg', 'OGG sound', textAt('OggS')],
	['audio', 'audio/flac', 'flac', 'FLAC sound', textAt('fLaC')],
	['audio', 'audio/mpeg', 'mp3', 'MP3 sound', isMpegAudio],
	[
		'audio',
		'audio/aac',
		'aac',
		'AAC sound without a container',
		(head) => head[0] === 0xff && (head[1] & 0xf6) === 0xf0,
	],
	['other', 'application/pdf', 'pdf', 'a PDF document', textAt('%PDF')],
	[
		'other',
		'application/zip',
		'zip',
		'a ZIP archive',
		// The second is one without files.
		(head) => textAt('PK\u0003\u0004')(head) || textAt('PK\u0005\u0006')(head),
	],
	['other', 'text/html', 'html', 'a web page or SVG', textMatches(/^\ufeff?\s*</)],
	['other', 'application/json', 'json', 'JSON text', textMatches(/^\ufeff?\s*[{[]/)],
	[
		'other',
		'text/plain',
		'txt',
		DATA_URI_TEXT,
		textMatches(/^\ufeff?\s*"?data:[\w.+-]+\/[\w.+-]+[;,]/i),
	],
	['other', 'text/plain', 'txt', BASE64_TEXT, isBase64],
	['other', 'text/plain', 'txt', 'text', textMatches(/./s)],
];

/** Tells a file's type by its first bytes; a label or a file name is never asked. */
export function detectFileType(head: Buffer): FileType {
	const known = KNOWN.find(([, , , , matches]) => matches(head));
	if (!known) {
		return {
			medium: 'unknown',
			mimeType: 'application/octet-stream',
			extension: 'bin',
			name: `an unknown kind of file (it begins with ${head.subarray(0, 8).toString('hex')})`,
		};
	}
	const [medium, mimeType, extension, name] = known;
	return { medium, mimeType, extension, name };
}

// The first box of an MP4 has a brand and its version at least.
const SHORTEST_MP4_BYTES = 16;

/** An MP4 begins with a box that names its brand, and so do some files that are no MP4. */
export function isMp4(head: Buffer): boolean {
	return (
		isBox(head) && head.length >= SHORTEST_MP4_BYTES && detectFileType(head).medium !== 'image'
	);
}
