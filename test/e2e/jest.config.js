/** @type {import('jest').Config} */
module.exports = {
	...require('../../jest.config'),
	rootDir: '../..',
	testMatch: ['**/test/e2e/*.e2e.ts'],
	globalSetup: '<rootDir>/test/e2e/globalSetup.ts',
	globalTeardown: undefined,
	// Enough for a busy machine: a browser and two n8n share it.
	testTimeout: 400_000,
	maxWorkers: 2,
};
