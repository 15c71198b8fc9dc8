import { invalidInput } from '../../api/errors';
import { cleanText } from '../../api/redact';

/*
 * Parameter values come from the editor, from expressions and from AI agents, which send "8" for 8.
 * Each function takes such a value and gives the one for the API, or refuses it in plain words.
 * `label` is the name of the field as the user sees it.
 */

const DECIMAL = /^(\d*\.)?\d+$/;

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

function parseNumber(value: unknown): number {
	const isNumberText = typeof value === 'string' && DECIMAL.test(value.trim());
	const number = isNumberText ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : NaN;
}

/** A number that may be 0. */
export function toNumber(label: string, value: unknown): number {
	const number = parseNumber(value);
	if (number >= 0) return number;
	throw invalidInput(`${label} must be a number of at least 0, but is ${describe(value)}`);
}

export function toPositiveNumber(label: string, value: unknown): number {
	const number = parseNumber(value);
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
	const text = String(value).trim().toLowerCase();
	if (value !== null && typeof value !== 'object') {
		if (text === 'true' || text === '1') return true;
		if (text === 'false' || text === '0') return false;
	}
	throw invalidInput(`${label} must be true or false, but is ${describe(value)}`);
}

/** For parameters of the node itself, whose values other than the listed ones mean nothing. */
export function toOneOf<T extends string>(label: string, value: unknown, allowed: readonly T[]): T {
	const text = toTrimmedText(label, value);
	const found = allowed.find((entry) => entry === text);
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
