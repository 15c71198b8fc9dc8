/** What one job costs in US dollars, or why that is not known. */
export type Price =
	| {
			usd: number;
			/** False where it is the most that the job can cost. */
			isExact: boolean;
	  }
	| {
			/** As in "… has no known price". */
			unknown: string;
			/** What would help. */
			advice?: string;
	  };

/** How long a file is: what its header tells, else the most that LTX documents. */
export interface Length {
	seconds: number;
	isExact: boolean;
}

export function lengthOf({ seconds }: { seconds?: number }, ceilingSeconds: number): Length {
	return seconds === undefined
		? { seconds: ceilingSeconds, isExact: false }
		: { seconds, isExact: true };
}

/** A price per second for a length. */
export function priceOf(usdPerSecond: number, { seconds, isExact }: Length): Price {
	return { usd: roundUsd(usdPerSecond * seconds), isExact };
}

/** Without the dust that sums of fractions leave, to a hundredth of a cent. */
export function roundUsd(usd: number): number {
	return Math.round(usd * 10_000) / 10_000;
}
