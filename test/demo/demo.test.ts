import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { REPOSITORY } from '../engine/paths';

function demo(...parameters: string[]) {
	const tsx = join(REPOSITORY, 'node_modules', 'tsx', 'dist', 'cli.mjs');
	const { status, stderr } = spawnSync(
		process.execPath,
		[tsx, join('test', 'demo', 'runDemo.ts'), ...parameters],
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
		/^Demo failed: Not an image: .*package\.json is JSON text$/,
	],
	['an empty prompt', ['examples/lighthouse.png', ' '], /^Demo failed: The prompt is empty$/],
])('the demo answers %s with one clear line and exit code 1', (_name, parameters, line) => {
	const { status, lines } = demo(...parameters);
	expect(status).toBe(1);
	expect(lines).toEqual([expect.stringMatching(line)]);
});
