import { spawn } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

import { NODE_VERSION, SQLITE_VERSION, type N8nRelease } from './releases';

/** An n8n that can be started. */
export interface N8nInstallation {
	version: string;
	/** Folder of the Node.js program that n8n runs on. */
	nodeFolder: string;
	/** n8n's command line, a script for Node.js. */
	cli: string;
}

export type Progress = (line: string) => void;

const SQLITE_BUILD = join('node_modules', 'sqlite3', 'build', 'Release', 'node_sqlite3.node');

/**
 * Where installations are kept: `LTX_N8N_CACHE` if it is set, else `n8n-nodes-ltx-video` in the
 * user's cache folder.
 */
export function cacheFolder(): string {
	const userCache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
	return process.env.LTX_N8N_CACHE || join(userCache, 'n8n-nodes-ltx-video');
}

/**
 * Installs each n8n and the Node.js that all of them run on, unless they are there already. The
 * first time takes minutes and needs some GB.
 * @throws with npm's own words when npm fails
 */
export async function installN8n(
	releases: N8nRelease[],
	progress: Progress,
): Promise<N8nInstallation[]> {
	const runtime = installRuntime(progress);
	const installations = async () => {
		const folders: string[] = [];
		for (const release of releases) folders.push(await installRelease(release, runtime, progress));
		return folders;
	};
	const [runtimeFolder, folders] = await Promise.all([runtime, installations()]);
	return releases.map(({ version }, index) => ({
		version,
		nodeFolder: join(runtimeFolder, 'node_modules', 'node', 'bin'),
		cli: join(folders[index], 'node_modules', 'n8n', 'bin', 'n8n'),
	}));
}

/** Both n8n use the same SQLite, whose compiled part suits every Node.js: it is built once. */
async function installRuntime(progress: Progress): Promise<string> {
	return await installOnce(
		`runtime-${NODE_VERSION}-${SQLITE_VERSION}`,
		`Node.js ${NODE_VERSION} and SQLite ${SQLITE_VERSION}`,
		progress,
		async (folder) => {
			const packages = [`node@${NODE_VERSION}`, `sqlite3@${SQLITE_VERSION}`];
			await npmInstall(folder, packages, ['--ignore-scripts=false']);
			await run(join(folder, 'node_modules', 'node', 'bin', 'node'), ['--version'], folder);
		},
	);
}

async function installRelease(
	{ version, overrides }: N8nRelease,
	runtime: Promise<string>,
	progress: Progress,
): Promise<string> {
	return await installOnce(`n8n-${version}`, `n8n ${version}`, progress, async (folder) => {
		writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
		// Only SQLite needs its install script; those of the others fail or build what is not used.
		await npmInstall(folder, [`n8n@${version}`], ['--ignore-scripts']);
		const runtimeFolder = await runtime;
		cpSync(join(runtimeFolder, SQLITE_BUILD), join(folder, SQLITE_BUILD));
		const node = join(runtimeFolder, 'node_modules', 'node', 'bin', 'node');
		await run(node, ['-e', 'require("sqlite3")'], folder);
	});
}

/** The folder appears under its name when it is complete, so half of one is never used. */
async function installOnce(
	name: string,
	title: string,
	progress: Progress,
	fill: (folder: string) => Promise<void>,
): Promise<string> {
	const cache = cacheFolder();
	const folder = join(cache, name);
	if (existsSync(folder)) return folder;
	mkdirSync(cache, { recursive: true });
	removeAbandoned(cache, name);

	const startMs = Date.now();
	progress(`${title}: installing, which takes some minutes the first time`);
	const partial = join(cache, `${name}.partial-${process.pid}`);
	mkdirSync(partial);
	try {
		await fill(partial);
		// Another run may have been faster.
		if (!existsSync(folder)) renameSync(partial, folder);
	} finally {
		rmSync(partial, { recursive: true, force: true });
	}
	progress(`${title}: installed in ${Math.round((Date.now() - startMs) / 1000)} s`);
	return folder;
}

/** Removes what installations left behind whose process is gone. */
function removeAbandoned(cache: string, name: string): void {
	for (const entry of readdirSync(cache)) {
		const [, pid] = entry.startsWith(name) ? (/\.partial-(\d+)$/.exec(entry) ?? []) : [];
		if (pid !== undefined && !isRunning(Number(pid))) {
			rmSync(join(cache, entry), { recursive: true, force: true });
		}
	}
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/**
 * `npm install` in a folder of its own, whatever project it is called from.
 * @throws with the end of npm's output
 */
export async function npmInstall(
	folder: string,
	packages: string[],
	flags: string[] = [],
	nodeFolder?: string,
): Promise<void> {
	const parameters = ['install', '--prefix', folder, '--no-audit', '--no-fund', ...flags];
	await run('npm', [...parameters, ...packages], folder, nodeFolder);
}

/** Runs a command to its end. @throws with the end of its output when it fails */
export async function run(
	command: string,
	parameters: string[],
	cwd: string,
	nodeFolder?: string,
): Promise<void> {
	const path = [nodeFolder, process.env.PATH].filter(Boolean).join(delimiter);
	const child = spawn(command, parameters, {
		cwd,
		env: { ...process.env, PATH: path },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => (output += text));
	}
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	if (code !== 0) {
		const end = output.trim().split('\n').slice(-30).join('\n');
		throw new Error(`${command} ${parameters.join(' ')} ended with ${code}:\n${end}`);
	}
}
