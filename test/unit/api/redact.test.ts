import { cleanText, createRedactor } from '../../../nodes/LtxVideo/api/redact';

describe('a redactor', () => {
	const ECHOED = 'ltx_key/with+signs=';
	const redactor = createRedactor([ECHOED]);

	it('takes the key out of every string, key and nested value', () => {
		const echo = {
			status: 401,
			headers: { authorization: `Bearer ${ECHOED}`, [`x-${ECHOED}`]: undefined },
			body: { list: [{ deep: `${ECHOED} and again ${ECHOED}` }, 7, null, true] },
		};

		const clean = redactor.value(echo);

		expect(JSON.stringify(clean)).not.toContain('with+signs');
		expect(clean).toEqual({
			status: 401,
			headers: { authorization: 'Bearer [redacted]', 'x-[redacted]': undefined },
			body: { list: [{ deep: '[redacted] and again [redacted]' }, 7, null, true] },
		});
	});

	it('takes the percent-encoded key out too, as it stands in a URL', () => {
		const url = `https://h.example/?key=${encodeURIComponent(ECHOED)}&x=1`;

		expect(redactor.value(url)).toBe('https://h.example/?key=[redacted]&x=1');
	});

	it('takes the percent-encoded key out in lower case too', () => {
		expect(createRedactor(['ab/cd+ef']).value('x=ab%2fcd%2bef')).toBe('x=[redacted]');
	});

	it('leaves the value that it is given as it is', () => {
		const echo = { body: [ECHOED] };

		redactor.value(echo);

		expect(echo).toEqual({ body: [ECHOED] });
	});

	it('takes out each of several secrets', () => {
		expect(
			createRedactor(['first-secret', 'second-secret']).value('second-secret first-secret'),
		).toBe('[redacted] [redacted]');
	});

	it('knows secrets that come later, and takes out the longest of those that begin alike', () => {
		const several = createRedactor(['secret-1']);
		several.value('secret-1');
		several.add('secret-1-of-another');

		expect(several.value(['secret-1', 'secret-1-of-another', 'secret-2'])).toEqual([
			'[redacted]',
			'[redacted]',
			'secret-2',
		]);
	});

	it.each([
		['an object', { status: 'completed', result: { video_url: 'https://s.example/v?sig=1' } }],
		['a list', [1, 'two', null]],
		['a text', 'processing'],
		['nothing', undefined],
	])('keeps %s without the key just as it came', (_what, value) => {
		expect(redactor.value(value)).toEqual(value);
	});

	it('does not take a short text for a secret, which would garble every answer', () => {
		expect(createRedactor(['', 'e', 'key']).value('the monkey')).toBe('the monkey');
		expect(createRedactor(['secret']).value('the secret')).toBe('the [redacted]');
	});
});

