import { chain } from '../../tools/engine/workflow';
import { redirect } from '../../tools/ltx-server/faults';
import { RELEASES } from '../../tools/n8n/releases';
import { ltxVideo } from '../../tools/n8n/workflows';
import { useEditor } from './useEditor';
import { useN8n } from './useN8n';

describe.each(RELEASES)('The credential in the editor of n8n $version', (release) => {
	const test = useN8n(release);
	const browser = useEditor(test);
	const isVersion1 = release.version.startsWith('1.');

	/** Opens a credential as a user does, from the panel of a node. */
	async function openCredential() {
		const { id, nodes } = await test.rest.createWorkflow(chain(ltxVideo(test.ltxApi)));
		await browser.editor.openPanel(id, nodes[0].id);
		return await browser.editor.openCredential();
	}

	it('passes the test with a good key', async () => {
		const dialog = await openCredential();
		expect(await dialog.success.innerText()).toContain('Connection tested successfully');
		expect(test.ltx.requests.map(({ kind }) => kind)).toEqual(['upload']);
	});

	it('fails the test with a bad key, and says so', async () => {
		const dialog = await openCredential();
		await dialog.fill('apiKey', 'not-a-key');
		await dialog.save();
		// n8n 1 loses what the API answered, and has only words of its own.
		const words = isVersion1
			? 'Authorization failed - please check your credentials'
			: 'LTX does not accept this API key. Copy it once more as a whole, or make a new one in the console, console.ltx.io.';
		expect(await dialog.failure()).toContain(words);
		expect(await dialog.success.isVisible()).toBe(false);
	});

	it('fails the test of an address that leads elsewhere, where the key is not sent', async () => {
		test.ltx.fail('upload', redirect(test.ltx.foreignUrl, 307));
		const dialog = await openCredential();
		expect(await dialog.success.isVisible()).toBe(false);
		expect(test.ltx.requests.map(({ kind }) => kind)).toEqual(['upload']);
	});

	it('leads to a key', async () => {
		const dialog = await openCredential();
		expect(await dialog.linkTo('https://console.ltx.io')).toBe('console.ltx.io');
		expect(await dialog.text()).toMatch(/buy credits there. They start at 5 USD/);
	});

	// n8n 2 has only codes for these, n8n 1 has words.
	it.each([
		['without https', 'api.ltx.io', 'ERR_INVALID_URL', 'Invalid URL'],
		['of an unknown host', 'http://ltx.invalid', 'ENOTFOUND', 'an incorrect host (domain) value'],
		['of a closed port', 'http://127.0.0.1:1', 'ECONNREFUSED', 'refused the connection'],
	])('fails the test of an address %s, and says so', async (_name, address, code, words) => {
		const dialog = await openCredential();
		const { length } = test.ltx.requests;
		await dialog.fill('baseUrl', address);
		await dialog.save();
		const [banner, explanation] = (await dialog.failure()).split('Base URL');
		expect(banner).toContain(isVersion1 ? words : code);
		expect(explanation).toMatch(
			new RegExp(`If the test says .*${code}.* Usually https://api.ltx.io`),
		);
		expect(test.ltx.requests).toHaveLength(length);
	});
});
