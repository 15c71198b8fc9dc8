import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { chromium, type Browser, type Locator, type Page } from 'playwright-core';

import { OWNER } from './N8nClient';

/** A field as the panel of a node shows it. */
export interface PanelField {
	/** Name of the parameter. */
	name: string;
	label: string;
	/** Whether n8n marks the value as missing or wrong. */
	hasIssue: boolean;
}

/** What the browser says of a video that it plays. */
export interface VideoFacts {
	durationSeconds: number;
	playedSeconds: number;
	width: number;
	height: number;
	/** Words of the browser's decoder; undefined if it could read the video. */
	error?: string;
}

export interface EditorOptions {
	width?: number;
	height?: number;
	/** Pixels of a picture per pixel of the page. */
	scale?: number;
}

/** Names of Chromium and Chrome on Linux; `LTX_CHROMIUM` holds the path of another one. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Sandboxing needs rights that containers lack; the rest keeps the browser from calling its maker. */
const BROWSER_FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** The editor is large: on a busy machine its first page takes most of this. */
const TIMEOUT_MS = 60_000;

const byTestId = (id: string) => `[data-test-id="${id}"]`;
const PANEL = byTestId('node-parameters');

/** n8n's editor in a browser that nobody sees, signed in as the owner. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly n8nUrl: string,
	) {}

	/**
	 * Opens a browser with a profile of its own and signs in.
	 * @throws if there is no browser
	 */
	static async open(
		n8nUrl: string,
		{ width = 1400, height = 1000, scale = 1 }: EditorOptions = {},
	): Promise<Editor> {
		const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_FLAGS });
		try {
			const page = await browser.newPage({
				viewport: { width, height },
				deviceScaleFactor: scale,
				colorScheme: 'light',
			});
			page.setDefaultTimeout(TIMEOUT_MS);
			const editor = new Editor(browser, page, n8nUrl);
			await editor.signIn();
			return editor;
		} catch (error) {
			await browser.close();
			throw error;
		}
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	async openWorkflow(workflowId: string): Promise<void> {
		await this.page.goto(`${this.n8nUrl}/workflow/${workflowId}`);
		await this.page.locator(byTestId('canvas-node')).first().waitFor();
	}

	/** Opens an execution that is over, in the list of those of its workflow, and says what it offers. */
	async offersRetry(workflowId: string, executionId: string): Promise<boolean> {
		await this.page.goto(`${this.n8nUrl}/workflow/${workflowId}/executions/${executionId}`);
		await this.page.locator(byTestId('execution-preview-delete-button')).waitFor();
		return await this.page.locator(byTestId('execution-preview-retry-button')).isVisible();
	}

	/** Opens a workflow with the panel of one of its nodes before it. */
	async openPanel(workflowId: string, nodeId: string): Promise<void> {
		await this.page.goto(`${this.n8nUrl}/workflow/${workflowId}/${nodeId}`);
		await this.panel().waitFor();
	}

	/** Opens the panel of a node on the canvas. */
	async openNode(name: string): Promise<void> {
		await this.canvasNode(name).dblclick();
		await this.panel().waitFor();
	}

	/** The fields of the node whose panel is open. */
	panel(): Locator {
		return this.page.locator(PANEL);
	}

	/** Every field that the open panel shows, from top to bottom, also those inside collections. */
	async fields(): Promise<PanelField[]> {
		const labels = this.panel().locator('label[for]').filter({ visible: true });
		const shown = await labels.evaluateAll((elements) =>
			elements.map((element) => ({
				name: element.getAttribute('for') as string,
				label: element.querySelector('.n8n-text').innerText.trim(),
			})),
		);
		const marked = await this.panel()
			.locator(byTestId('parameter-issues'))
			.filter({ visible: true })
			.locator('xpath=ancestor::*[starts-with(@data-test-id, "parameter-input-")][1]')
			.evaluateAll((elements) => elements.map((element) => element.getAttribute('data-test-id')));
		return shown.map(({ name, label }) => ({
			name,
			label,
			hasIssue: marked.includes(`parameter-input-${name}`),
		}));
	}

	/** The input of a field in the open panel. */
	input(parameter: string): Locator {
		return this.panel().locator(byTestId(`parameter-input-${parameter}`));
	}

	/** Chooses an entry of a field that is a menu. */
	async choose(parameter: string, option: string): Promise<void> {
		await this.input(parameter).locator('input').click();
		const entry = this.menuEntries().filter({ has: this.page.getByText(option, { exact: true }) });
		await entry.click();
		await this.menuEntries().first().waitFor({ state: 'hidden' });
	}

	/** The text that a field shows. */
	async shownValue(parameter: string): Promise<string> {
		return await this.input(parameter).locator('input').inputValue();
	}

	/** Types into a field of one line. */
	async fill(parameter: string, value: string): Promise<void> {
		await this.input(parameter).locator('input').fill(value);
	}

	/** The names of the entries that a menu offers. */
	async entriesOf(parameter: string): Promise<string[]> {
		await this.input(parameter).locator('input').click();
		await this.menuEntries().first().waitFor();
		const entries = await this.menuEntries().allInnerTexts();
		await this.page.keyboard.press('Escape');
		await this.menuEntries().first().waitFor({ state: 'hidden' });
		// A description stands below the name.
		return entries.map((entry) => entry.trim().split('\n')[0]);
	}

	/** What "Add Field" or "Add Option" offers: labels of fields that may be added to a collection. */
	async offeredBy(placeholder: string): Promise<string[]> {
		const button = this.panel().getByRole('button', { name: placeholder, exact: true });
		if (await button.isVisible()) return [await this.onlyFieldBehind(button)];
		await this.panel().getByPlaceholder(placeholder).click();
		await this.menuEntries().first().waitFor();
		const labels = await this.menuEntries().allInnerTexts();
		await this.page.keyboard.press('Escape');
		await this.menuEntries().first().waitFor({ state: 'hidden' });
		return labels.map((label) => label.trim());
	}

	/** Presses the button of the open panel that runs its node, and what comes before it. */
	async executeStep(): Promise<void> {
		await this.page.locator(byTestId('node-execute-button')).click();
	}

	/** Opens the credential that the open panel has selected, and waits until n8n has tested it. */
	async openCredential(): Promise<CredentialDialog> {
		const dialog = new CredentialDialog(this.page);
		const button = this.panel().locator(byTestId('credential-edit-button'));
		await dialog.tested(async () => await button.click());
		return dialog;
	}

	/** Presses the button that runs the workflow. */
	async execute(): Promise<void> {
		await this.page.locator(byTestId('execute-workflow-button')).first().click();
		await this.stopButton().waitFor();
	}

	/** Waits until nothing runs any more. */
	async executionEnd(): Promise<void> {
		await this.stopButton().waitFor({ state: 'hidden' });
	}

	/** Presses the Stop button of the canvas. */
	async stop(): Promise<void> {
		await this.stopButton().click();
	}

	/** Opens the chat of a workflow that begins with one. */
	async openChat(): Promise<void> {
		await this.page.locator(byTestId('workflow-chat-button')).click();
		await this.chatInput().waitFor();
	}

	/** Says something in the open chat. */
	async say(message: string): Promise<void> {
		await this.chatInput().fill(message);
		await this.chatInput().press('Enter');
	}

	/** Says something in the open chat, and gives the answer. */
	async chat(message: string): Promise<string> {
		const answers = this.page.locator('.chat-message-from-bot');
		const count = await answers.count();
		await this.say(message);
		const answer = answers.nth(count).locator('.chat-message-markdown');
		await answer.waitFor();
		return (await answer.innerText()).trim();
	}

	private chatInput(): Locator {
		return this.page.getByPlaceholder(/type.*message/i);
	}

	/** A node on the canvas. */
	canvasNode(name: string): Locator {
		return this.page.locator(`${byTestId('canvas-node')}[data-node-name="${name}"]`);
	}

	/** The mark of a node on the canvas that ended without an error. */
	succeeded(name: string): Locator {
		return this.canvasNode(name).locator(byTestId('canvas-node-status-success'));
	}

	/** The output of the node whose panel is open. */
	outputPanel(): Locator {
		return this.page.locator(byTestId('output-panel'));
	}

	async showOutputAs(view: 'schema' | 'table' | 'json' | 'binary'): Promise<void> {
		await this.outputPanel()
			.locator(byTestId(`radio-button-${view}`))
			.click();
	}

	/** Presses View of the first file in the output, and plays the video until its picture moves. */
	async playVideo(): Promise<VideoFacts> {
		await this.showOutputAs('binary');
		const output = this.outputPanel();
		await output.locator(byTestId('ndv-view-binary-data')).first().click();
		const video = output.locator('video');
		await video.waitFor();
		return await video.evaluate(async (element) => {
			element.muted = true;
			await element.play();
			await new Promise((resolve) => {
				element.addEventListener('timeupdate', () => element.currentTime > 0 && resolve(null));
			});
			return {
				durationSeconds: element.duration,
				playedSeconds: element.currentTime,
				width: element.videoWidth,
				height: element.videoHeight,
				error: element.error?.message,
			};
		});
	}

	/** n8n has a button in place of a menu with one entry. It is pressed, and what it added removed. */
	private async onlyFieldBehind(button: Locator): Promise<string> {
		const before = await this.fields();
		await button.click();
		const remove = this.panel().locator('button[title="Delete"]');
		await remove.waitFor({ state: 'attached' });
		const added = (await this.fields()).filter(
			({ name }) => !before.some((field) => field.name === name),
		);
		await remove.click({ force: true });
		await button.waitFor();
		return added.map(({ label }) => label).join();
	}

	private stopButton(): Locator {
		return this.page.locator(byTestId('stop-execution-button'));
	}

	private menuEntries(): Locator {
		return this.page.getByRole('option').filter({ visible: true });
	}

	private async signIn(): Promise<void> {
		const { page, n8nUrl } = this;
		await page.goto(`${n8nUrl}/signin`);
		await page.locator('input[name=emailOrLdapLoginId]').fill(OWNER.email);
		await page.locator('input[name=password]').fill(OWNER.password);
		await page.getByRole('button', { name: 'Sign in' }).click();
		await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
	}
}

