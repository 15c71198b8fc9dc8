import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import {
	BASE64_TEXT,
	DATA_URI_TEXT,
	detectFileType,
	HEAD_BYTES,
} from '../../nodes/LtxVideo/media/fileTypes';
import { DEMO_KINDS, type DemoKind } from './kinds';

/** Told to the user as it is, without a stack. */
export class BadInput extends Error {}

export interface Demo {
	kind: DemoKind;
	/** With what it holds: bytes, or a text that stands for them. */
	file?: { path: string; content: Buffer | string };
	prompt?: string;
	/** The user has a file of their own, and said nothing of what is to happen. */
	isNeutralPrompt: boolean;
}

/** The answer to `--help`. */
export function help(): string {
	const kinds = Object.entries(DEMO_KINDS).map(([name, { file, prompt }]) =>
		[`  ${name.padEnd(8)}`, file && `[${file.label}]`, prompt && '[prompt]']
			.filter(Boolean)
			.join(' '),
	);
	return [
		'npm run demo -- [what] [file] [prompt]',
		'',
		'Runs the LTX Video node in n8n’s engine and puts the result into the folder out. With a key',
		'in LTX_API_KEY it uses LTX, which charges; without one, a stand-in that costs nothing and',
		'always gives the same video.',
		'',
		'What there is to run, image if you do not say; a file and a prompt are there for each. A text',
		'file with base64 or a data: address counts as the file that it holds:',
		...kinds,
		'',
		'Examples:',
		'  npm run demo',
		'  npm run demo -- photo.jpg "Clouds drift by"',
		'  npm run demo -- text "Rain on a window at night"',
	].join('\n');
}

function readFile(
	word: string,
	{ label, kinds, urlField }: NonNullable<DemoKind['file']>,
): Demo['file'] {
	if (/^https?:/i.test(word)) {
		throw new BadInput(`Not a file but a web address; save the ${label} as a file first: ${word}`);
	}
	const path = resolve(word);
	const stats = statSync(path, { throwIfNoEntry: false });
	if (!stats) throw new BadInput(`No such file: ${path}`);
	if (!stats.isFile()) throw new BadInput(`Not a file but a folder: ${path}`);
	if (stats.size === 0) throw new BadInput(`The file is empty: ${path}`);
	const bytes = readFileSync(path);
	const head = bytes.subarray(0, HEAD_BYTES);
	const type = detectFileType(head);
	const isText = type.name === BASE64_TEXT || type.name === DATA_URI_TEXT;
	if (isText && urlField) return { path, content: bytes.toString('latin1') };
	if (!kinds.some(({ takes }) => takes(type))) {
		const types = kinds.map(({ types: known }) => known).join('; ');
		const isPage = type.mimeType === 'text/html' && !/<svg\b/i.test(head.toString('latin1'));
		const found = isPage ? 'a web page' : type.name;
		throw new BadInput(`LTX takes no such ${label}: ${path} is ${found}, but must be ${types}`);
	}
	return { path, content: bytes };
}

/**
 * A first word that is no kind belongs to the file: the kind is image then.
 * @throws {BadInput}
 */
export function readArguments(words: string[]): Demo {
	const option = words.find((word) => /^--\w/.test(word));
	if (option) throw new BadInput(`There is no option ${option}; see npm run demo -- --help`);
	const isNamed = words[0] !== undefined && Object.hasOwn(DEMO_KINDS, words[0]);
	const kind = DEMO_KINDS[isNamed ? words[0] : 'image'];
	const rest = isNamed ? words.slice(1) : [...words];
	const ownFile = kind.file && rest.shift();
	const path = ownFile ?? kind.file?.sample;
	const file = kind.file && path ? readFile(path, kind.file) : undefined;
	const ownPrompt = kind.prompt === undefined ? undefined : rest.shift();
	if (ownPrompt?.trim() === '') throw new BadInput('The prompt is empty');
	if (rest.length > 0) throw new BadInput(`Too many words: ${rest.join(' ')}`);
	const isNeutralPrompt = ownFile !== undefined && ownPrompt === undefined;
	const prompt = ownPrompt ?? (isNeutralPrompt ? kind.file?.neutralPrompt : kind.prompt);
	return { kind, prompt, isNeutralPrompt, ...(file && { file }) };
}
