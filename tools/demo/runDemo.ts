import { BadInput, help, readArguments } from './arguments';

/*
 * npm run demo -- [what] [file] [prompt]
 *
 * Runs the node in n8n's engine, in a workflow with nothing else. Without LTX_API_KEY, LTX is a
 * stand-in on this machine.
 */

const HELP = ['--help', '-h'];

async function main(words: string[]): Promise<void> {
	if (words.some((word) => HELP.includes(word))) {
		console.log(help());
		return;
	}
	const demo = readArguments(words);
	// n8n's engine takes seconds to load, for which no mistake should have to wait.
	const { makeVideo } = await import('./makeVideo');
	await makeVideo(demo);
}

main(process.argv.slice(2)).then(
	() => process.exit(0),
	(error: Error) => {
		console.error(`Demo failed: ${error instanceof BadInput ? error.message : error.stack}`);
		process.exit(1);
	},
);
