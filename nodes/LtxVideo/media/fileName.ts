// What Windows, macOS, Linux or a download dialog does not take.
const IMPOSSIBLE = /[\\/:*?"<>|\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/gu;
// File systems take 255; the rest is for the extension.
const MOST_BYTES = 240;

/**
 * A name that a file can have everywhere: what no file name may hold becomes `_`, and the extension
 * is added where it is missing.
 *
 * @param label tells files of one name apart; stands before the extension
 */
export function nameFile(wanted: string, extension: string, label = ''): string {
	const [clean, mark] = [wanted.trim(), label].map((text) => text.replace(IMPOSSIBLE, '_'));
	const [, stem, ending] = new RegExp(`^(.*)(\\.${extension})$`, 'i').exec(clean) ?? [
		clean,
		clean,
		`.${extension}`,
	];
	const characters = [...stem].slice(0, MOST_BYTES);
	const isTooLong = () => Buffer.byteLength(characters.join('') + mark) > MOST_BYTES;
	while (characters.length > 0 && isTooLong()) characters.pop();
	return `${characters.join('')}${mark}${ending}`;
}
