import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { LtxError } from '../api/errors';
import { cleanText } from '../api/redact';
import type { ItemResult } from '../operations/item';
import type { AcceptedEntry } from '../operations/paidJobs';

interface Outcome {
	/** By item; nothing for items that failed. */
	results: ItemResult[];
	/** By item, while the node continues. */
	failures: Array<LtxError | undefined>;
	/** What this try has submitted, also for items that failed later. */
	submitted: AcceptedEntry[];
}

function countOf(items: number, singular: string): string {
	return items === 1 ? `1 ${singular}` : `${items} ${singular}s`;
}

/** What stands for videos, and what those would cost where they are not there yet. */
function describeSamples(samples: ItemResult[]): string {
	const [words, reals] =
		samples.length === 1
			? ['1 sample instead of a video', 'The real one']
			: [`${samples.length} samples instead of videos`, 'The real ones'];
	const prices = samples.flatMap(({ priceOfReal }) => priceOfReal ?? []);
	const known = prices.flatMap((price) => ('usd' in price ? price : []));
	const unknown = prices.length - known.length;
	const most = known.every(({ isExact }) => isExact) ? 'about' : 'at most';
	const sumUsd = known.reduce((sum, { usd }) => sum + usd, 0);
	return [
		`${words}: nothing was sent or charged.`,
		known.length > 0 && `${reals} would cost ${most} USD ${sumUsd.toFixed(2)}.`,
		unknown > 0 && `The price of ${countOf(unknown, 'video')} is not known.`,
	]
		.filter(Boolean)
		.join(' ');
}

/** What a person should know of a run that went through, above its output. */
function hintsOf({ results, failures, submitted }: Outcome): NodeExecutionHint[] {
	const hints: NodeExecutionHint[] = [];
	const add = (type: NodeExecutionHint['type'], message: string) =>
		hints.push({ type, message, location: 'outputPane' });
	const failed = failures.filter(Boolean).length;
	if (failed > 0) {
		add(
			'warning',
			`${countOf(failed, 'item')} failed. n8n shows the execution as a success all the same, because On Error is set to continue.`,
		);
	}
	const unfinished = results.filter((result) => result?.isUnfinished).length;
	if (unfinished > 0) {
		add(
			'warning',
			`${countOf(unfinished, 'job')} not done within Max Wait. Take them up with the operation Wait and their IDs.`,
		);
	}
	const takenUp = results.filter((result) => result?.isTakenUp).length;
	if (takenUp > 0) {
		add('info', `${countOf(takenUp, 'job')} taken up from an earlier try, not paid again.`);
	}
	const replaced = results.flatMap((result) => result?.replacedJobId ?? []);
	if (replaced.length > 0) {
		add(
			'warning',
			`${countOf(replaced.length, 'edited request')} paid anew. What was paid before: ${replaced.map(cleanText).join(', ')}.`,
		);
	}
	const samples = results.filter((result) => result?.isSample);
	if (samples.length > 0) add('info', describeSamples(samples));
	const known = submitted.flatMap(({ extra }) =>
		extra.estimated_cost_usd === undefined ? [] : Number(extra.estimated_cost_usd),
	);
	const sumUsd = known.reduce((sum, usd) => sum + usd, 0);
	if (Math.max(results.length, failures.length) > 1 && sumUsd > 0) {
		add(
			'info',
			`Estimated cost: USD ${sumUsd.toFixed(2)} for ${countOf(known.length, 'job')} whose price is known, by LTX's list of prices.`,
		);
	}
	return hints;
}

/** Older n8n, and tools of some versions, show no hints. */
export function addHints(context: IExecuteFunctions, outcome: Outcome): void {
	const hints = hintsOf(outcome);
	if (hints.length > 0 && typeof context.addExecutionHints === 'function') {
		context.addExecutionHints(...hints);
	}
}
