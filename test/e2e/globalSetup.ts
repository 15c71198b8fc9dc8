import { installN8n } from '../../tools/n8n/install';
import { makeNodesFolder } from '../../tools/n8n/ltxPackage';
import { RELEASES } from '../../tools/n8n/releases';

/** Installs every n8n, unless it is there already, and this package in a `nodes` folder. */
export default async function globalSetup(): Promise<void> {
	await installN8n(RELEASES, (line) => process.stderr.write(`${line}\n`));
	await makeNodesFolder();
}
