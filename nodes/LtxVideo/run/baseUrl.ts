import { invalidInput } from '../api/errors';

/**
 * The base URL without spaces around it and slashes at its end.
 */
export function toBaseUrl(value: unknown): string {
	const advice = 'Correct the base URL in the LTX API credential, for example https://api.ltx.io.';
	const text = typeof value === 'string' ? value.trim() : '';
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:\/\//i.test(text)) {
		throw invalidInput(
			'The base URL of the LTX API credential is not an http or https address',
			advice,
		);
	}
	// A user in the address would replace the key; a query or fragment would swallow the path.
	if (url.username || url.password || /[?#]/.test(text)) {
		throw invalidInput(
			'The base URL of the LTX API credential may not hold a user, a query or a fragment',
			advice,
		);
	}
	return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
