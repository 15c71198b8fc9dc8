import { toBaseUrl } from '../../../nodes/LtxVideo/run/baseUrl';
import { refusalOf } from '../refusalOf';

describe('the base URL', () => {
	it.each([
		['https://api.ltx.io', 'https://api.ltx.io'],
		['  https://api.ltx.io/ \n', 'https://api.ltx.io'],
		['https://api.ltx.io///', 'https://api.ltx.io'],
		['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
		['http://[::1]:8080', 'http://[::1]:8080'],
		['https://proxy.example/ltx/', 'https://proxy.example/ltx'],
		['https://proxy.example/a/b', 'https://proxy.example/a/b'],
		['HTTPS://API.LTX.IO', 'https://api.ltx.io'],
	])('%p is taken as %p', (value, expected) => {
		expect(toBaseUrl(value)).toBe(expected);
	});

	it.each([
		'',
		'api.ltx.io',
		'//api.ltx.io',
		'ftp://api.ltx.io',
		'https:api.ltx.io',
		'https:/api.ltx.io',
		'https://',
		'https://api ltx.io',
		'https://api.ltx.io:99999',
		'file:///etc/passwd',
		'javascript:alert(1)//https://api.ltx.io',
		undefined,
		null,
		42,
		{},
	])('%p is refused as no http or https address', (value) => {
		const { message, advice } = refusalOf(() => toBaseUrl(value));

		expect(message).toMatch(/not an http or https address/);
		expect(advice).toMatch(/credential/);
	});

	it.each([
		'https://user@api.ltx.io',
		'https://user:password@api.ltx.io',
		'https://:password@api.ltx.io',
		'https://api.ltx.io?a=b',
		'https://api.ltx.io/?',
		'https://api.ltx.io/#',
		'https://api.ltx.io/a#b',
	])('%p is refused, and what it holds is not repeated', (value) => {
		const { message, advice } = refusalOf(() => toBaseUrl(value));

		expect(message).toMatch(/may not hold a user, a query or a fragment/);
		expect(`${message} ${advice}`).not.toMatch(/password|a=b/);
	});
});
