import { Editor, type EditorOptions } from '../../tools/n8n/editor';
import { until } from '../../tools/until';
import type { N8nTest } from './useN8n';

/** n8n's editor in a browser, for all tests of a `describe` that `useN8n` was called in before. */
export function useEditor(test: N8nTest, options?: EditorOptions): { editor: Editor } {
	const browser = {} as { editor: Editor };
	beforeAll(async () => {
		browser.editor = await Editor.open(test.n8n.url, options);
	});
	afterAll(async () => await browser.editor?.close());
	return browser;
}

const RETRY_MS = 50;

/**
 * Repeats an assertion until it holds, for what a page shows a moment later.
 * @throws what it last threw, after `timeoutMs`
 */
export async function eventually(
	assertion: () => Promise<void>,
	timeoutMs = 10_000,
): Promise<void> {
	const endMs = Date.now() + timeoutMs;
	await until(async () => {
		try {
			await assertion();
			return true;
		} catch (error) {
			if (Date.now() > endMs) throw error;
			return false;
		}
	}, RETRY_MS);
}
