/** A kind of file, told by its first bytes. */
export interface FileType {
	mimeType: string;
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

/** MP4 and its relatives begin with a box that names their brand. */
const isBox = textAt('ftyp', 4);
const brandIs =
	(...brands: string[]) =>
	(head: Buffer) =>
		isBox(head) && brands.includes(head.toString('latin1', 8, 12));

// The type of the document stands somewhere in the header, which is short.
const EBML_HEADER_BYTES = 64;
const isEbml = (documentType: string) => (head: Buffer) =>
	startsWith(0x1a, 0x45, 0xdf, 0xa3)(head) &&
	head.subarray(0, EBML_HEADER_BYTES).includes(documentType);

const WAVE_PCM = 1;
const WAVE_FLOAT = 3;
const WAVE_EXTENSIBLE = 0xfffe;

/** True for sound as plain numbers, told by the format chunk. */
function isPcmWave(head: Buffer): boolean {
	if (!isRiff('WAVE')(head)) return false;
	for (let offset = 12; offset + 34 <= head.length;) {
		const length = head.readUInt32LE(offset + 4);
		if (textAt('fmt ', offset)(head)) {
			const format = head.readUInt16LE(offset + 8);
			// The extensible format has the true one further on.
			const codec = format === WAVE_EXTENSIBLE ? head.readUInt16LE(offset + 32) : format;
			return codec === WAVE_PCM || codec === WAVE_FLOAT;
		}
		// Chunks begin at even offsets.
		offset += 8 + length + (length % 2);
	}
	return false;
}

export const isZip = textAt('PK\u0003\u0004');

const OLD_QUICKTIME_BOXES = ['moov', 'mdat', 'wide', 'pnot'];

const isMpegAudio = (head: Buffer) =>
	textAt('ID3')(head) || (head[0] === 0xff && (head[1] & 0xe6) === 0xe2);

const TEXT_BYTES = 16;
const textMatches = (pattern: RegExp) => (head: Buffer) =>
	head.length > 0 && pattern.test(head.toString('latin1', 0, TEXT_BYTES));

// Most special first: HEIC and M4A are boxes like MP4.
const FILE_TYPES: Array<FileType & { matches(head: Buffer): boolean }> = [
	{
		mimeType: 'image/png',
		name: 'a PNG image',
		matches: startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
	},
	{ mimeType: 'image/jpeg', name: 'a JPEG image', matches: startsWith(0xff, 0xd8, 0xff) },
	{ mimeType: 'image/webp', name: 'a WEBP image', matches: isRiff('WEBP') },
	{ mimeType: 'image/gif', name: 'a GIF image', matches: textAt('GIF8') },
	{
		mimeType: 'image/bmp',
		name: 'a BMP image',
		// Four reserved bytes are always zero; a text may begin with BM too.
		matches: (head) => textAt('BM')(head) && textAt('\0\0\0\0', 6)(head),
	},
	{
		mimeType: 'image/tiff',
		name: 'a TIFF image',
		matches: (head) => textAt('II*\0')(head) || textAt('MM\0*')(head),
	},
	{
		mimeType: 'image/heic',
		name: 'a HEIC image',
		matches: brandIs('heic', 'heix', 'mif1', 'msf1', 'heif'),
	},
	{ mimeType: 'image/avif', name: 'an AVIF image', matches: brandIs('avif', 'avis') },
	{ mimeType: 'audio/mp4', name: 'M4A sound', matches: brandIs('M4A ', 'M4B ') },
	{ mimeType: 'video/quicktime', name: 'a MOV video', matches: brandIs('qt  ') },
	// Old QuickTime files begin with their content.
	{
		mimeType: 'video/quicktime',
		name: 'a MOV video',
		matches: (head) => OLD_QUICKTIME_BOXES.some((type) => textAt(type, 4)(head)),
	},
	{ mimeType: 'video/mp4', name: 'an MP4 video', matches: isBox },
	{ mimeType: 'video/webm', name: 'a WEBM video', matches: isEbml('webm') },
	{ mimeType: 'video/x-matroska', name: 'an MKV video', matches: isEbml('matroska') },
	{ mimeType: 'video/x-msvideo', name: 'an AVI video', matches: isRiff('AVI ') },
	{
		mimeType: 'audio/vnd.wave;codec=1',
		name: 'a WAV file with uncompressed (PCM) sound',
		matches: isPcmWave,
	},
	{ mimeType: 'audio/wav', name: 'WAV sound', matches: isRiff('WAVE') },
	{ mimeType: 'audio/ogg', name: 'OGG sound', matches: textAt('OggS') },
	{ mimeType: 'audio/flac', name: 'FLAC sound', matches: textAt('fLaC') },
	{ mimeType: 'audio/mpeg', name: 'MP3 sound', matches: isMpegAudio },
	{
		mimeType: 'audio/aac',
		name: 'AAC sound without a container',
		matches: (head) => head[0] === 0xff && (head[1] & 0xf6) === 0xf0,
	},
	{ mimeType: 'application/pdf', name: 'a PDF document', matches: textAt('%PDF') },
	{ mimeType: 'application/zip', name: 'a ZIP archive', matches: isZip },
	{
		mimeType: 'text/html',
		name: 'a web page or SVG',
		matches: textMatches(/^(ï»¿)?\s*</),
	},
	{
		mimeType: 'application/json',
		name: 'JSON text',
		matches: textMatches(/^(ï»¿)?\s*[{[]/),
	},
	{ mimeType: 'text/plain', name: 'text', matches: textMatches(/^[\t\n\r -~]*$/) },
];

/** How many first bytes tell every type. Of WAV files, other chunks may come before the format. */
export const HEAD_BYTES = 4096;

/** Tells a file's type by its first bytes; a label or a file name is never asked. */
export function detectFileType(head: Buffer): FileType {
	const known = FILE_TYPES.find(({ matches }) => matches(head));
	return (
		known ?? {
			mimeType: 'application/octet-stream',
			name: `an unknown kind of file (it begins with ${head.subarray(0, 8).toString('hex')})`,
		}
	);
}

/** An MP4 begins with a box that names its brand, and so do some files that are no MP4. */
export function isMp4(head: Buffer): boolean {
	return isBox(head) && !detectFileType(head).mimeType.startsWith('image/');
}
