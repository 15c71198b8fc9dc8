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

/** Of a video of which something is not known that the price depends on, with what helps. */
export function unknownFor({ video_uri }: Record<string, unknown>, what: string): Price {
	return video_uri === undefined
		? {
				unknown: `A video whose ${what} cannot be read has no known price`,
				advice:
					'Save it again as an ordinary MP4, MOV or MKV file, not in fragments as for streaming.',
			}
		: {
				unknown: `A video by URL, whose ${what} cannot be read, has no known price`,
				advice: 'Give the video as a binary file, of which it can be read.',
			};
}

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
