import { ENDPOINTS } from '../endpoints';
import { LtxError } from '../api/errors';
import { DOCUMENTED_ON, roundUsd } from '../endpoints/models';
import type { Cost } from '../operations/item';

const PRICED = Object.values(ENDPOINTS)
	.filter(({ estimateCostUsd }) => estimateCostUsd)
	.map(({ name }) => name)
	.join(', ');

/**
 * The spending guard: adds up what all items of the run will cost. Where items name different
 * limits, the lowest counts.
 *
 * @param costs by item; `undefined` for items that submit nothing
 * @returns by item, why it may not be submitted; `undefined` where it may
 */
export function findOverBudget(costs: Array<Cost | undefined>): Array<LtxError | undefined> {
	const limits = costs.flatMap((cost) => cost?.maxUsd ?? []);
	if (limits.length === 0) return [];
	const maxUsd = Math.min(...limits);
	const known = costs.flatMap((cost) => cost?.estimatedUsd ?? []);
	const sumUsd = roundUsd(known.reduce((sum, usd) => sum + usd, 0));
	return costs.map((cost) => {
		if (!cost) return undefined;
		if (cost.estimatedUsd === undefined) {
			return new LtxError(
				'budget_exceeded',
				'The price of this job is not known, so Max Cost cannot be kept',
				{
					advice: `Nothing was sent. Prices are known for ${PRICED} with listed models and resolutions. Choose those, or remove the option Max Cost.`,
				},
			);
		}
		if (sumUsd <= maxUsd) return undefined;
		return new LtxError(
			'budget_exceeded',
			`This run would cost about USD ${sumUsd} for ${known.length === 1 ? 'one job' : `${known.length} jobs`}, which is more than Max Cost (USD ${maxUsd})`,
			{
				advice: `Nothing was sent. Send fewer items, make the videos shorter or smaller, or raise Max Cost. Prices are estimates as of ${DOCUMENTED_ON}.`,
			},
		);
	});
}