describe("a server's words, cleaned", () => {
	it.each([
		[
			'Cannot read https://storage.example/a/b.mp4?X-Signature=secret&x=1 now',
			'Cannot read https://storage.example/… now',
		],
		['https://storage.example?sig=secret', 'https://storage.example/…'],
		['https://storage.example/#secret', 'https://storage.example/…'],
		['see "https://s.example/a?sig=secret".', 'see "https://s.example/…".'],
		['ltx://uploads/a?token=secret', 'ltx://uploads/…'],
		['HTTPS://S.EXAMPLE/a?SIG=secret', 'HTTPS://S.EXAMPLE/…'],
		['http://[::1]:80/a?sig=secret', 'http://[::1]:80/…'],
		[
			'https://a.example/?sig=secret and https://b.example/?sig=secret',
			'https://a.example/… and https://b.example/…',
		],
		['https://a.example/?sig=secret,https://b.example/?sig=secret', 'https://a.example/…'],
		["https://s.example/it's/file?X-Sig=secret", 'https://s.example/…'],
		["https://s.example/a?sig=ab'secret", 'https://s.example/…'],
		['{"url":"https:\\/\\/s.example\\/x?sig=secret"}', '{"url":"https://s.example/…"}'],
		['s.example/x?sig=secret', 's.example/x?…'],
		['_https://s.example/x?sig=secret', '_https://s.example/…'],
		['https%3A%2F%2Fs.example%2Fx%3Fsig%3Dsecret', 'https://…'],
		['http%3A%2F%2Fs.example%2Fx%3Fsig%3Dsecret', 'https://…'],
		['https://s.example/hmac=secret/a.mp4', 'https://s.example/…'],
		['https://s.example/0a1b2c3d4e5f6071829304a5b6c7d8e9/a.mp4', 'https://s.example/…'],
		['https://s.example/a-b_c-d0a1b2c3d4e5f60718/a.mp4', 'https://s.example/…'],
		['the field hmac=ab12 is old', 'the field hmac=… is old'],
		['X-Amz-Signature=ab12&X-Amz-Date=1', 'X-Amz-Signature=…&X-Amz-Date=1'],
		['x-goog-credential=me ok', 'x-goog-credential=… ok'],
		['Signature=ab12 Policy=cd34 Key-Pair-Id=ef56', 'Signature=… Policy=… Key-Pair-Id=…'],
	])('lose what may be a signature in %p', (text, expected) => {
		expect(cleanText(text)).toBe(expected);
	});

	it.each([
		'See https://docs.ltx.io/errors for more.',
		'Use 24 or 25 fps? Both work.',
		'ratio 16:9 // not 1:1',
		'See https://docs.ltx.io/guides/how-to-make-a-good-prompt for more.',
		'See https://docs.ltx.io/v2/errors1 for more.',
		'ltx://uploads/6f1c2f0e-5a3d-4c58-9d0b-2b7e4a91c7d3 is gone',
		'hmac is not sent',
	])('keep %p, where nothing is secret', (text) => {
		expect(cleanText(text)).toBe(text);
	});

	it('lose the content of a data URI', () => {
		expect(cleanText('Bad image data:image/png;base64,iVBORw0KGgo= here')).toBe(
			'Bad image data:… here',
		);
	});

	it.each([
		['one\r\ntwo\nthree', 'one two three'],
		['a\u001b[31mred', 'a [31mred'],
		['a\u0085b\u2028c\u2029d', 'a b c d'],
		['a\u0000\u0007b', 'a b'],
		['\n around \t', 'around'],
	])('are one line without control codes: %j', (text, expected) => {
		expect(cleanText(text)).toBe(expected);
	});

	it.each([
		'<img src=x onerror=alert(1)>',
		'</p><SCRIPT>',
		'<!-- -->',
		'<a href=javascript:x>',
		'<\u0000script>',
		'<<b>',
	])('hold no markup where they hold %j', (text) => {
		expect(cleanText(text)).not.toMatch(/<[a-z/!]/i);
	});

	it('keep a "less than" that opens no tag', () => {
		expect(cleanText('duration < 6 and fps <= 24')).toBe('duration < 6 and fps <= 24');
	});

	it('are cut where they are long', () => {
		expect(cleanText('x'.repeat(10_000))).toHaveLength(500);
		expect(cleanText('x'.repeat(10_000))).toMatch(/x…$/);
		expect(cleanText('x'.repeat(500))).toBe('x'.repeat(500));
	});

	it('are done at once however long they are', () => {
		const texts = [`https://${'a'.repeat(1_000_000)}`, 'a'.repeat(1_000_000)];
		const startMs = performance.now();
		texts.forEach(cleanText);

		expect(performance.now() - startMs).toBeLessThan(1_000);
	});

	it('are not cut in the middle of a character', () => {
		expect(cleanText('🎬'.repeat(600))).toBe(`${'🎬'.repeat(499)}…`);
	});

	it('are cut only after signatures are gone, so that none is cut in half and kept', () => {
		const text = `${'x '.repeat(240)}https://s.example/a?sig=secret`;

		expect(cleanText(text)).not.toContain('sig');
	});
});
