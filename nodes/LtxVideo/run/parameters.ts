import type { IExecuteFunctions } from 'n8n-workflow';

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
	return (name) => {
		const added = parametersOf(context, itemIndex)(collection);
		if (!isRecord(added) || !Object.hasOwn(added, name)) return undefined;
		return added[name] ?? null;
	};
}
