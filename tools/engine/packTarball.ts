import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { INSTALLED_PACKAGE, REPOSITORY, TARBALL_FOLDER } from './paths';

function run(command: string, parameters: string[]): void {
	execFileSync(command, parameters, {
		cwd: REPOSITORY,
		stdio: ['ignore', 'ignore', 'inherit'],
		// On Windows npm is a script, which only a shell starts.
		shell: process.platform === 'win32',
	});
}

/**
 * Builds the package, packs it as npm would publish it, and unpacks it to where the tests load it
 * from: what `files` in package.json leaves out is missing there too.
 */
export default function packTarball(): void {
	rmSync(TARBALL_FOLDER, { recursive: true, force: true });
	mkdirSync(INSTALLED_PACKAGE, { recursive: true });
	run('npm', ['run', '--silent', 'build']);
	run('npm', ['pack', '--silent', '--pack-destination', TARBALL_FOLDER]);
	run('tar', ['-xzf', tarballIn(TARBALL_FOLDER), '-C', TARBALL_FOLDER]);
}

/** What `npm pack` put into a folder. */
export function tarballIn(folder: string): string {
	const name = readdirSync(folder).find((entry) => entry.endsWith('.tgz'));
	if (name === undefined) throw new Error(`No tarball in ${folder}`);
	return join(folder, name);
}
