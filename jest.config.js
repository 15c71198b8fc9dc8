// ES modules that some of n8n's own nodes require, which jest cannot load before Node.js 24.9.
const ES_MODULES = '/sanitize-html/node_modules/';

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	transform: {
		'\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
		[`${ES_MODULES}.+\\.js$`]: ['@swc/jest', { module: { type: 'commonjs' } }],
	},
	transformIgnorePatterns: [`^(?!.*${ES_MODULES}).*/node_modules/`],
	globalSetup: '<rootDir>/test/globalSetup.ts',
	globalTeardown: '<rootDir>/test/globalTeardown.ts',
	setupFiles: ['<rootDir>/tools/engine/largeProcess.ts'],
	testTimeout: 20_000,
	// Most tests wait for timers, so that every core can take one more file.
	maxWorkers: '100%',
};
