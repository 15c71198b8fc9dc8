import { checkApi } from './checkApi';

/*
 * npm run check:api -- <OpenAPI file or URL> [--known <file of known differences>]
 */
void checkApi(process.argv.slice(2)).then((exitCode) => {
	process.exitCode = exitCode;
});
