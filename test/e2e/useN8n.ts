import { LtxServer, type LtxServerOptions } from '../../tools/ltx-server/LtxServer';
import { installN8n } from '../../tools/n8n/install';
import { NODES_FOLDER } from '../../tools/n8n/ltxPackage';
import type { CredentialReference, N8nClient } from '../../tools/n8n/N8nClient';
import { N8nInstance, type N8nOptions } from '../../tools/n8n/N8nInstance';
import type { N8nRelease } from '../../tools/n8n/releases';

export interface N8nTest {
	n8n: N8nInstance;
	rest: N8nClient;
	/** Fresh for each test, always at the same address. */
	ltx: LtxServer;
	/** The credential for it. */
	ltxApi: CredentialReference;
}

/** Jobs take long enough for several polls. */
const LTX: LtxServerOptions = { jobMs: 600 };

/**
 * One n8n with the package for all tests of a `describe`, and a stand-in for LTX. After each test,
 * everything that the stand-in saw must have been a request that it expects.
 */
export function useN8n(release: N8nRelease, options: N8nOptions = {}): N8nTest {
	const test = {} as N8nTest;

	beforeAll(async () => {
		const [installation] = await installN8n([release], console.log);
		test.ltx = await LtxServer.start(LTX);
		test.n8n = await N8nInstance.start(installation, { nodesFolder: NODES_FOLDER, ...options });
		test.rest = test.n8n.rest;
		await test.rest.setUpOwner();
		test.ltxApi = await createLtxApi(test.rest, test.ltx);
	});

	beforeEach(async () => {
		test.ltx = await startAfresh(test.ltx);
	});

	afterEach(() => {
		expect(test.ltx.violations).toEqual([]);
		expect(test.n8n.log).not.toContain(test.ltx.apiKey);
	});

	afterAll(async () => {
		await test.n8n?.remove();
		await test.ltx?.stop();
	});

	return test;
}

/** A fresh stand-in at the address of an earlier one. */
export async function startAfresh(earlier: LtxServer): Promise<LtxServer> {
	const apiPort = Number(new URL(earlier.apiUrl).port);
	await earlier.stop();
	return await LtxServer.start({ ...LTX, apiPort });
}

/** The credential for a stand-in. */
export async function createLtxApi(
	rest: N8nClient,
	{ apiKey, apiUrl }: LtxServer,
): Promise<CredentialReference> {
	return await rest.createCredential('LTX API', 'ltxApi', { apiKey, baseUrl: apiUrl });
}
