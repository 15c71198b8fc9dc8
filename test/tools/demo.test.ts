import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { REPOSITORY } from '../../tools/engine/paths';

function demo(...parameters: string[]) {
	const tsx = join(REPOSITORY, 'node_modules', 'tsx', 'dist', 'cli.mjs');
	const { status, stderr } = spawnSync(
		process.execPath,
		[tsx, join('tools', 'demo', 'runDemo.ts'), ...parameters],
		{ cwd: REPOSITORY, encoding: 'utf8', env: { ...process.env, LTX_API_KEY: '' } },
	);
	return { status, lines: stderr.trim().split('\n') };
}

it.each<[string, string[], RegExp]>([
	['a file that is not there', ['nowhere.png'], /^Demo failed: No such file: .*nowhere\.png$/],
	['a folder', ['test'], /^Demo failed: No such file: .*test$/],
	[
		'a file that is no image',
		['package.json'],
		/^Demo failed: LTX takes no such image: .*package\.json is JSON text, but must be PNG/,
	],
	['an empty prompt', ['examples/lighthouse.png', ' '], /^Demo failed: The prompt is empty$/],
	[
		'a picture for a sound',
		['audio', 'examples/lighthouse.png'],
		/is a PNG image, but must be MP3/,
	],
	['a word too many', ['text', 'Rain', 'Snow'], /^Demo failed: Too many words: Snow$/],
])('the demo answers %s with one clear line and exit code 1', (_name, parameters, line) => {
	const { status, lines } = demo(...parameters);
	expect(status).toBe(1);
	expect(lines).toEqual([expect.stringMatching(line)]);
});
