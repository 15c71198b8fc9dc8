// A message that names a hundred items is read by nobody.
const MOST_NAMED = 10;

/** The first entries of a list in words, and how many others there are. */
export function shortList(entries: Array<string | number>): string {
	const named = entries.slice(0, MOST_NAMED).join(', ');
	const others = entries.length - MOST_NAMED;
	return others > 0 ? `${named} and ${others} more` : named;
}
