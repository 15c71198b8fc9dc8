import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { INSTALLED_PACKAGE, REPOSITORY, TARBALL_FOLDER } from '../../tools/engine/paths';

function filesBelow(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		return entry.isDirectory() ? filesBelow(path) : [path];
	});
}

const NODE_FOLDER = join(REPOSITORY, 'nodes', 'LtxVideo');
const sources = [NODE_FOLDER, join(REPOSITORY, 'credentials')]
	.flatMap(filesBelow)
	.filter((path) => path.endsWith('.ts'));
const manifest = JSON.parse(readFileSync(join(INSTALLED_PACKAGE, 'package.json'), 'utf8'));

function importsOf(path: string): string[] {
	const source = readFileSync(path, 'utf8');
	return [...source.matchAll(/\bfrom '([^']+)'/g)].map(([, target]) => target);
}

describe('the architecture', () => {
	/** From the ground up. What stands in no folder looks at all of them. */
	const FLOORS = ['api', 'media', 'endpoints', 'sample', 'operations', 'run'];
	const nameOf = (path: string) => relative(NODE_FOLDER, path).replace(/\\/g, '/');
	const floorOf = (path: string) => {
		const [folder, ...inside] = nameOf(path).split('/');
		if (inside.length === 0) return FLOORS.length;
		if (!FLOORS.includes(folder)) throw new Error(`${folder}/ has no floor yet`);
		return FLOORS.indexOf(folder);
	};

	const modules = filesBelow(NODE_FOLDER).filter((path) => path.endsWith('.ts'));
	/** The modules of this package that a module imports, for their types alone too. */
	const importedBy = (path: string) =>
		importsOf(path)
			.filter((target) => target.startsWith('.'))
			.map((target) => resolve(dirname(path), target))
			.map((target) => (existsSync(`${target}.ts`) ? `${target}.ts` : join(target, 'index.ts')));

	it('has imports that point down only', () => {
		const upward = modules.flatMap((path) =>
			importedBy(path)
				.filter((target) => floorOf(target) > floorOf(path))
				.map((target) => `${nameOf(path)} → ${nameOf(target)}`),
		);
		expect(upward).toEqual([]);
	});

	it('has no modules that import each other in a circle', () => {
		const done = new Set<string>();
		const circles: string[] = [];
		const visit = (path: string, way: string[]): void => {
			if (way.includes(path)) circles.push([...way, path].map(nameOf).join(' → '));
			if (done.has(path)) return;
			done.add(path);
			for (const target of importedBy(path)) visit(target, [...way, path]);
		};
		modules.forEach((path) => visit(path, []));
		expect(circles).toEqual([]);
	});

	it('imports nothing but n8n-workflow from elsewhere', () => {
		const foreign = sources.flatMap(importsOf).filter((target) => !target.startsWith('.'));
		expect([...new Set(foreign)]).toEqual(['n8n-workflow']);
	});

	it('keeps the key to the client: uploads and downloads never see it', () => {
		const withKey = sources.filter((path) =>
			/httpRequestWithAuthentication|apiKey/.test(readFileSync(path, 'utf8')),
		);
		expect(withKey.map((path) => relative(REPOSITORY, path)).sort()).toEqual([
			join('credentials', 'LtxApi.credentials.ts'),
			join('nodes', 'LtxVideo', 'run', 'connection.ts'),
		]);
	});

	it('has no file of more than 300 lines, and switches no rule off', () => {
		for (const path of sources) {
			const source = readFileSync(path, 'utf8');
			expect([path, source.split('\n').length <= 300]).toEqual([path, true]);
			expect(source).not.toMatch(/eslint-disable|@ts-ignore|@ts-expect-error/);
		}
	});
});

describe('the tarball', () => {
	it('is at most 120 kB and holds only what ships', () => {
		const [tarball] = readdirSync(TARBALL_FOLDER).filter((name) => name.endsWith('.tgz'));
		expect(statSync(join(TARBALL_FOLDER, tarball)).size).toBeLessThanOrEqual(120_000);
		const roots = new Set(readdirSync(INSTALLED_PACKAGE));
		expect(roots).toEqual(new Set(['LICENSE.md', 'README.md', 'dist', 'index.js', 'package.json']));
	});

	it('needs nothing at run time', () => {
		expect(manifest.dependencies).toBeUndefined();
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		expect(manifest.n8n).toMatchObject({
			nodes: ['dist/nodes/LtxVideo/LtxVideo.node.js'],
			credentials: ['dist/credentials/LtxApi.credentials.js'],
		});
	});

	it('has the icons and the codex where n8n looks for them', () => {
		const folder = join(INSTALLED_PACKAGE, 'dist', 'nodes', 'LtxVideo');
		for (const name of ['ltxVideo.svg', 'ltxVideo.dark.svg', 'LtxVideo.node.json']) {
			expect(statSync(join(folder, name)).size).toBeGreaterThan(100);
		}
		const codex = JSON.parse(readFileSync(join(folder, 'LtxVideo.node.json'), 'utf8'));
		expect(codex.node).toBe('n8n-nodes-ltx-video.ltxVideo');
		expect(codex.alias).toContain('Image to Video');
		// n8n hides nodes of the category AI from its ordinary search.
		expect(codex.categories).not.toContain('AI');
	});

	it('gives its classes to programs that require it', () => {
		const script = `console.log(Object.keys(require(${JSON.stringify(INSTALLED_PACKAGE)})).join())`;
		expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim()).toBe(
			'LtxVideo,LtxApi',
		);
	});

	it("passes n8n's scan of community packages", () => {
		const script = `
			const { analyzePackage, SOURCE_FILE_PATTERNS } = await import('@n8n/scan-community-package/scanner/scanner.mjs');
			console.log(JSON.stringify([
				await analyzePackage(process.argv[1], ['**/*.js', 'package.json']),
				await analyzePackage(process.argv[2], SOURCE_FILE_PATTERNS),
			]));`;
		const output = execFileSync(
			process.execPath,
			['--input-type=module', '-e', script, INSTALLED_PACKAGE, REPOSITORY],
			// With NODE_ENV=test, which jest sets, n8n's rules take every file for a node file.
			{ encoding: 'utf8', cwd: REPOSITORY, env: { ...process.env, NODE_ENV: 'production' } },
		);
		expect(JSON.parse(output.trim().split('\n').at(-1) as string)).toEqual([
			{ passed: true },
			{ passed: true },
		]);
	}, 60_000);
});
