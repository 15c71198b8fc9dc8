import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import ts from 'typescript';

import { ENDPOINTS } from '../../nodes/LtxVideo/endpoints';
import { REPOSITORY } from '../../tools/engine/paths';

/*
 * A new endpoint is one entry in the table, a new field one object in an entry's list. That stays
 * true as long as no other file knows an endpoint or a field by its name.
 */

const NODES = join(REPOSITORY, 'nodes');
/** The table and the parts that its entries are put together from. */
const TABLE = /^LtxVideo\/endpoints\//;

const fields = Object.values(ENDPOINTS).flatMap((endpoint) => endpoint.fields);
const NAMES = new Set([
	...Object.keys(ENDPOINTS),
	...Object.values(ENDPOINTS).flatMap(({ path, name, resultKey }) => [path, name, resultKey]),
	...fields.map(({ apiName }) => apiName),
	...fields.flatMap((field) => field.createProperties().map(({ name }) => name)),
]);
// In failed items, the contract has this name for the address of any finished file.
const CONTRACT_NAMES: Record<string, string[]> = { 'LtxVideo/run/failedItem.ts': ['video_url'] };

/** The names that a piece of code uses as text or as the name of a property. */
function namesIn(source: string): string[] {
	const names: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isStringLiteralLike(node)) names.push(node.text);
		if (ts.isPropertyAccessExpression(node)) names.push(node.name.text);
		if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
			names.push(node.name.getText().replace(/^['"]|['"]$/g, ''));
		}
		if (ts.isBindingElement(node)) names.push((node.propertyName ?? node.name).getText());
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
	return names;
}

const sources = readdirSync(NODES, { recursive: true, encoding: 'utf8' })
	.map((path) => path.replace(/\\/g, '/'))
	.filter((path) => path.endsWith('.ts'));
const others = sources.filter((path) => !TABLE.test(path));

it('knows a name where it stands as a text, a key, a property or in a pattern', () => {
	expect(namesIn("f('a'); ({ b: 1, 'c': 2, d }); x.e; const { f: g, h } = y;")).toEqual(
		expect.arrayContaining(['a', 'b', 'c', 'd', 'e', 'f', 'h']),
	);
});

it('has a table in a few files, and many others', () => {
	expect(sources.length - others.length).toBeGreaterThan(5);
	expect(others.length).toBeGreaterThan(20);
	expect([...NAMES]).toEqual(
		expect.arrayContaining(['imageToVideo', 'image-to-video', 'image_uri', 'imageSource', 'fps']),
	);
});

it.each(others)('%s names no endpoint and no field', (path) => {
	const source = readFileSync(join(NODES, path), 'utf8');
	const named = namesIn(source).filter((name) => NAMES.has(name));
	const allowed = CONTRACT_NAMES[relative('.', path).replace(/\\/g, '/')] ?? [];
	expect(named.filter((name) => !allowed.includes(name))).toEqual([]);
});
