const { dest, parallel, src } = require('gulp');
const { build } = require('rolldown');

/**
 * Loads what another file holds when it is used, not with the class. n8n itself creates the node right
 * after it has loaded the class, so that this only helps programs that look at classes alone.
 */
const loadOnUse = {
	name: 'load-on-use',
	renderChunk: (code, { isEntry }) =>
		isEntry
			? [...code.matchAll(/^const (require_\w+) = (require\("\.\/\w+\.js"\));\n/gm)].reduce(
					(changed, [declaration, name, load]) =>
						changed.replace(declaration, '').replaceAll(`${name}.`, `${load}.`),
					code,
				)
			: null,
};

/** A few files in place of many small ones, which would slow n8n's start. */
async function bundle() {
	await build({
		input: {
			'nodes/LtxVideo/LtxVideo.node': 'nodes/LtxVideo/LtxVideo.node.ts',
			'credentials/LtxApi.credentials': 'credentials/LtxApi.credentials.ts',
		},
		external: ['n8n-workflow'],
		platform: 'node',
		plugins: [loadOnUse],
		logLevel: 'warn',
		output: {
			dir: 'dist',
			format: 'cjs',
			chunkFileNames: 'nodes/LtxVideo/[name].js',
			comments: false,
			// Smaller, and still to be read: names and line breaks stay.
			minify: { compress: true, mangle: false, codegen: { removeWhitespace: false } },
		},
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
