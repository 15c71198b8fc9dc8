import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import packTarball, { tarballIn } from '../engine/packTarball';
import { INSTALLED_PACKAGE, TARBALL_FOLDER } from '../engine/paths';
import { npmInstall, run } from './install';

/** A `nodes` folder of n8n with this package installed, made by `makeNodesFolder`. */
export const NODES_FOLDER = join(TARBALL_FOLDER, 'nodes');

/** The tarball that `packTarball` made, as npm would publish it. */
export function tarball(): string {
	return tarballIn(TARBALL_FOLDER);
}

/** Packs the same package once more, with another version. Gives the path of the tarball. */
export async function repackAs(version: string): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), 'ltx-package-'));
	const source = join(folder, 'package');
	cpSync(INSTALLED_PACKAGE, source, { recursive: true });
	const file = join(source, 'package.json');
	const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
	writeFileSync(file, JSON.stringify({ ...manifest, version }));
	await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], source);
	rmSync(source, { recursive: true });
	return tarballIn(folder);
}

/**
 * Builds and packs the package and installs it in a `nodes` folder, which instances copy. n8n has
 * the peer dependency of its own, so none is installed.
 */
export async function makeNodesFolder(): Promise<string> {
	packTarball();
	mkdirSync(NODES_FOLDER);
	await npmInstall(NODES_FOLDER, [tarball()], ['--omit=peer']);
	return NODES_FOLDER;
}
