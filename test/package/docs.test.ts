import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import ts from 'typescript';

import { LtxApi } from '../../credentials/LtxApi.credentials';
import { createProperties } from '../../nodes/LtxVideo/description';
import { ENDPOINTS } from '../../nodes/LtxVideo/endpoints';
import { DOCUMENTED_ON, MODELS } from '../../nodes/LtxVideo/endpoints/catalog/models';
import type { Price } from '../../nodes/LtxVideo/endpoints/catalog/prices';
import { TIERS, type Tier } from '../../nodes/LtxVideo/endpoints/catalog/sizes';
import codex from '../../nodes/LtxVideo/LtxVideo.node.json';
import { AUDIO, IMAGE, VIDEO } from '../../nodes/LtxVideo/media/kinds';
import { FILE_RESOURCE } from '../../nodes/LtxVideo/operations';
import { createOptions } from '../../nodes/LtxVideo/settings';
import manifest from '../../package.json';
import { REPOSITORY } from '../../tools/engine/paths';
import { RELEASES } from '../../tools/n8n/releases';

/*
 * Facts that stand in the code and in the documents are the same in both.
 */

const NODE_FOLDER = join(REPOSITORY, 'nodes', 'LtxVideo');
const DOCS = join(REPOSITORY, 'docs');
const EXAMPLES = join(REPOSITORY, 'examples');

const markdownIn = (folder: string) =>
	readdirSync(folder)
		.filter((name) => name.endsWith('.md'))
		.map((name) => join(folder, name));
const TESTS = join(REPOSITORY, 'test');
const DOCUMENTS = [REPOSITORY, DOCS, TESTS].flatMap(markdownIn);

const textOf = (path: string) => readFileSync(path, 'utf8');
const README = textOf(join(REPOSITORY, 'README.md'));
const FIELDS = textOf(join(DOCS, 'fields.md'));
const ERRORS = textOf(join(DOCS, 'errors.md'));
const PROMISES = textOf(join(DOCS, 'what-happens-when.md'));
const PROMISE_TESTS = textOf(join(TESTS, 'README.md'));

/** The part of a document below a heading of the second level. */
function sectionOf(document: string, heading: string): string {
	const section = document.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
	if (section === undefined) throw new Error(`There is no "## ${heading}"`);
	return section;
}

