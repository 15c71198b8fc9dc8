import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { REPOSITORY, TARBALL_FOLDER } from '../../engine/paths';
import { median, rounded, type Figure } from '../figures';
import { answerParent } from '../support/ownProcess';

const PROCESSES = 7;

/** A copy, below node_modules like the original, that a build in the meantime leaves alone. */
const COPY = join(REPOSITORY, 'node_modules', '.cache', 'ltx-bench');

const LOAD = `
	require('n8n-workflow');
	const startMs = performance.now();
	require('./package/dist/nodes/LtxVideo/LtxVideo.node.js');
	console.log(performance.now() - startMs);
`;

/** What n8n pays for having the package installed. */
async function measure(): Promise<Figure[]> {
	rmSync(COPY, { recursive: true, force: true });
	cpSync(TARBALL_FOLDER, COPY, { recursive: true });
	const loads = Array.from({ length: PROCESSES }, () =>
		Number(execFileSync(process.execPath, ['-e', LOAD], { cwd: COPY, encoding: 'utf8' })),
	);
	const tarball = readdirSync(COPY).find((name) => name.endsWith('.tgz')) as string;
	const { size } = statSync(join(COPY, tarball));
	rmSync(COPY, { recursive: true, force: true });
	return [
		{
			name: 'loading the node file',
			measured: median(loads),
			unit: 'ms',
			atMost: 2,
			details: { loadsMs: loads.map(rounded) },
		},
		{ name: 'size of the tarball', measured: size / 1000, unit: 'kB', atMost: 40 },
	];
}

answerParent(measure);
