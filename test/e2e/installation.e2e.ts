import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { chain, noOp } from '../../tools/engine/workflow';
import { LtxServer } from '../../tools/ltx-server/LtxServer';
import { installN8n, npmInstall, run, type N8nInstallation } from '../../tools/n8n/install';
import { repackAs, tarball } from '../../tools/n8n/ltxPackage';
import { N8nInstance } from '../../tools/n8n/N8nInstance';
import { RELEASES } from '../../tools/n8n/releases';
import {
	ANSWER_JSON,
	ltxVideo,
	postWebhook,
	saveAndActivate,
	webhook,
} from '../../tools/n8n/workflows';
import { createLtxApi } from './useN8n';

const PACKAGE = 'n8n-nodes-ltx-video';
const NODE_TYPES = [`${PACKAGE}.ltxVideo`, `${PACKAGE}.ltxVideoTool`];

describe.each(RELEASES)('The nodes folder of n8n $version', (release) => {
	let installation: N8nInstallation;
	let n8n: N8nInstance;
	let ltx: LtxServer;

	beforeAll(async () => {
		[installation] = await installN8n([release], console.log);
		ltx = await LtxServer.start();
		n8n = await N8nInstance.start(installation);
		await n8n.rest.setUpOwner();
	});
	afterAll(async () => {
		await n8n?.remove();
		await ltx?.stop();
	});

	/** As the README says: npm, with the Node.js that n8n runs on. */
	async function install(file: string): Promise<void> {
		await npmInstall(n8n.nodesFolder, [file], [], installation.nodeFolder);
		await n8n.restart();
	}

	function installedVersion(): string {
		const manifest = join(n8n.nodesFolder, 'node_modules', PACKAGE, 'package.json');
		return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
	}

	async function offeredTypes(): Promise<string[]> {
		const names = (await n8n.rest.nodeTypes()).map(({ name }) => name);
		return names.filter((name) => name.startsWith(PACKAGE)).sort();
	}

	async function hasCredentialType(): Promise<boolean> {
		return (await n8n.rest.credentialTypes()).some(({ name }) => name === 'ltxApi');
	}

	async function expectIcons(): Promise<void> {
		const type = (await n8n.rest.nodeTypes()).find(({ name }) => name === NODE_TYPES[0]);
		const { light, dark } = type?.iconUrl as { light: string; dark: string };
		for (const path of [light, dark]) {
			const { status, headers } = await fetch(`${n8n.url}/${path}`);
			expect([status, headers.get('content-type')]).toEqual([
				200,
				expect.stringContaining('image/svg+xml'),
			]);
		}
	}

	it('takes the package, an update of it, and lives on without it', async () => {
		const { rest } = n8n;
		expect(await offeredTypes()).toEqual([]);

		await install(tarball());
		expect(await offeredTypes()).toEqual(NODE_TYPES);
		expect(await hasCredentialType()).toBe(true);
		await expectIcons();
		const ltxApi = await createLtxApi(rest, ltx);
		const { apiKey, apiUrl: baseUrl } = ltx;
		const check = async (key: string) =>
			(await rest.testCredential(ltxApi, 'ltxApi', { apiKey: key, baseUrl })).status;
		expect([await check(apiKey), await check('wrong')]).toEqual(['OK', 'Error']);
		await saveAndActivate(
			rest,
			chain(webhook('video', ANSWER_JSON), ltxVideo(ltxApi, { downloadVideo: false })),
		);
		await saveAndActivate(rest, chain(webhook('plain', ANSWER_JSON), noOp('Done')));
		const makeVideo = async () =>
			JSON.parse((await postWebhook(n8n.url, 'video')).toString()) as object;
		expect(await makeVideo()).toMatchObject({ status: 'completed' });

		const update = await repackAs('99.0.0');
		await install(update);
		rmSync(dirname(update), { recursive: true });
		expect(installedVersion()).toBe('99.0.0');
		expect(await offeredTypes()).toEqual(NODE_TYPES);
		expect(await makeVideo()).toMatchObject({ status: 'completed' });
		expect(ltx.jobs).toHaveLength(2);

		await run('npm', ['uninstall', '--prefix', n8n.nodesFolder, PACKAGE], n8n.nodesFolder);
		await n8n.restart();
		expect(await offeredTypes()).toEqual([]);
		expect(await hasCredentialType()).toBe(false);
		await postWebhook(n8n.url, 'plain');
		await expect(makeVideo()).rejects.toThrow();
		expect(ltx.jobs).toHaveLength(2);
		expect(ltx.violations).toEqual([]);
	});
});
