/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	transform: {
		'\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
	},
	globalSetup: '<rootDir>/tools/engine/packTarball.ts',
	testTimeout: 20_000,
	// Most tests wait for timers, so that every core can take one more file.
	maxWorkers: '100%',
};