/** The dialog in which a credential is entered. */
export class CredentialDialog {
	private readonly dialog: Locator;

	constructor(private readonly page: Page) {
		this.dialog = page.locator(byTestId('editCredential-modal'));
	}

	/** The green banner of a passed test. n8n shows it also while a test runs. */
	get success(): Locator {
		return this.dialog.locator(byTestId('credentials-config-container-test-success'));
	}

	async fill(property: string, value: string): Promise<void> {
		await this.dialog.locator(`${byTestId(`parameter-input-${property}`)} input`).fill(value);
	}

	/** All that the dialog says. */
	async text(): Promise<string> {
		return await this.dialog.innerText();
	}

	/** The words of the link to an address. */
	async linkTo(address: string): Promise<string> {
		return await this.dialog.locator(`a[href="${address}"]`).innerText();
	}

	/** Presses Save, and waits until n8n has tested the credential. */
	async save(): Promise<void> {
		const button = this.dialog.locator(byTestId('credential-save-button'));
		await this.tested(async () => await button.click());
	}

	/** Opens the details of the red banner of a failed test. Gives all that the dialog then says. */
	async failure(): Promise<string> {
		const details = this.dialog.getByText('More details');
		await details.click();
		await details.waitFor({ state: 'hidden' });
		return await this.text();
	}

	/** Does what makes n8n test the credential, and waits until the dialog shows how that went. */
	async tested(action: () => Promise<void>): Promise<void> {
		const answer = this.page.waitForResponse((response) =>
			new URL(response.url()).pathname.endsWith('/credentials/test'),
		);
		await action();
		await answer;
		await this.dialog.getByRole('button', { name: 'Retry', exact: true }).waitFor();
	}
}

function findBrowser(): string {
	const given = process.env.LTX_CHROMIUM;
	if (given) return given;
	const folders = (process.env.PATH ?? '').split(delimiter);
	const found = BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name))).find(
		isProgram,
	);
	if (found === undefined) {
		throw new Error(
			`The tests in the editor need Chromium or Chrome: none of ${BROWSERS.join(', ')} is on the PATH. Install one, or set LTX_CHROMIUM to its path.`,
		);
	}
	return found;
}

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
