import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { z } from 'zod';

import { cleanText } from '../../nodes/LtxVideo/api/redact';
import { findDifferences } from './differences';
import { readEndpoints } from './openApi';

const KNOWN_DIFFERENCES = join(__dirname, 'knownDifferences.json');

/** Differences that were looked into and are as they should be. */
const knownSchema = z.array(
	z
		.object({
			date: z.string().date(),
			reason: z.string().min(1),
			differences: z.string().array().min(1),
		})
		.strict(),
);

export const EXIT_CODE = { same: 0, different: 1, notChecked: 2 };

const indent = (lines: string[]) => lines.map((line) => `  ${line}`);

/** The list for people, and whether it holds anything that is not known. */
async function compare(source: string, knownFile: string) {
	const known = knownSchema.parse(JSON.parse(await readFile(knownFile, 'utf8')));
	const found = findDifferences(await readEndpoints(source));
	const isKnown = new Set(known.flatMap(({ differences }) => differences));
	const fresh = found.filter((line) => !isKnown.has(line));
	const gone = [...isKnown].filter((line) => !found.includes(line));
	const lines = [
		`Known differences: ${found.length - fresh.length}`,
		...known.flatMap(({ date, reason, differences }) => [
			`  ${date}: ${reason}`,
			...indent(indent(differences.filter((line) => found.includes(line)))),
		]),
		`New differences: ${fresh.length}`,
		...indent(fresh),
		`Known differences that are gone, to be removed from the list: ${gone.length}`,
		...indent(gone),
	];
	return { lines, isSame: fresh.length + gone.length === 0 };
}

/** Into the summary of the GitHub workflow that runs this. */
async function addToSummary(lines: string[]): Promise<void> {
	const summary = process.env.GITHUB_STEP_SUMMARY;
	if (summary) await appendFile(summary, `~~~~\n${lines.join('\n')}\n~~~~\n`);
}

/**
 * Compares an OpenAPI document with the node and the stand-in, and prints what it finds.
 *
 * @returns the exit code
 */
export async function checkApi(
	words: string[],
	print: (line: string) => void = console.log,
): Promise<number> {
	let report: Awaited<ReturnType<typeof compare>>;
	try {
		const { positionals, values } = parseArgs({
			args: words,
			allowPositionals: true,
			options: { known: { type: 'string', default: KNOWN_DIFFERENCES } },
		});
		if (positionals.length !== 1) throw new Error('Name one OpenAPI file or URL');
		report = await compare(positionals[0], values.known);
	} catch (error) {
		const line = `Not checked: ${cleanText(error instanceof Error ? error.message : String(error))}`;
		print(line);
		await addToSummary([line]);
		return EXIT_CODE.notChecked;
	}
	for (const line of report.lines) print(line);
	await addToSummary(report.lines);
	return report.isSame ? EXIT_CODE.same : EXIT_CODE.different;
}
