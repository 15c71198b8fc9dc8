import { ltxToUse } from '../ltx-server/ltxToUse';
import { EXAMPLES, exampleWorkflow } from './examples';
import { isFree } from './freePorts';
import { installN8n } from './install';
import { makeNodesFolder } from './ltxPackage';
import { OWNER } from './N8nClient';
import { N8nInstance } from './N8nInstance';
import { N8N_1, N8N_2 } from './releases';

/*
 * npm run n8n -- [1 or 2] [port]
 *
 * Starts a complete n8n with this package, a credential and the templates, and prints the lines of
 * its log that name accepted jobs. Without LTX_API_KEY, LTX is a stand-in on this machine. All of it
 * is gone after Ctrl-C, but for the installation of n8n, which is kept for the next time.
 */

const STAND_IN_JOB_MS = 12_000;
/** Near n8n's own, which may run beside this one. */
const DEFAULT_PORT = 5690;
/** The list of workflows shows last what was saved first. */
const TOP_TEMPLATE = 'image-to-video.json';

/** @throws if a port that was asked for is none, or taken */
async function choosePort(given?: string): Promise<number | undefined> {
	if (given === undefined) return (await isFree(DEFAULT_PORT)) ? DEFAULT_PORT : undefined;
	const port = Number(given);
	if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`No port: ${given}`);
	if (!(await isFree(port))) throw new Error(`Port ${port} is taken; leave it out for a free one`);
	return port;
}

/** n8n's log has a time before what the node says, and details behind it. */
function printAcceptedJob(line: string): void {
	const [accepted] = /LTX accepted .* \(item \d+\)/.exec(line) ?? [];
	if (accepted) console.log(accepted);
}

async function main([major = '2', givenPort]: string[]): Promise<void> {
	const release = { 1: N8N_1, 2: N8N_2 }[major];
	if (!release) throw new Error(`n8n 1 or 2, not ${major}`);
	const port = await choosePort(givenPort);
	const [installation] = await installN8n([release], console.log);
	console.log('Building the package and installing it in a fresh n8n');
	const nodesFolder = await makeNodesFolder();

	const { ltxApi: data, standIn } = await ltxToUse({ jobMs: STAND_IN_JOB_MS });
	const n8n = await N8nInstance.create(installation, {
		nodesFolder,
		port,
		onLogLine: printAcceptedJob,
	});
	let isEnding = false;
	const end = async (code: number) => {
		// Ctrl-C arrives twice, from the terminal and from tsx.
		if (isEnding) return;
		isEnding = true;
		await n8n.remove();
		await standIn?.stop();
		process.exit(code);
	};
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(0));

	try {
		console.log(`Starting n8n ${release.version}`);
		await n8n.start();
		await n8n.rest.setUpOwner();
		const ltxApi = await n8n.rest.createCredential('LTX API', 'ltxApi', data);
		const others = EXAMPLES.filter((file) => file !== TOP_TEMPLATE);
		for (const file of [...others.reverse(), TOP_TEMPLATE]) {
			await n8n.rest.createWorkflow(exampleWorkflow(file, ltxApi));
		}
		console.log(
			[
				'',
				`Templates: ${n8n.url}/home/workflows`,
				`Email:     ${OWNER.email}`,
				`Password:  ${OWNER.password}`,
				standIn
					? 'LTX:       a stand-in on this machine; every video is the same short sample and costs nothing'
					: 'LTX:       the real API; LTX charges for every video',
				'Stop with Ctrl-C. n8n and its data are then gone.',
			].join('\n'),
		);
	} catch (error) {
		if (!isEnding) console.error(error instanceof Error ? error.message : error);
		await end(1);
	}
}

main(process.argv.slice(2)).catch((error: Error) => {
	console.error(error.message);
	process.exit(1);
});
