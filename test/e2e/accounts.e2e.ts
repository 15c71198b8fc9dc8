import { LtxServer } from '../../tools/ltx-server/LtxServer';
import { RELEASES } from '../../tools/n8n/releases';
import { itemsOf, ltxVideo } from '../../tools/n8n/workflows';
import { afterItems, startExecution } from './executions';
import { useN8n } from './useN8n';

describe.each(RELEASES)('A credential with expressions, in n8n $version', (release) => {
	const test = useN8n(release);

	it('pays each item with its own key, and fails the item with a bad one alone', async () => {
		const { rest, ltx } = test;
		const other = await LtxServer.start({ apiKey: 'key-of-another-client', jobMs: 600 });
		try {
			const credential = await rest.createCredential('By client', 'ltxApi', {
				apiKey: '={{ $json.key }}',
				baseUrl: '={{ $json.url }}',
			});
			const video = {
				...ltxVideo(credential, { prompt: '={{ $json.prompt }}' }),
				onError: 'continueRegularOutput' as const,
			};
			const { id } = await startExecution(test, afterItems(video), [
				{ prompt: 'First', key: ltx.apiKey, url: ltx.apiUrl },
				{ prompt: 'Second', key: 'key-of-nobody', url: ltx.apiUrl },
				{ prompt: 'Third', key: other.apiKey, url: other.apiUrl },
			]);
			const items = itemsOf(await rest.endOf(id), 'LTX Video');
			expect(items.map(({ json }) => json.status ?? json.message)).toEqual([
				'completed',
				expect.stringMatching(/does not accept the API key/),
				'completed',
			]);
			const promptsOf = ({ jobs }: LtxServer) => jobs.map(({ body }) => body.prompt);
			expect([promptsOf(ltx), promptsOf(other)]).toEqual([['First'], ['Third']]);
			expect(other.violations).toEqual([]);
			expect(test.n8n.log).not.toContain(other.apiKey);
		} finally {
			await other.stop();
		}
	});
});
