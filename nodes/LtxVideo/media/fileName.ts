// What Windows, macOS, Linux or a download dialog does not take.
const IMPOSSIBLE = /[\\/:*?"<>|\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/gu;
// File systems take 255; the rest is for the extension.
const MOST_BYTES = 240;

/**
 * A name that a file can have everywhere: what no file name may hold becomes `_`, and the extension
 * is added where it is missing.
 */
export function nameFile(wanted: string, extension: string): string {
	const clean = wanted.trim().replace(IMPOSSIBLE, '_');
	const [, stem, ending] = new RegExp(`^(.*)(\\.${extension})$`, 'i').exec(clean) ?? [
		clean,
		clean,
		`.${extension}`,
	];
	const characters = [...stem].slice(0, MOST_BYTES);
	while (Buffer.byteLength(characters.join('')) > MOST_BYTES) characters.pop();
	return `${characters.join('')}${ending}`;
}
