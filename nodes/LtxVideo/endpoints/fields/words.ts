/*
 * People's words: what sheets, forms, chats and AI agents call numbers, switches, the entries of
 * menus and sizes. A text is taken for what it can mean for certain; any other stays as it is.
 */

/** What may follow a number, in small letters. */
export const SECONDS = ['s', 'sec', 'secs', 'second', 'seconds'];
export const MINUTES = ['min', 'mins', 'minute', 'minutes'];
export const FRAMES_PER_SECOND = ['fps', 'frames per second', 'frames per sec', 'frames/s'];

/** The number that a text gives, with a unit of these or none; NaN for any other text. */
export function numberCalled(text: string, units: readonly string[]): number {
	const said = /^((?:\d*\.)?\d+)(?:[\s_\p{Pd}]*(\p{L}.*))?$/u.exec(text.trim().toLowerCase());
	if (!said) return NaN;
	const [, number, unit] = said;
	const isKnown = unit === undefined || units.includes(unit.replace(/[\s_\p{Pd}]+/gu, ' '));
	return isKnown ? Number(number) : NaN;
}

const ON = ['true', 'yes', 'on', '1'];
const OFF = ['false', 'no', 'off', '0'];

export function switchCalled(text: string): boolean | undefined {
	const word = text.trim().toLowerCase();
	if (ON.includes(word)) return true;
	return OFF.includes(word) ? false : undefined;
}

/** An entry of a menu, as far as words go. */
export interface Entry<T = unknown> {
	name: string;
	value: T;
}

/** A name without its case and what stands between its words. Between digits that counts: 2.3 is not 23. */
export function fold(name: string): string {
	return name
		.trim()
		.toLowerCase()
		.replace(/(?<=\d)[\s._\p{Pd}]+(?=\d)/gu, '-')
		.replace(/(?<!\d)[\s._\p{Pd}]+|[\s._\p{Pd}]+(?!\d)/gu, '');
}

/** The value of the one entry of a menu that is called so, by its name or its value. */
export function entryCalled<T>(menu: ReadonlyArray<Entry<T>>, text: string): T | undefined {
	const exact = menu.find(({ value }) => value === text);
	if (exact) return exact.value;
	const called = fold(text);
	const values = menu
		.filter(({ name, value }) => [name, String(value)].some((word) => fold(word) === called))
		.map(({ value }) => value);
	return new Set(values).size === 1 ? values[0] : undefined;
}

/** What people call a quality, by the pixels of the shorter side. */
const QUALITIES = [
	['720p', 'hd'],
	['1080p', 'fullhd'],
	['1440p', '2k', 'qhd'],
	['2160p', '4k', 'uhd'],
	['4320p', '8k'],
];
const USUAL_QUALITY = ['1080p'];
const USUAL_SHAPES = ['16:9', '9:16'];

const qualityOf = (word: string) => QUALITIES.find((words) => words.includes(word)) ?? [];

function greatestDivisor(one: number, other: number): number {
	return other === 0 ? one : greatestDivisor(other, one % other);
}

/** All that may be said of a value of a menu of sizes: `1080x1920`, or a quality alone such as `4k`. */
function wordsOf(value: string): string[] {
	const size = /^(\d+)x(\d+)$/.exec(value);
	if (!size) return qualityOf(value);
	const [width, height] = size.slice(1).map(Number);
	const divisor = greatestDivisor(width, height);
	const upright = width < height ? ['portrait', 'vertical'] : ['square'];
	return [
		value,
		`${width / divisor}:${height / divisor}`,
		...(width > height ? ['landscape', 'horizontal'] : upright),
		...qualityOf(`${Math.min(width, height)}p`),
	];
}

/** The words of a text about a size; `1920 × 1080`, `4 K` and `Full HD` are one each. */
function sizeWordsIn(text: string): string[] {
	return text
		.toLowerCase()
		.replace(/(?<=\d)\s*[x×*]\s*(?=\d)/g, 'x')
		.replace(/(?<=\d)\s*:\s*(?=\d)/g, ':')
		.replace(/(?<=\d)\s+(?=[kp](?![\p{L}\p{N}]))/gu, '')
		.replace(/full[\s._\p{Pd}]*hd/gu, 'fullhd')
		.split(/[\s.,;/|_()\p{Pd}]+/u)
		.filter(Boolean);
}

/**
 * The values of a menu of sizes of which everything is true that a text says. A quality that is not
 * said is 1080p, and a portrait is 9:16 sooner than 4:5, where the menu has them.
 *
 * @returns one value; none for a text that means nothing certain; several where it leaves the shape open
 */
export function sizesCalled(menu: readonly string[], text: string): string[] {
	const said = sizeWordsIn(text);
	if (said.length === 0) return [];
	const fitting = menu.filter((value) => {
		const words = wordsOf(value);
		return said.every((word) => words.includes(word));
	});
	return [USUAL_QUALITY, USUAL_SHAPES].reduce((values, usual) => {
		const preferred = values.filter((value) => wordsOf(value).some((word) => usual.includes(word)));
		return preferred.length > 0 ? preferred : values;
	}, fitting);
}
