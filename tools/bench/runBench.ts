import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import packTarball from '../engine/packTarball';
import { REPOSITORY } from '../engine/paths';
import { isReached, rounded, toRows, type Figure } from './figures';
import { GROUPS, type GroupName } from './groups';
import { runInOwnProcess } from './ownProcess';

/*
 * npm run bench -- [group …]
 *
 * Measures the packed node in n8n's engine against the stand-in for the LTX API. Without a group,
 * all of them. Ends with exit code 1 if a figure is missed.
 */

const NAMES = Object.keys(GROUPS) as GroupName[];
const REPORT = join(REPOSITORY, 'out', 'bench.json');

type Result = Figure & { group: GroupName };

async function measure(group: GroupName): Promise<Result[]> {
	const figures = await runInOwnProcess<Figure[]>(`groups/${GROUPS[group].script}`);
	return figures.map((figure) => ({ group, ...figure }));
}

function readGroups(given: string[]): GroupName[] {
	const unknown = given.filter((name) => !Object.hasOwn(GROUPS, name));
	if (unknown.length > 0) {
		throw new Error(`No such group: ${unknown.join(', ')}. There are: ${NAMES.join(', ')}.`);
	}
	return given.length > 0 ? NAMES.filter((name) => given.includes(name)) : NAMES;
}

async function main(given: string[]): Promise<boolean> {
	const names = readGroups(given);
	packTarball();
	const startMs = performance.now();
	// Groups that mostly wait leave each other alone; the others need the machine for themselves.
	const waiting = names.filter((name) => GROUPS[name].isMostlyWaiting);
	const results = (await Promise.all(waiting.map(measure))).flat();
	for (const name of names.filter((entry) => !waiting.includes(entry))) {
		results.push(...(await measure(name)));
	}
	results.sort((a, b) => NAMES.indexOf(a.group) - NAMES.indexOf(b.group));
	console.table(toRows(results));
	const seconds = Math.round((performance.now() - startMs) / 1000);
	const figures = results.map((figure) => ({
		...figure,
		measured: rounded(figure.measured),
		ok: isReached(figure),
	}));
	mkdirSync(join(REPOSITORY, 'out'), { recursive: true });
	writeFileSync(
		REPORT,
		`${JSON.stringify({ measuredAt: new Date().toISOString(), seconds, figures }, null, '\t')}\n`,
	);
	console.log(`Measured in ${seconds} s, written to out/bench.json.`);
	return results.every(isReached);
}

main(process.argv.slice(2)).then(
	(isEveryFigureReached) => process.exit(isEveryFigureReached ? 0 : 1),
	(error: Error) => {
		console.error(`Bench failed: ${error.message}`);
		process.exit(1);
	},
);
