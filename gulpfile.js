const { dest, src } = require('gulp');

/** What tsc does not copy: icons and the codex file that n8n's node search reads. */
function assets() {
	return src(['nodes/**/*.{svg,json}', 'credentials/**/*.svg'], {
		base: '.',
		encoding: false,
		allowEmpty: true,
	}).pipe(dest('dist'));
}

exports.assets = assets;
