import type { INodeParameters } from 'n8n-workflow';

import { apiError } from '../../tools/ltx-server/faults';
import { GOOD_REQUEST, QUICK } from '../../tools/engine/runNode';
import { PNG } from '../../tools/samples/samples';
import { useLtx } from './useLtx';

const ltx = useLtx();

// 6 s of 720p with ltx-2-3-fast are USD 0.18.
const SUBMITTING: INodeParameters = { ...GOOD_REQUEST, operation: 'submit' };
const items = (count: number) => Array.from({ length: count }, (_, n) => ({ json: { n } }));
const withMax = (maxCostUsd: unknown) => ({
	...SUBMITTING,
	options: { maxCostUsd: maxCostUsd as number },
});

describe('the estimated cost', () => {
	it.each<[INodeParameters, number]>([
		[{}, 0.18],
		[{ model: 'ltx-2-3-pro', resolution: '1080x1920', duration: 10 }, 0.8],
		[{ model: 'ltx-2-5-fast', resolution: '2560x1440', duration: 8 }, 1.52],
		[{ model: 'ltx-2-5-pro', resolution: '2160x3840', duration: 6 }, 2.34],
	])('of %j is in the output', async (changes, usd) => {
		const { items: outputs } = await ltx.run({ parameters: { ...SUBMITTING, ...changes } });
		expect(outputs[0].json.estimated_cost_usd).toBe(usd);
	});

	it.each<[INodeParameters, string]>([
		[{ model: 'ltx-2-5-fast', resolution: '1920x1080' }, '2.60'],
		[{ model: 'ltx-2-5-fast', resolution: '3840x2160' }, '3.00'],
		[{ model: 'ltx-2-5-pro', resolution: '1920x1080' }, '1.70'],
		[{ model: 'ltx-2-5-fast', resolution: '1920x1080', additionalFields: { fps: 48 } }, '1.30'],
		[{ model: 'ltx-2-5-fast', resolution: '1920x1080', additionalFields: { fps: 25 } }, '2.60'],
	])('of an automatic duration is the most that it can be: %j', async (changes, usd) => {
		const parameters = { ...SUBMITTING, ...changes, duration: 'auto' };
		const free = await ltx.run({ parameters });
		expect(free.items[0].json).not.toHaveProperty('estimated_cost_usd');
		const { error } = await ltx.run({
			parameters: { ...parameters, options: { maxCostUsd: Number(usd) - 0.01 } },
		});
		expect(error?.message).toContain(`item 0: at most USD ${usd}`);
		const enough = await ltx.run({
			parameters: { ...parameters, options: { maxCostUsd: Number(usd) } },
		});
		expect(enough.error).toBeUndefined();
	});

	it('is in the output of Submit and Wait too', async () => {
		const { items: outputs } = await ltx.run({ parameters: { ...GOOD_REQUEST, options: QUICK } });
		expect(outputs[0].json.estimated_cost_usd).toBe(0.18);
	});

	it('is left out where the price is not known', async () => {
		ltx.server.fail('submit', ({ response }) => void response.status(202).json({ id: 'job-1' }));
		const { items: outputs } = await ltx.run({
			parameters: { ...SUBMITTING, model: 'custom', customModel: 'ltx-9' },
		});
		expect(outputs[0].json).not.toHaveProperty('estimated_cost_usd');
	});
});

describe('Max Cost', () => {
	it('lets a run through that costs just as much', async () => {
		const { items: outputs, error } = await ltx.run({
			parameters: withMax(0.54),
			items: items(3),
		});
		expect(error).toBeUndefined();
		expect(outputs).toHaveLength(3);
	});

	it('ends a run that costs more, with the sum, before anything is sent', async () => {
		const { error } = await ltx.run({ parameters: withMax(0.53), items: items(3) });
		expect(error?.message).toBe(
			'This run may cost USD 0.54, which is more than Max Cost (USD 0.53): item 0: USD 0.18, item 1: USD 0.18, item 2: USD 0.18',
		);
		expect(error?.description).toMatch(/estimates as of 2026-09-27/);
		expect(ltx.server.requests).toEqual([]);
	});

	it('uploads nothing either', async () => {
		await ltx.run({
			parameters: { ...withMax(0.1), imageSource: 'binary' },
			items: [{ binary: { data: await ltx.file(PNG) } }],
		});
		expect(ltx.server.requests).toEqual([]);
	});

	it('fails every item of such a run when the node is set to continue', async () => {
		const { items: outputs } = await ltx.run({
			parameters: withMax(0.5),
			settings: { onError: 'continueRegularOutput' },
			items: items(3),
		});
		expect(outputs.map(({ json }) => (json.error as { type: string }).type)).toEqual(
			Array(3).fill('budget_exceeded'),
		);
		expect(ltx.server.requests).toEqual([]);
	});

	it('refuses what has no known price', async () => {
		const { error } = await ltx.run({
			parameters: { ...withMax(100), model: 'custom', customModel: 'ltx-9' },
		});
		expect(error?.message).toMatch(
			/^Model "ltx-9" has no known price, so Max Cost cannot be kept$/,
		);
		expect(ltx.server.requests).toEqual([]);
	});

	it('does not count items that are refused anyway', async () => {
		const { items: outputs } = await ltx.run({
			parameters: { ...withMax(0.36), prompt: '={{ $json.n === 1 ? "" : "good" }}' },
			settings: { onError: 'continueRegularOutput' },
			items: items(3),
		});
		expect(outputs.map(({ json }) => json.status)).toEqual(['pending', undefined, 'pending']);
	});

	it('takes the lowest of several limits', async () => {
		const { error } = await ltx.run({
			parameters: withMax('={{ $json.n === 1 ? "0.2" : 9 }}'),
			items: items(2),
		});
		expect(error?.message).toMatch(/more than Max Cost \(USD 0\.20\)/);
	});

	it.each(['={{ 0 }}', '={{ -1 }}', '={{ "much" }}', '={{ NaN }}', '={{ null }}'])(
		'is refused where it makes no sense: %s',
		async (maxCostUsd) => {
			const { error } = await ltx.run({ parameters: withMax(maxCostUsd) });
			expect(error?.message).toMatch(/Max Cost must be a number above 0/);
			expect(ltx.server.requests).toEqual([]);
		},
	);

	it('holds up no retried try that takes up what was paid for already', async () => {
		ltx.server.fail('submit', apiError('insufficient_funds_error'), { skip: 1 });
		const { items: outputs, error } = await ltx.run({
			parameters: { ...withMax(0.36), options: { maxCostUsd: 0.36, maxConcurrency: 1 } },
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 },
			items: items(2),
		});
		expect(error).toBeUndefined();
		expect(outputs.map(({ json }) => json.estimated_cost_usd)).toEqual([0.18, 0.18]);
		expect(ltx.server.jobs).toHaveLength(2);
	});

	it('does not matter to operations that submit nothing', async () => {
		const first = await ltx.run({ parameters: SUBMITTING });
		const { error } = await ltx.run({
			parameters: {
				resource: 'imageToVideo',
				operation: 'getStatus',
				jobId: first.items[0].json.id as string,
				options: { maxCostUsd: 0.01 },
			},
		});
		expect(error).toBeUndefined();
	});
});
