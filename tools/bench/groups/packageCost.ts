import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { REPOSITORY, TARBALL_FOLDER } from '../../engine/paths';
import { median, rounded, type Figure } from '../figures';
import { answerParent } from '../measure/ownProcess';

const PROCESSES = 7;

/** A copy, below node_modules like the original, that a build in the meantime leaves alone. */
const COPY = join(REPOSITORY, 'node_modules', '.cache', 'ltx-bench');

const LOAD = `
	require('n8n-workflow');
	const startMs = performance.now();
	const { LtxVideo } = require('./package/dist/nodes/LtxVideo/LtxVideo.node.js');
	const loadedMs = performance.now();
	new LtxVideo();
	console.log(JSON.stringify([loadedMs - startMs, performance.now() - loadedMs]));
`;

/** What n8n pays for having the package installed. */
async function measure(): Promise<Figure[]> {
	rmSync(COPY, { recursive: true, force: true });
	cpSync(TARBALL_FOLDER, COPY, { recursive: true });
	const loads = Array.from({ length: PROCESSES }, () =>
		JSON.parse(execFileSync(process.execPath, ['-e', LOAD], { cwd: COPY, encoding: 'utf8' })),
	) as Array<[number, number]>;
	const [loadMs, createMs] = [0, 1].map((step) => loads.map((times) => times[step]));
	const tarball = readdirSync(COPY).find((name) => name.endsWith('.tgz')) as string;
	const { size } = statSync(join(COPY, tarball));
	rmSync(COPY, { recursive: true, force: true });
	return [
		{
			name: 'loading the node file',
			measured: median(loadMs),
			unit: 'ms',
			atMost: 2,
			// What is put off until the node is created, which n8n does next, is in `createMs`.
			details: { loadMs: loadMs.map(rounded), createMs: createMs.map(rounded) },
		},
		{ name: 'size of the tarball', measured: size / 1000, unit: 'kB', atMost: 40 },
	];
}

answerParent(measure);
