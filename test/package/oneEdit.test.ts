import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { ENDPOINTS } from '../../nodes/LtxVideo/endpoints';
import { toApiName } from '../../nodes/LtxVideo/endpoints/fields/field';
import { REPOSITORY } from '../../tools/engine/paths';

/*
 * A new endpoint is one entry in the table, a new field one object in an entry's list. That stays
 * true as long as no other file knows an endpoint or a field by its name.
 */

const NODES = join(REPOSITORY, 'nodes');
/** The table and the parts that its entries are put together from. */
const TABLE = /^LtxVideo\/endpoints\//;

const endpoints = Object.values(ENDPOINTS);
const properties = endpoints.flatMap(({ fields }) => fields.flatMap((field) => field.properties));
// Names of fields that code uses for other things too.
const COMMON_WORDS = ['context', 'files'];
const NAMES = new Set([
	...Object.keys(ENDPOINTS),
	...endpoints.flatMap(({ path, name }) => [path, name]),
	...properties.flatMap(({ name }) => [name, toApiName(name)]),
]);
for (const word of COMMON_WORDS) NAMES.delete(word);
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
	expect(namesIn(source).filter((name) => NAMES.has(name))).toEqual([]);
});
