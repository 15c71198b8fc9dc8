const { spawn } = require('node:child_process');

const { dest, parallel, src } = require('gulp');

/** One JavaScript file for each source of the package. */
function compile() {
	const tsc = require.resolve('typescript/bin/tsc');
	return spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
}

/** Icons, and the codex file that n8n's node search reads. */
function assets() {
	return src(['nodes/**/*.{svg,json}', 'credentials/**/*.svg'], {
		base: '.',
		encoding: false,
		allowEmpty: true,
	}).pipe(dest('dist'));
}

exports.build = parallel(compile, assets);
