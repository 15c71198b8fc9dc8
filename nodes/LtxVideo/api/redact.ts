const SHORTEST_SECRET = 4;

/** Takes secrets out of texts and of whole answers. */
export interface Redactor {
	/** A copy of `value` in which no string, key or nested value holds a secret. */
	value<T>(value: T): T;
}

/**
 * A redactor for the given secrets, plain and percent-encoded. The API must not echo a key,
 * but a proxy or a debugging server may, and outputs and errors are kept in n8n's database.
 */
export function createRedactor(secrets: string[]): Redactor {
	const needles = secrets
		.filter((secret) => secret.length >= SHORTEST_SECRET)
		.flatMap((secret) => [...new Set([secret, encodeURIComponent(secret)])]);
	const redactText = (text: string) =>
		needles.reduce((result, needle) => result.split(needle).join('[redacted]'), text);

	const redact = (value: unknown): unknown => {
		if (typeof value === 'string') return redactText(value);
		if (Array.isArray(value)) return value.map(redact);
		if (value !== null && typeof value === 'object') {
			return Object.fromEntries(
				Object.entries(value).map(([key, entry]) => [redactText(key), redact(entry)]),
			);
		}
		return value;
	};
	return { value: <T>(value: T) => (needles.length > 0 ? (redact(value) as T) : value) };
}

const URL_WITH_QUERY = /\b([a-z][a-z0-9+.-]*:\/\/[^\s/?#"'<>]+)[^\s?#"'<>]*[?#][^\s"'<>]*/gi;
const DATA_URI = /\bdata:[a-z0-9.+/-]+;base64,[a-z0-9+/=]*/gi;
// Server text may hold line breaks or terminal codes: fine as data, not in a message or log line.
const CONTROL_CHARACTERS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
// n8n shows descriptions as HTML: a server's markup must stay text.
const TAG_START = /<(?=[a-z/!])/gi;
const LONGEST_TEXT = 500;

/**
 * A server's words made fit for a message or a log line: one line, at most 500 characters,
 * addresses that carry a query (which may be a signature) cut down to their host.
 */
export function cleanText(text: string): string {
	const clean = text
		.replace(URL_WITH_QUERY, '$1/…')
		.replace(DATA_URI, 'data:…')
		.replace(CONTROL_CHARACTERS, ' ')
		.replace(TAG_START, '‹')
		.trim();
	return clean.length > LONGEST_TEXT ? `${clean.slice(0, LONGEST_TEXT)}…` : clean;
}
