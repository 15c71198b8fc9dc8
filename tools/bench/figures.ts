/** One measured figure and what it must reach. */
export interface Figure {
	name: string;
	measured: number;
	/** Left out where the figure is a ratio or a count. */
	unit?: 's' | 'ms' | 'kB';
	atMost: number;
	/** What stands behind the figure, such as the single runs. For the JSON file only. */
	details?: Record<string, unknown>;
}

export function isReached({ measured, atMost }: Figure): boolean {
	// NaN, from a run that measured nothing, reaches nothing.
	return measured <= atMost;
}

export function mean(values: number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** To as many digits as a reader can use. */
export function rounded(value: number): number {
	return Number(value.toPrecision(3));
}

function quantity(value: number, unit: Figure['unit']): string {
	return [String(rounded(value)), unit].filter(Boolean).join(' ');
}

/** Rows for `console.table`. */
export function toRows(figures: Figure[]): Array<Record<string, string>> {
	return figures.map((figure) => ({
		figure: figure.name,
		measured: quantity(figure.measured, figure.unit),
		'must reach': `≤ ${quantity(figure.atMost, figure.unit)}`,
		ok: isReached(figure) ? 'yes' : 'NO',
	}));
}
