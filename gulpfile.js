const { build } = require('esbuild');
const { dest, parallel, src } = require('gulp');

/** One file for each class that n8n loads: reading many small ones would slow its start. */
async function bundle() {
	await build({
		entryPoints: ['nodes/LtxVideo/LtxVideo.node.ts', 'credentials/LtxApi.credentials.ts'],
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		external: ['n8n-workflow'],
		platform: 'node',
		target: 'node20',
		logLevel: 'warning',
	});
}

/** Icons, and the codex file that n8n's node search reads. */
function assets() {
	return src(['nodes/**/*.{svg,json}', 'credentials/**/*.svg'], {
		base: '.',
		encoding: false,
		allowEmpty: true,
	}).pipe(dest('dist'));
}

exports.build = parallel(bundle, assets);
