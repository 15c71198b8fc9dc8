import type { INodeProperties } from 'n8n-workflow';

export type DisplayOptions = INodeProperties['displayOptions'];

/**
 * For several properties of one name, of which exactly one must be shown, whatever the others hold. n8n
 * decides this in two ways: while it runs, with expressions as they are written; in the editor, with
 * what they give just now. A `show` condition lets every unresolved expression pass, so that all
 * would show. "Hidden if it is not this value" is right in both.
 */
export const unless = (value: string | number) => [{ _cnd: { not: value } }];
