/** A kind of file, told by its first bytes. */
interface FileType {
	mimeType: string;
	/** As in "the field holds …". */
	name: string;
	matches(head: Buffer): boolean;
}

const startsWith =
	(...bytes: number[]) =>
	(head: Buffer) =>
		head.subarray(0, bytes.length).equals(Buffer.from(bytes));

const textAt =
	(text: string, offset = 0) =>
	(head: Buffer) =>
		head.toString('latin1', offset, offset + text.length) === text;

const isBox = textAt('ftyp', 4);
const brandIs =
	(...brands: string[]) =>
	(head: Buffer) =>
		isBox(head) && brands.includes(head.toString('latin1', 8, 12));

// Most special first: HEIC and AVIF are boxes like MP4.
const FILE_TYPES: FileType[] = [
	{
		mimeType: 'image/png',
		name: 'a PNG image',
		matches: startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
	},
	{ mimeType: 'image/jpeg', name: 'a JPEG image', matches: startsWith(0xff, 0xd8, 0xff) },
	{
		mimeType: 'image/webp',
		name: 'a WEBP image',
		matches: (head) => textAt('RIFF')(head) && textAt('WEBP', 8)(head),
	},
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
	{ mimeType: 'video/mp4', name: 'an MP4 video', matches: isBox },
	{ mimeType: 'application/pdf', name: 'a PDF document', matches: textAt('%PDF') },
	{ mimeType: 'application/zip', name: 'a ZIP archive', matches: textAt('PK\u0003\u0004') },
	{
		mimeType: 'text/html',
		name: 'a web page or SVG',
		matches: (head) => /^(ï»¿)?\s*</.test(head.toString('latin1')),
	},
	{
		mimeType: 'application/json',
		name: 'JSON text',
		matches: (head) => /^(ï»¿)?\s*[{[]/.test(head.toString('latin1')),
	},
	{
		mimeType: 'text/plain',
		name: 'text',
		matches: (head) => head.length > 0 && /^[\t\n\r -~]*$/.test(head.toString('latin1')),
	},
];

/** How many first bytes tell every type. */
export const HEAD_BYTES = 16;

/** Tells a file's type by its first bytes; a label or a file name is never asked. */
export function detectFileType(head: Buffer): { mimeType: string; name: string } {
	const known = FILE_TYPES.find(({ matches }) => matches(head));
	return (
		known ?? {
			mimeType: 'application/octet-stream',
			name: `an unknown kind of file (it begins with ${head.subarray(0, 8).toString('hex')})`,
		}
	);
}