/** The rows of the table whose first column is called so; their cells without backticks. */
function tableOf(document: string, firstColumn: string): string[][] {
	const [, table] = document.split(new RegExp(`^\\| ${firstColumn} +\\|.*\\n\\|[ |-]+\\n`, 'm'));
	if (table === undefined) return [];
	const [rows] = table.split(/^(?!\|)/m);
	return rows
		.trim()
		.split('\n')
		.map((row) =>
			row
				.slice(1, -1)
				.split('|')
				.map((cell) => cell.replace(/`/g, '').trim()),
		);
}

const withoutCode = (document: string) => document.replace(/^\s*```[^]*?^\s*```/gm, '');

const HEADING = /^#+ (.+)$/gm;

/** The anchors that GitHub gives to headings. */
function anchorsOf(document: string): string[] {
	return [...withoutCode(document).matchAll(HEADING)].map(([, heading]) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replace(/ /g, '-'),
	);
}

/** The tests that a text names, as in: `engine/some.test.ts` “one title”, “another title” */
function testsNamedIn(text: string): Array<{ file: string; titles: string[] }> {
	const named = text.matchAll(
		/`(?:test\/)?((?:\w+\/)+[\w.]+\.(?:test|e2e)\.ts|e2e\/\w+\.ts)`((?:,? “[^”]+”)*)/g,
	);
	return [...named].map(([, file, titles]) => ({
		file,
		titles: [...titles.matchAll(/“([^”]+)”/g)].map(([, title]) => title),
	}));
}

/** All texts that stand in quotes in a file of TypeScript, titles of tests among them. */
function textsIn(path: string): Set<string> {
	const texts = new Set<string>();
	const visit = (node: ts.Node): void => {
		if (ts.isStringLiteralLike(node)) texts.add(node.text);
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true));
	return texts;
}

describe('the prices of the README', () => {
	/** What one second costs, in a file of the size of a tier where the endpoint takes one. */
	async function usdPerSecond(
		resource: string,
		body: Record<string, unknown>,
		tier: Tier,
	): Promise<string> {
		const [width, height] = tier.landscape.split('x').map(Number);
		const price: Price = await ENDPOINTS[resource].price({
			body: { resolution: tier.landscape, ...body },
			factsOf: () => ({ seconds: 1, framesPerSecond: 24, pixels: width * height }),
		});
		return 'usd' in price ? price.usd.toFixed(2) : '';
	}

	const rows = tableOf(README, 'USD per second');
	const ONLY_1080P = (tier: Tier) => tier.name === '1080p';
	const UP_TO_1080P = (tier: Tier) => ['720p', '1080p'].includes(tier.name);
	const expected: Array<[string, string, object, (tier: Tier) => boolean]> = [
		...MODELS.map(({ name, value }): [string, string, object, () => boolean] => [
			name,
			'imageToVideo',
			{ model: value, duration: 1 },
			() => true,
		]),
		['Audio to Video, LTX 2.3 Pro', 'audioToVideo', { model: 'ltx-2-3-pro' }, () => true],
		['Retake', 'retake', {}, ONLY_1080P],
		['Extend', 'extend', { duration: 0.5, context: 0.5 }, ONLY_1080P],
		['Video to HDR', 'videoToVideoHdr', {}, () => true],
		['Reframe', 'videoToVideoReframe', {}, UP_TO_1080P],
	];

	it.each(expected)('of %s', async (name, resource, body, isPriced) => {
		const cells = await Promise.all(
			TIERS.map(async (tier) =>
				isPriced(tier) ? await usdPerSecond(resource, { ...body }, tier) : '',
			),
		);
		expect(rows.find(([first]) => first === name)?.slice(1, 5)).toEqual(cells);
	});

	it('have no other rows, and a date', () => {
		expect(rows.map(([name]) => name)).toEqual(expected.map(([name]) => name));
		expect(sectionOf(README, 'Costs')).toContain(DOCUMENTED_ON);
		expect(FIELDS).toContain(DOCUMENTED_ON);
	});

	it('are those that the text begins with', async () => {
		const [{ value: model }] = MODELS;
		for (const [tier, usd] of [
			[TIERS[0], '0.18'],
			[TIERS[1], '0.36'],
		] as const) {
			expect(await usdPerSecond('textToVideo', { model, duration: 6 }, tier)).toBe(usd);
			expect(README).toContain(`USD ${usd} at ${tier.name}`);
		}
	});
});

describe('docs/fields.md', () => {
	const properties = createProperties();
	const collection = (name: string) =>
		properties.find((property) => property.name === name)?.options as INodeProperties[];

	function resourcesOf({ displayOptions }: INodeProperties): unknown[] {
		return (displayOptions?.show?.['/resource'] ?? displayOptions?.show?.resource ?? []) as [];
	}

	/** How the panel shows the default of a property; nothing where that is empty. */
	function defaultOf({ type, options, default: byDefault }: INodeProperties): string {
		if (type === 'boolean') return byDefault ? 'On' : 'Off';
		if (type !== 'options') return typeof byDefault === 'object' ? '' : String(byDefault);
		const entries = options as INodePropertyOptions[];
		return String(entries.find(({ value }) => value === byDefault)?.name);
	}

	const ADDITIONAL = 'Additional: ';

	/** Fields by the names in the first column, of which one row may have several. */
	function rowsOf(section: string): Map<string, string> {
		return new Map(
			tableOf(section, 'Field').flatMap(([names, second]) => {
				const prefix = names.startsWith(ADDITIONAL) ? ADDITIONAL : '';
				return names
					.slice(prefix.length)
					.split(', ')
					.map((name): [string, string] => [`${prefix}${name}`, second]);
			}),
		);
	}

	function expectDefault(rows: Map<string, string>, property: INodeProperties): void {
		const byDefault = defaultOf(property);
		expect([property.displayName, rows.get(property.displayName)]).toEqual([
			property.displayName,
			expect.stringContaining(byDefault && `**${byDefault}**`),
		]);
	}

	const SHARED = ['resource', 'operation', 'jobId', 'downloadVideo', 'options', 'additionalFields'];

	const resources = properties[0].options as INodePropertyOptions[];

	it.each(resources.map(({ name, value }): [string, unknown] => [name, value]))(
		'has the fields of %s, and no other',
		(name, resource) => {
			const rows = rowsOf(sectionOf(FIELDS, name));
			const isOfResource = (property: INodeProperties) => resourcesOf(property).includes(resource);
			const own = properties
				.filter((property) => !SHARED.includes(property.name))
				.filter(isOfResource);
			const names = [
				...own.map(({ displayName }) => displayName),
				...collection('additionalFields')
					.filter(isOfResource)
					.map(({ displayName }) => `${ADDITIONAL}${displayName}`),
			];
			expect([...rows.keys()].sort()).toEqual([...new Set(names)].sort());
			for (const property of own) expectDefault(rows, property);
		},
	);

	it('says of menus what they offer', () => {
		const menus = [...properties.slice(1), ...collection('additionalFields')]
			.filter(({ type, name }) => type === 'options' && !/Source$|^resolution$/.test(name))
			.map(({ options }) => options as INodePropertyOptions[]);
		const names = menus.flat().map(({ name }) => name.replace(/ Seconds$/, ''));
		expect(names.length).toBeGreaterThan(50);
		expect(names.filter((name) => !/^1[468]$/.test(name) && !FIELDS.includes(name))).toEqual([]);
	});

	it('has the fields that all resources share', () => {
		const rows = rowsOf(sectionOf(FIELDS, 'Operations'));
		const shared = properties.filter(({ name }) => ['jobId', 'downloadVideo'].includes(name));
		expect(new Set(rows.keys())).toEqual(new Set(shared.map(({ displayName }) => displayName)));
		for (const property of shared) expectDefault(rows, property);
	});

	it('has the options with their defaults', () => {
		const inWords: Record<string, (begin: string) => string> = {
			fileName: () => 'The job ID',
			maxCostUsd: (begin) => `No limit (begins with ${begin})`,
			sample: (begin) => `Never (begins with ${begin})`,
		};
		const expected = (createOptions().options as INodeProperties[]).map((option) => {
			const byDefault = defaultOf(option);
			return [option.displayName, inWords[option.name]?.(byDefault) ?? byDefault];
		});
		const rows = tableOf(sectionOf(FIELDS, 'Options'), 'Option');
		expect(rows.map(([name, byDefault]) => [name, byDefault])).toEqual(expected);
	});

	it('names the parts of Files', () => {
		const { options } = properties.find(({ name }) => name === 'files') as INodeProperties;
		const [{ values }] = options as Array<{ values: INodeProperties[] }>;
		for (const { displayName } of values) {
			expect(sectionOf(FIELDS, 'Other Endpoint')).toContain(`**${displayName}**`);
		}
	});

	it('has the limits of files', () => {
		expect(tableOf(sectionOf(FIELDS, 'Files'), 'Kind')).toEqual(
			Object.entries({ Image: IMAGE, Video: VIDEO, Audio: AUDIO }).map(
				([name, { types, largestMebibytes, largestByUrl, dataUriMegabytes }]) => [
					name,
					`${types}, at most ${largestMebibytes} MiB`,
					largestByUrl,
					`${dataUriMegabytes} MB`,
				],
			),
		);
	});

	it('shows every picture of a panel', () => {
		const shown = [...FIELDS.matchAll(/\(panels\/([\w-]+\.png)\)/g)].map(([, name]) => name);
		expect(shown.sort()).toEqual(readdirSync(join(DOCS, 'panels')).sort());
	});

	it('has a section for each resource', () => {
		expect(resources.map(({ value }) => value)).toEqual([...Object.keys(ENDPOINTS), FILE_RESOURCE]);
	});
});

describe('docs/errors.md', () => {
	/** What `pick` finds in the sources of the node. */
	function findInSources(pick: (node: ts.Node) => string[]): Set<string> {
		const found = new Set<string>();
		const visit = (node: ts.Node): void => {
			for (const text of pick(node)) found.add(text);
			ts.forEachChild(node, visit);
		};
		readdirSync(NODE_FOLDER, { recursive: true, encoding: 'utf8' })
			.filter((path) => path.endsWith('.ts'))
			.map((path) => textOf(join(NODE_FOLDER, path)))
			.forEach((source) => {
				visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
			});
		return found;
	}

	const typesIn = (heading: string) =>
		new Set(tableOf(sectionOf(ERRORS, heading), 'Type').map(([type]) => type));

	it('lists the types that LTX gives', () => {
		const known = findInSources((node) =>
			ts.isVariableDeclaration(node) &&
			node.name.getText() === 'TEXT_BY_TYPE' &&
			node.initializer &&
			ts.isObjectLiteralExpression(node.initializer)
				? node.initializer.properties.map((property) => String(property.name?.getText()))
				: [],
		);
		expect(known.size).toBeGreaterThan(8);
		expect(typesIn('Types that LTX gives')).toEqual(known);
	});

	it('lists the types that the node gives', () => {
		/** Where a call that makes an error has its type. */
		const PLACES: Record<string, number> = { LtxError: 0, asLtxError: 1 };
		const given = findInSources((node) => {
			if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return [];
			const type = node.arguments?.[PLACES[node.expression.getText()] ?? -1];
			return type && ts.isStringLiteral(type) ? [type.text] : [];
		});
		expect(given.size).toBeGreaterThan(6);
		expect(typesIn('Types that the node gives')).toEqual(given);
	});
});

describe('test/README.md', () => {
	const lines = PROMISE_TESTS.split('\n').filter((line) => /^ *- /.test(line));
	const namesIn = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);

	it('has a line for each promise of docs/what-happens-when.md', () => {
		const headings = [...PROMISES.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
		expect(headings.length).toBeGreaterThan(10);
		expect([...namesIn(/^- \[(.+?)\]\(/), 'What nobody can change']).toEqual(headings);
	});

	it('has a line for each kind of request that can fail', () => {
		const section = sectionOf(PROMISES, 'Status, upload or download fail');
		const kinds = tableOf(section, 'What fails').map(([what]) => what.split(':')[0]);
		expect(kinds.length).toBeGreaterThan(2);
		expect(namesIn(/^ +- (.+?):/)).toEqual([...new Set(kinds)]);
	});

	const entries = lines
		.filter((line) => !line.endsWith(':'))
		.map((line) => [line.split(':')[0], line]);
	it.each(entries)('names tests, and nothing else, in the line %s', (_begin, line) => {
		const named = testsNamedIn(line);
		expect(named.length).toBeGreaterThan(0);
		// What is written in another way would not be looked up.
		expect(line.match(/`[^`]+`/g)).toHaveLength(named.length);
		expect([...line.matchAll(/“/g)]).toHaveLength(named.flatMap(({ titles }) => titles).length);
	});
});

