import { RELEASES } from '../../tools/n8n/releases';
import { itemsOf, ltxVideo } from '../../tools/n8n/workflows';
import { afterItems, startExecution } from './executions';
import { useN8n } from './useN8n';

const ITEMS = 30;

describe.each(RELEASES)('n8n $version on an account that takes two jobs at a time', (release) => {
	const test = useN8n(release);

	it('makes 30 videos of 30 items, in their order, with On Error: Stop', async () => {
		const { ltx, ltxApi, rest } = test;
		ltx.maxRunningJobs = 2;
		// The first two last until all items that are worked on at once have asked.
		ltx.planJob = (_body, index) => ({ durationMs: index < 2 ? 5_000 : 500 });
		const prompts = Array.from({ length: ITEMS }, (_, n) => String(n));

		const { id } = await startExecution(
			test,
			afterItems(ltxVideo(ltxApi, { prompt: '={{ $json.n }}' })),
			prompts.map((n) => ({ n })),
		);
		const execution = await rest.endOf(id);

		expect(execution.status).toBe('success');
		const accepted = ltx.jobs.map(({ body }) => String(body.prompt));
		// Of those that ask at once, any two may be the first.
		const others = prompts.filter((prompt) => !accepted.slice(0, 2).includes(prompt));
		expect(accepted.slice(2)).toEqual(others);
		const outputs = itemsOf(execution, 'LTX Video');
		expect(outputs.map(({ json }) => json.id)).toEqual(
			prompts.map((prompt) => ltx.jobs[accepted.indexOf(prompt)].id),
		);
		expect(outputs.every(({ binary }) => binary?.data)).toBe(true);
		expect(ltx.count('submit')).toBeLessThanOrEqual(6 * ITEMS);
	});
});
