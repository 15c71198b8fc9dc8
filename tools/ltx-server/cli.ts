import { LtxServer } from './LtxServer';

/*
 * npm run ltx-server -- [API port] [storage port] [seconds a job takes]
 */
async function main(): Promise<void> {
	const [apiPort = 0, storagePort = 0, jobSeconds = 12] = process.argv.slice(2).map(Number);
	const server = await LtxServer.start({ apiPort, storagePort, jobMs: jobSeconds * 1000 });
	console.log(`LTX stand-in API: ${server.apiUrl}`);
	console.log(`API key:          ${server.apiKey}`);
	console.log(`Jobs take ${jobSeconds} s. Stop with Ctrl-C.`);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void server.stop().then(() => process.exit(0)));
	}
}

void main();
