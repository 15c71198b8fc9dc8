import { LtxError } from '../api/errors';
import { cleanText } from '../api/redact';
import { DOCUMENTED_ON } from '../endpoints/catalog/models';
import type { Price } from '../endpoints/catalog/prices';
import type { Cost } from '../operations/item';
import { shortList } from './shortList';

/** Cents, rounded up: what is told is never less than what may be charged. */
function inUsd(usd: number): string {
	return `USD ${(Math.ceil(Math.round(usd * 10_000) / 100) / 100).toFixed(2)}`;
}

/** As the user gave it: rounded, a limit could read like the sum that exceeds it. */
function limitInUsd(usd: number): string {
	const cents = usd.toFixed(2);
	return `USD ${Number(cents) === usd ? cents : usd}`;
}

interface Priced {
	index: number;
	usd: number;
	isExact: boolean;
}

function describePrice({ index, usd, isExact }: Priced): string {
	return `item ${index}: ${isExact ? '' : 'at most '}${inUsd(usd)}`;
}

function unknownPrice({ unknown, advice }: Extract<Price, { unknown: string }>): LtxError {
	const help = advice ?? 'Choose listed values whose price is known.';
	return new LtxError('budget_exceeded', `${cleanText(unknown)}, so Max Cost cannot be kept`, {
		advice: `This item was not sent. ${help} To send it all the same, remove the option Max Cost.`,
	});
}

/**
 * The spending guard: adds up what all items of the run may cost. Where items name different limits,
 * the lowest counts.
 *
 * @param costs by item; `undefined` for items that submit nothing
 * @returns by item, why it may not be submitted; `undefined` where it may
 */
export function findOverBudget(costs: Array<Cost | undefined>): Array<LtxError | undefined> {
	const limits = costs.flatMap((cost) => cost?.maxUsd ?? []);
	if (limits.length === 0) return [];
	const maxUsd = Math.min(...limits);
	const priced = costs.flatMap((cost, index): Priced[] =>
		cost && 'usd' in cost.price ? [{ index, ...cost.price }] : [],
	);
	const sumUsd = priced.reduce((sum, { usd }) => sum + usd, 0);
	// Sums of fractions are off by a hair.
	const isTooMuch = sumUsd > maxUsd + 1e-9;
	const list = shortList(priced.map(describePrice));
	return costs.map((cost) => {
		if (!cost || cost.isPaid) return undefined;
		if ('unknown' in cost.price) return unknownPrice(cost.price);
		if (!isTooMuch) return undefined;
		return new LtxError(
			'budget_exceeded',
			`This run may cost ${inUsd(sumUsd)}, which is more than Max Cost (${limitInUsd(maxUsd)}): ${list}`,
			{
				advice: `Send fewer items, make the videos shorter or smaller, or raise Max Cost. Prices are estimates as of ${DOCUMENTED_ON}.`,
			},
		);
	});
}
