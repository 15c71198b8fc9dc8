// A shorter one is no real key, and taking it out would garble addresses and ids.
const SHORTEST_SECRET = 6;

/** Takes secrets out of texts and of whole answers. */
export interface Redactor {
	/** From now on this is a secret too. */
	add(secret: string): void;
	/** A copy of `value` in which no string, key or nested value holds a secret. */
	value<T>(value: T): T;
}

function escapeForRegExp(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const inUrl = (secret: string) => encodeURIComponent(secret.replace(/\p{Surrogate}/gu, '\ufffd'));

/** Any of the texts; of those that begin alike, the longest. */
function anyOf(texts: string[], flags: string): RegExp {
	const longestFirst = [...texts].sort((a, b) => b.length - a.length);
	return new RegExp(longestFirst.map(escapeForRegExp).join('|'), flags);
}

/**
 * A redactor for secrets, plain and percent-encoded. The API must not echo a key, but a proxy or a
 * debugging server may, and outputs and errors are kept in n8n's database.
 */
export function createRedactor(given: string[] = []): Redactor {
	const secrets = new Set<string>();
	let patterns: RegExp[] = [];
	const redactText = (text: string) =>
		patterns.reduce((result, pattern) => result.replace(pattern, '[redacted]'), text);

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
	const add = (secret: string) => {
		if (secret.length < SHORTEST_SECRET || secrets.has(secret)) return;
		secrets.add(secret);
		patterns = [];
	};
	given.forEach(add);
	return {
		add,
		value<T>(value: T): T {
			if (secrets.size === 0) return value;
			if (patterns.length === 0) {
				const plain = [...secrets];
				patterns = [anyOf(plain, 'g'), anyOf(plain.map(inUrl), 'gi')];
			}
			return redact(value) as T;
		},
	};
}

// Also as it stands in JSON, with escaped slashes.
const URL_TEXT = /([a-z][a-z0-9+.-]{1,20}):(?:\\?\/){2}([^\s/\\?#"<>]+)[^\s"<>]*/gi;
const ENCODED_URL = /https?%3A%2F%2F[^\s"<>]*/gi;
// A signature may stand in the path too.
const SIGNED_PATH = /=|\/(?=[\w-]*\d)[\w-]{24,}/;
const SECRET_PAIR =
	/\b((?:x-(?:amz|goog)-)?(?:signature|credential|security-token)|hmac|sig|token|policy|key-pair-id)=[^\s&"<>/]+/gi;
// What is left of an address without its scheme.
const QUERY = /\?[^\s"<>=?]{1,100}=[^\s"<>]*/g;
const DATA_URI = /\bdata:[a-z0-9.+/-]+;base64,[a-z0-9+/=]*/gi;
// Server text may hold line breaks or terminal codes: fine as data, not in a message or log line.
const CONTROL_CHARACTERS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
// n8n shows descriptions as HTML: a server's markup must stay text.
const TAG_START = /<(?=[a-z/!])/gi;
const LONGEST_TEXT = 500;
// A server may send megabytes; no more than this is looked at.
const LONGEST_SOURCE = 4_000;

/**
 * A server's words made fit for a message or a log line: one line, at most 500 characters,
 * addresses that carry a query (which may be a signature) cut down to their host.
 */
export function cleanText(text: string): string {
	const clean = text
		.slice(0, LONGEST_SOURCE)
		.replace(DATA_URI, 'data:…')
		.replace(URL_TEXT, (url: string, scheme: string, host: string) =>
			/[?#]|%3F/i.test(url) || (/^http/i.test(scheme) && SIGNED_PATH.test(url))
				? `${scheme}://${host}/…`
				: url,
		)
		.replace(ENCODED_URL, 'https://…')
		.replace(QUERY, '?…')
		.replace(SECRET_PAIR, '$1=…')
		.replace(CONTROL_CHARACTERS, ' ')
		.replace(TAG_START, '‹')
		.trim();
	const characters = [...clean];
	return characters.length > LONGEST_TEXT
		? `${characters.slice(0, LONGEST_TEXT - 1).join('')}…`
		: clean;
}
