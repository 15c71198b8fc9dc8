import type { IExecuteFunctions } from 'n8n-workflow';

import { invalidInput } from '../api/errors';
import { isRecord } from '../api/json';
import type { ReadParameter } from '../endpoints/fields/field';

// n8n throws for a parameter that is not there, unless it has a fallback.
const NOT_SET = 'ltx-video:not-set';

/** Reads top-level parameters of an item, with their expressions resolved. */
export function parametersOf(context: IExecuteFunctions, itemIndex: number): ReadParameter {
	return (name) => {
		const value: unknown = context.getNodeParameter(name, itemIndex, NOT_SET);
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
		for (const [name, value] of Object.entries(isRecord(added) ? added : {})) {
			if (value !== undefined && value !== null && value !== '') continue;
			throw invalidInput(
				`${inWords(name)} is empty`,
				`Fill it in, or remove it from ${inWords(collection)}.`,
			);
		}
	}
}