describe('the README', () => {
	it('has at most 1,500 words', () => {
		expect(README.trim().split(/\s+/).length).toBeLessThanOrEqual(1_500);
	});

	it('lists every template', () => {
		const templates = readdirSync(EXAMPLES).filter((name) => name.endsWith('.json'));
		const listed = [...README.matchAll(/\(examples\/([\w-]+\.json)\)/g)].map(([, name]) => name);
		expect(listed.sort()).toEqual(templates.sort());
	});

	it('names every resource, and the versions that the tests run in', () => {
		for (const { name } of createProperties()[0].options as INodePropertyOptions[]) {
			expect(README).toContain(`**${name}:**`);
		}
		const { 'n8n-core': engine } = manifest.devDependencies;
		const [node] = /[\d.]+/.exec(manifest.engines.node) ?? [];
		for (const version of [...RELEASES.map((release) => release.version), engine, `${node}`]) {
			expect(README).toContain(version);
		}
	});

	it('has the places that n8n links to', () => {
		const { primaryDocumentation, credentialDocumentation } = codex.resources;
		const urls = [...primaryDocumentation, ...credentialDocumentation].map(({ url }) => url);
		for (const url of [...urls, new LtxApi().documentationUrl, manifest.homepage]) {
			const [page, anchor] = url.split('#');
			expect(page).toBe('https://github.com/ltx-video-nodes/n8n-nodes-ltx-video');
			expect(['readme', ...anchorsOf(README)]).toContain(anchor);
		}
	});
});

describe.each(DOCUMENTS.map((path) => [relative(REPOSITORY, path), path]))('%s', (_name, path) => {
	const document = textOf(path);

	it('has links that lead somewhere', () => {
		const targets = [...withoutCode(document).matchAll(/\]\(([^)\s]+)\)/g)]
			.map(([, target]) => target)
			.filter((target) => !/^https?:/.test(target));
		const broken = targets.filter((target) => {
			const [file, anchor] = target.split('#');
			const linked = file === '' ? path : resolve(dirname(path), file);
			if (!existsSync(linked)) return true;
			return anchor !== undefined && !anchorsOf(textOf(linked)).includes(anchor);
		});
		expect(broken).toEqual([]);
	});

	it('names commands that exist', () => {
		const named = [...document.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
		expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
	});

	it('names tests that exist', () => {
		for (const { file, titles } of testsNamedIn(document)) {
			const texts = textsIn(join(TESTS, file));
			expect([file, titles.filter((title) => !texts.has(title))]).toEqual([file, []]);
		}
	});
});
