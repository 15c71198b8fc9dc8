import { config } from '@n8n/node-cli/eslint';

const { plugins } = config.find((entry) => entry.plugins?.['import-x']);

export default [
	...config,
	{
		// Tests and tools run in Node.js, not in n8n: they may import and wait as they like.
		files: ['test/**/*.ts', 'tools/**/*.ts', '*.{js,mjs,ts}'],
		plugins: { 'import-x': plugins['import-x'] },
		rules: {
			'@n8n/community-nodes/no-dangerous-functions': 'off',
			'@n8n/community-nodes/no-restricted-globals': 'off',
			'@n8n/community-nodes/no-restricted-imports': 'off',
			'@n8n/community-nodes/require-node-api-error': 'off',
			// It knows no `exports` whose types lie beside the code; the compiler does.
			'import-x/no-unresolved': ['error', { ignore: ['^@modelcontextprotocol/sdk/'] }],
			'no-console': 'off',
		},
	},
];
