import type { INodeProperties } from 'n8n-workflow';

/**
 * For several properties of one name, of which exactly one must be shown, whatever the others hold. n8n
 * decides this in two ways: while it runs, with expressions as they are written; in the editor, with
 * what they give just now. A `show` condition lets every unresolved expression pass, so that all
 * would show. "Hidden if it is not this value" is right in both.
 */
export const unless = (value: string | number) => [{ _cnd: { not: value } }];

/**
 * A property that belongs to one value of another parameter. n8n drops values that are not shown, and refuses
 * to run while a shown one that is required is empty. So it is required only where the other holds
 * this value for certain, and hidden only where it holds another one for certain: the other may be
 * an expression.
 */
export function requiredFor(
	property: INodeProperties,
	{ parameter, value, known }: { parameter: string; value: string; known: readonly string[] },
): INodeProperties[] {
	return [
		{ ...property, required: true, displayOptions: { hide: { [parameter]: unless(value) } } },
		{ ...property, displayOptions: { hide: { [parameter]: [...known] } } },
	];
}
