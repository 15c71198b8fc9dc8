import { invalidInput } from '../../api/errors';
import { cleanText } from '../../api/redact';
import { entryCalled, numberCalled, switchCalled, type Entry } from './words';

/*
 * Parameter values come from the editor, from expressions and from AI agents, which send "8" for 8.
 * Each function takes such a value and gives the one for the API, or refuses it in plain words.
 * `label` is the name of the field as the user sees it, `units` is what may follow a number.
 */

/** How a refused value is shown: its kind and, where that is short, itself. */
function describe(value: unknown): string {
	if (value === undefined || value === null || value === '') return 'empty';
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'object') return 'an object';
	const text = cleanText(String(value));
	return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}

function isEmpty(label: string): Error {
	return invalidInput(`${label} is empty`, `Fill in ${label}.`);
}

export function toText(label: string, value: unknown): string {
	const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
	if (text === undefined || text === null) throw isEmpty(label);
	if (typeof text !== 'string') {
		throw invalidInput(`${label} must be a text, but is ${describe(value)}`);
	}
	if (text.trim() === '') throw isEmpty(label);
	return text;
}

/** Without spaces around it, for ids, names and addresses. */
export function toTrimmedText(label: string, value: unknown): string {
	return toText(label, value).trim();
}

function parseNumber(value: unknown, units: readonly string[]): number {
	const number = typeof value === 'string' ? numberCalled(value, units) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : NaN;
}

/** A number that may be 0. */
export function toNumber(label: string, value: unknown, units: readonly string[] = []): number {
	const number = parseNumber(value, units);
	if (number >= 0) return number;
	throw invalidInput(`${label} must be a number of at least 0, but is ${describe(value)}`);
}

export function toPositiveNumber(
	label: string,
	value: unknown,
	units: readonly string[] = [],
): number {
	const number = parseNumber(value, units);
	if (number > 0) return number;
	throw invalidInput(`${label} must be a number above 0, but is ${describe(value)}`);
}

export function toPositiveInteger(label: string, value: unknown): number {
	const number = toPositiveNumber(label, value);
	if (!Number.isInteger(number)) {
		throw invalidInput(`${label} must be a whole number above 0, but is ${describe(value)}`);
	}
	return number;
}

export function toBoolean(label: string, value: unknown): boolean {
	const isWord = value !== null && typeof value !== 'object';
	const isOn = isWord ? switchCalled(String(value)) : undefined;
	if (isOn !== undefined) return isOn;
	throw invalidInput(`${label} must be true or false, but is ${describe(value)}`);
}

/**
 * For parameters of the node itself, whose values other than the listed ones mean nothing.
 *
 * @param menu how the panel calls them
 */
export function toOneOf<T extends string>(
	label: string,
	value: unknown,
	allowed: readonly T[],
	menu: readonly Entry[] = [],
): T {
	const text = toTrimmedText(label, value);
	const entries = allowed.flatMap((entry) => [
		{ name: entry, value: entry },
		...menu.filter((named) => named.value === entry).map(({ name }) => ({ name, value: entry })),
	]);
	const found = entryCalled(entries, text);
	if (found !== undefined) return found;
	throw invalidInput(`${label} must be one of ${allowed.join(', ')}, but is ${describe(value)}`);
}

/**
 * A job id that stays one segment of a path whatever it holds.
 * `.` and `..` cannot: every HTTP library resolves them, even when they are percent-encoded.
 */
export function toJobId(value: unknown): string {
	const jobId = toTrimmedText('Job ID', value);
	const isWellFormed = !/\p{Surrogate}/u.test(jobId);
	if (jobId === '.' || jobId === '..' || !isWellFormed) {
		throw invalidInput(`Job ID must be the id of an LTX job, but is ${describe(value)}`);
	}
	return jobId;
}
