import type { IExecuteFunctions } from 'n8n-workflow';

import { invalidInput, type LtxError } from '../api/errors';
import { isRecord } from '../api/json';
import { cleanText } from '../api/redact';
import type { ReadParameter } from '../endpoints/fields/field';
import { fold } from '../endpoints/fields/words';
import { shortList } from './shortList';

// n8n throws for a parameter that is not there, unless it has a fallback.
const NOT_SET = 'ltx-video:not-set';

interface Reading {
	/** The name of a parameter, or of a collection and a field in it. */
	path: string[];
	value: unknown;
}

/**
 * What was read last for each item of a run, since a value that makes no sense is refused as soon as it
 * is read. Only what may be empty, wholly or in parts.
 */
const lastReadings = new WeakMap<IExecuteFunctions, Map<number, Reading>>();

function noteReading(context: IExecuteFunctions, itemIndex: number, reading: Reading): void {
	const readings = lastReadings.get(context) ?? new Map<number, Reading>();
	lastReadings.set(context, readings);
	if (isNothing(reading.value) || typeof reading.value === 'object') {
		readings.set(itemIndex, reading);
	} else {
		readings.delete(itemIndex);
	}
}

function isNothing(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && !/\S/.test(value));
}

/** Reads top-level parameters of an item, with their expressions resolved. */
export function parametersOf(context: IExecuteFunctions, itemIndex: number): ReadParameter {
	return (name) => {
		const value: unknown = context.getNodeParameter(name, itemIndex, NOT_SET);
		noteReading(context, itemIndex, { path: [name], value });
		return value === NOT_SET ? undefined : (value ?? null);
	};
}

/** Reads the fields that the user added to a collection. n8n gives nothing else for one. */
export function collectionOf(
	context: IExecuteFunctions,
	itemIndex: number,
	collection: string,
): ReadParameter {
	// n8n resolves all of a collection at once, each time that it is asked.
	let added: unknown;
	return (name) => {
		added ??= parametersOf(context, itemIndex)(collection) ?? {};
		if (!isRecord(added) || !Object.hasOwn(added, name)) return undefined;
		noteReading(context, itemIndex, { path: [collection, name], value: added[name] });
		return added[name] ?? null;
	};
}

/** As the panel calls it: `lastFrameUri` → "Last Frame URL" */
function inWords(name: string): string {
	return name
		.replace(/[A-Z]/g, ' $&')
		.replace(/^./, (letter) => letter.toUpperCase())
		.replace(/ Uri$/, ' URL')
		.replace(/ Binary Property$/, ' Binary Field');
}

/**
 * What was added to a collection is meant, also where nothing has looked at it, such as the address
 * of a file whose source is another.
 *
 * @throws {LtxError} `invalid_input` for a field that comes out empty
 */
export function refuseEmptyFields(
	context: IExecuteFunctions,
	itemIndex: number,
	collections: string[],
): void {
	for (const collection of collections) {
		const added = parametersOf(context, itemIndex)(collection);
		for (const name of Object.keys(isRecord(added) ? added : {})) {
			const value = collectionOf(context, itemIndex, collection)(name);
			if (value !== null && value !== '') continue;
			throw invalidInput(
				`${inWords(name)} is empty`,
				`Fill it in, or remove it from ${inWords(collection)}.`,
			);
		}
	}
}

/** The expression, as it is written, that gave nothing for a parameter or a part of it. */
function findEmptied(written: unknown, value: unknown): string | undefined {
	if (typeof written === 'string') {
		return written.startsWith('=') && isNothing(value) ? written : undefined;
	}
	if (typeof written !== 'object' || written === null) return undefined;
	for (const [name, part] of Object.entries(written)) {
		const found = findEmptied(part, (value as Partial<Record<string, unknown>> | null)?.[name]);
		if (found !== undefined) return found;
	}
	return undefined;
}

// As in $json.idea, $json["My Idea"] and $('Form').item.json.idea.
const ASKED_FIELD = /\bjson(?:\??\.([\p{L}_$][\p{L}\p{N}_$]*)|(?:\?\.)?\[\s*(["'`])(.+?)\2\s*\])/gu;

const LONGEST_NAME = 40;

function shorten(name: string): string {
	const clean = cleanText(name);
	return clean.length > LONGEST_NAME ? `${clean.slice(0, LONGEST_NAME)}…` : clean;
}

function describeFields(fields: string[]): string {
	if (fields.length === 0) return 'The item has no fields.';
	return `The item has the field${fields.length > 1 ? 's' : ''} ${shortList(fields.map(shorten))}.`;
}

/**
 * Where an expression gave nothing for what is refused as empty, the error says so, and names the
 * fields that the input item has: most often a name is misspelt or has another case.
 */
export function explainEmpty(
	context: IExecuteFunctions,
	itemIndex: number,
	error: LtxError,
): LtxError {
	const reading = lastReadings.get(context)?.get(itemIndex);
	if (!reading || error.type !== 'invalid_input' || !/ empty$/.test(error.message)) return error;
	let written: unknown = context.getNode().parameters;
	for (const name of reading.path) written = isRecord(written) ? written[name] : undefined;
	const expression = findEmptied(written, reading.value);
	if (expression === undefined) return error;
	const fields = Object.keys(context.getInputData()[itemIndex]?.json ?? {});
	const asked = [...expression.matchAll(ASKED_FIELD)].map(([, plain, , quoted]) => plain ?? quoted);
	const meant = fields.find(
		(field) => !asked.includes(field) && asked.some((name) => fold(name) === fold(field)),
	);
	const hint = meant === undefined ? '' : ` Did you mean ${shorten(meant)}?`;
	return error.with(
		{},
		`${error.message}: its expression gave nothing. ${describeFields(fields)}${hint}`,
	);
}
