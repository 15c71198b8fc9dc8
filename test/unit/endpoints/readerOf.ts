import type { ReadParameter } from '../../../nodes/LtxVideo/endpoints/fields/field';

/** Reads parameters that were set to `values`. */
export function readerOf(values: object): ReadParameter {
	return (name) => (values as Record<string, unknown>)[name];
}
