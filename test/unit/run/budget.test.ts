import { findOverBudget } from '../../../nodes/LtxVideo/run/budget';
import type { Cost } from '../../../nodes/LtxVideo/operations/item';

const exact = (usd: number, maxUsd?: number): Cost => ({ price: { usd, isExact: true }, maxUsd });
const ceiling = (usd: number, maxUsd?: number): Cost => ({
	price: { usd, isExact: false },
	maxUsd,
});
const unknown = (maxUsd?: number, advice?: string): Cost => ({
	price: { unknown: 'Model "ltx-9" has no known price', advice },
	maxUsd,
});

const messagesOf = (costs: Array<Cost | undefined>) =>
	findOverBudget(costs).map((error) => error?.message);

it.each<[string, Array<Cost | undefined>]>([
	['nobody names a limit', [exact(1_000), unknown(), undefined]],
	['the sum is within the limit', [exact(2, 5), exact(2.99, 5)]],
	['the sum is the limit', [exact(5, 5)]],
	['only the dust of fractions is above the limit', [exact(0.1, 0.3), exact(0.2, 0.3)]],
	['nothing is submitted', [undefined, undefined]],
])('lets all items pass where %s', (_what, costs) => {
	expect(messagesOf(costs).filter(Boolean)).toEqual([]);
});

it('stops every item that submits where the sum is above the limit, and names them all', () => {
	const message =
		'This run may cost USD 5.48, which is more than Max Cost (USD 5.00): item 0: USD 0.18, item 2: at most USD 5.30';

	expect(messagesOf([exact(0.18, 5), undefined, ceiling(5.3)])).toEqual([
		message,
		undefined,
		message,
	]);
	expect(findOverBudget([exact(6, 5)])[0]).toMatchObject({
		type: 'budget_exceeded',
		advice: expect.stringMatching(/^Send fewer items, .*2026-09-27\.$/) as unknown,
	});
});

it.each([
	[3.2167, 'USD 3.22'],
	[0.181, 'USD 0.19'],
	[1.1 + 2.2, 'USD 3.30'],
	[1.1, 'USD 1.10'],
	[12, 'USD 12.00'],
])('tells %d as cents, never as less than it is: %s', (usd, told) => {
	expect(messagesOf([exact(usd, 0.01)])[0]).toContain(`may cost ${told}, `);
});

it.each([
	[0.359, 0.36, '(USD 0.359): item 0: USD 0.36'],
	[0.355, 0.359, '(USD 0.355): item 0: USD 0.36'],
	[5, 6, '(USD 5.00): '],
	[0.3, 0.4, '(USD 0.30): '],
])('tells the limit %d as it is, below a sum of %d', (maxUsd, usd, told) => {
	expect(messagesOf([exact(usd, maxUsd)])[0]).toContain(`more than Max Cost ${told}`);
});

it('names ten items and counts the others', () => {
	const [message] = messagesOf(Array.from({ length: 12 }, () => exact(1, 5)));

	expect(message).toMatch(/item 9: USD 1\.00 and 2 more$/);
	expect(messagesOf(Array.from({ length: 10 }, () => exact(1, 5)))[0]).not.toContain('more,');
	expect(messagesOf(Array.from({ length: 10 }, () => exact(1, 5)))[0]).toMatch(/9: USD 1\.00$/);
});

it('keeps the lowest of several limits for all', () => {
	expect(messagesOf([exact(1, 50), exact(1, 1.5), exact(0.1)])).toEqual(
		Array(3).fill(expect.stringContaining('more than Max Cost (USD 1.50)')),
	);
});

it('stops an item whose price is not known, and only that one where the others fit', () => {
	const [fits, over] = findOverBudget([exact(1), unknown(5)]);

	expect(fits).toBeUndefined();
	expect(over).toMatchObject({
		type: 'budget_exceeded',
		message: 'Model "ltx-9" has no known price, so Max Cost cannot be kept',
		advice:
			'This item was not sent. Choose listed values whose price is known. To send it all the same, remove the option Max Cost.',
	});
	expect(findOverBudget([unknown(5, 'Use a binary file.')])[0]?.advice).toBe(
		'This item was not sent. Use a binary file. To send it all the same, remove the option Max Cost.',
	);
});

it('tells each item its own reason where one price is not known and the others are too much', () => {
	expect(messagesOf([exact(6, 5), unknown(5)])).toEqual([
		expect.stringMatching(/^This run may cost USD 6\.00/),
		expect.stringMatching(/no known price/),
	]);
});

it('counts what is paid already, but stops only what is not', () => {
	const paid: Cost = { ...exact(0.18, 0.2), isPaid: true };

	expect(messagesOf([paid, exact(0.18)])).toEqual([undefined, expect.stringContaining('USD 0.36')]);
	expect(messagesOf([{ ...unknown(0.2), isPaid: true }])).toEqual([undefined]);
});

it('does not tell a signed address that got into the wrong field', () => {
	const price = { unknown: 'Model "https://s.example/a?X-Signature=secret" has no known price' };

	expect(messagesOf([{ price, maxUsd: 5 }])[0]).not.toContain('secret');
});
