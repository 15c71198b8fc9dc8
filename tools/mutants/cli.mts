/*
 * `npm run mutants`, or `npm run mutants -- api media` for some folders: slips small mistakes into the
 * code, one at a time, and counts those that the unit tests of the same folder notice. Ends with 1
 * where a folder scores too little. The survivors stand in `reports/mutants`, as web pages.
 */
import { Stryker } from '@stryker-mutator/core';

const FOLDERS = ['api', 'endpoints', 'media', 'run'];
const LEAST_PERCENT = 85;
// A mistake that makes a loop endless is noticed by its time.
const NOTICED = ['Killed', 'Timeout'];
const MISSED = ['Survived', 'NoCoverage'];

/** How many mistakes of a hundred the unit tests of a folder notice. */
async function scoreOf(folder: string): Promise<number> {
	const mutants = await new Stryker({
		mutate: [`nodes/LtxVideo/${folder}/**/*.ts`],
		testRunner: 'jest',
		// All tests would take hours, and each folder should stand by its own. The panel is made of the
		// endpoints.
		jest: {
			configFile: 'jest.config.js',
			// Jest finds the tests of a file only if both are below its roots.
			enableFindRelatedTests: false,
			config: {
				testMatch: [`**/test/unit/${folder}/**/*.test.ts`].concat(
					folder === 'endpoints' ? '**/test/unit/description.test.ts' : [],
				),
				globalSetup: null,
			},
		},
		coverageAnalysis: 'perTest',
		ignorePatterns: ['/dist', '/docs', '/out', '/reports'],
		reporters: ['clear-text', 'html'],
		clearTextReporter: { logTests: false, allowColor: false },
		htmlReporter: { fileName: `reports/mutants/${folder}.html` },
	}).runMutationTest();
	const count = (states: string[]) =>
		mutants.filter(({ status }) => states.includes(status)).length;
	const noticed = count(NOTICED);
	return (100 * noticed) / (noticed + count(MISSED));
}

async function main(folders: string[]): Promise<void> {
	const unknown = folders.filter((folder) => !FOLDERS.includes(folder));
	if (unknown.length > 0) {
		throw new Error(`There is no ${unknown.join(', ')}. Choose of: ${FOLDERS.join(', ')}`);
	}
	const scores = new Map<string, number>();
	for (const folder of folders) scores.set(folder, await scoreOf(folder));
	for (const [folder, percent] of scores) {
		console.log(`${folder}: ${percent.toFixed(1)} % noticed (at least ${LEAST_PERCENT} % wanted)`);
		if (percent < LEAST_PERCENT) process.exitCode = 1;
	}
}

const chosen = process.argv.slice(2);
main(chosen.length > 0 ? chosen : FOLDERS).catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
