import { LTX_2_3_PRO } from './models';
import type { Price } from './prices';

/*
 * What the endpoints that edit a video have in common: one model, one documented price.
 */

export const EDITING_MODELS = [LTX_2_3_PRO];

export const EDITING_MODEL = LTX_2_3_PRO.value;

/** US dollars per second, of the 1080p row; no other is documented. */
export const EDITING_USD_PER_SECOND = 0.1;

/** For a model without a price of its own. */
export function findUnpricedModel({ model }: Record<string, unknown>): Price | undefined {
	return model === undefined || model === EDITING_MODEL
		? undefined
		: { unknown: `Model "${String(model)}" has no known price` };
}
