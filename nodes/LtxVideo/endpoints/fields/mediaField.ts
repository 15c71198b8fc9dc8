import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { invalidInput } from '../../api/errors';
import { isBinaryData, type FileSource } from '../../media/inspect';
import type { MediaKind } from '../../media/kinds';
import {
	isLeftOut,
	plain,
	toApiName,
	type BodyValue,
	type Field,
	type FieldRules,
	type ReadParameter,
} from './field';
import { toOneOf, toTrimmedText } from './values';
import { requiredFor } from './visibility';

/** Addresses that LTX fetches files from. */
const ADDRESS = /^(https|ltx):\/\//i;
const DATA_URI = /^data:([^;,]*)[^,]*;base64,/i;
// Looked for in the beginning: a file may be megabytes of it.
const BASE64 = /^[A-Za-z0-9+/_\-\s]+={0,2}\s*$/;
const LONGEST_LOOK = 1_000;
// No word, name or path is so long without a dot.
const SHORTEST_BASE64 = 64;
const MEGABYTE = 1_000_000;

/** A file by its address, or as a text that holds the file itself. */
function toMedia(label: string, value: unknown, kind: MediaKind): BodyValue {
	const text = toTrimmedText(label, value);
	if (ADDRESS.test(text)) return plain(text);
	const beginning = text.slice(0, LONGEST_LOOK);
	const dataUri = DATA_URI.exec(beginning);
	const asFile = (data: string, mimeType: string) => ({
		is: 'file' as const,
		source: { data, mimeType },
		kinds: [kind],
	});
	if (dataUri) {
		const file = asFile(text.slice(dataUri[0].length), dataUri[1]);
		return text.length > kind.dataUriMegabytes * MEGABYTE ? file : { ...file, asIs: text };
	}
	if (/^data:/i.test(text)) return plain(text);
	if (text.length >= SHORTEST_BASE64 && BASE64.test(beginning)) return asFile(text, '');
	throw invalidInput(
		`${label} must begin with https://, ltx:// or data:, or be the file itself as base64`,
		'Use a public https address, the ltx:// address of an earlier upload, base64, or a binary field.',
	);
}

/** A file in the item: the name of its binary field, or the file itself from an expression. */
export function toFileSource(label: string, value: unknown): FileSource {
	return isBinaryData(value) ? value : toTrimmedText(label, value);
}

const SOURCES: INodePropertyOptions[] = [
	{ name: 'Binary File', value: 'binary', description: 'Upload a file from the input item, free' },
	{ name: 'URL', value: 'url', description: 'Let LTX fetch the file from an address' },
];
const NO_SOURCE: INodePropertyOptions = { name: 'None', value: 'none' };
const EVERY_SOURCE = ['binary', 'none', 'url'];

export interface MediaWords {
	/** Parameter stem: `image` gives `imageSource`, `imageUri`, `imageBinaryProperty`. */
	name: string;
	/** How the user calls the file, such as "Image". */
	label: string;
	/** What the file is to the video, as in "Where the first frame comes from". */
	what: string;
	uriPlaceholder: string;
	/** What the endpoint asks of the file, and what it costs, in one line of the panel. */
	hint?: string;
	/** The rest of it, in sentences. */
	details?: string;
}

/** A file by address or from the item's binary data: a source, a URI and a binary field name. */
export function mediaField(
	kind: MediaKind,
	{ name, label, what, uriPlaceholder, hint, details }: MediaWords,
	{ isAdditional = false, isOptional = isAdditional }: FieldRules = {},
): Field {
	const sourceName = `${name}Source`;
	const uriName = `${name}Uri`;
	const binaryName = `${name}BinaryProperty`;
	const uriLabel = `${label} URL`;
	const binaryLabel = `${label} Binary Field`;
	const shownFor = (source: string, property: INodeProperties): INodeProperties[] => {
		const others = EVERY_SOURCE.filter((entry) => entry !== source);
		if (isAdditional) return [{ ...property, displayOptions: { hide: { [sourceName]: others } } }];
		return requiredFor(property, { parameter: sourceName, value: source, known: EVERY_SOURCE });
	};
	/** Of an optional file, the part that was filled in says where it is. */
	const impliedSource = (parameter: ReadParameter): string | undefined => {
		if (!isOptional) return undefined;
		const hasUri = !isLeftOut(parameter(uriName), isAdditional);
		// A name that was not added is the usual one.
		const hasBinary = isAdditional && parameter(binaryName) !== undefined;
		if (hasUri && hasBinary) {
			throw invalidInput(
				`There are both ${uriLabel} and ${binaryLabel}`,
				`Remove one of them, or add ${label} Source.`,
			);
		}
		if (hasUri) return 'url';
		return hasBinary ? 'binary' : 'none';
	};
	const apiName = `${toApiName(name)}_uri`;
	const read: Field['read'] = (parameter) => {
		const given = parameter(sourceName);
		const source = toOneOf(
			`${label} Source`,
			isLeftOut(given, isAdditional) ? impliedSource(parameter) : given,
			isOptional ? EVERY_SOURCE : ['url', 'binary'],
			[...SOURCES, NO_SOURCE],
		);
		if (source === 'none') return {};
		if (source === 'url') return { [apiName]: toMedia(uriLabel, parameter(uriName), kind) };
		const property = parameter(binaryName);
		const fileSource = toFileSource(binaryLabel, property === undefined ? 'data' : property);
		return { [apiName]: { is: 'file', source: fileSource, kinds: [kind] } };
	};
	const isNoneOffered = isOptional && !isAdditional;
	const byDefault = isNoneOffered ? NO_SOURCE.value : 'url';
	return {
		isAdditional,
		read,
		properties: [
			{
				displayName: `${label} Source`,
				name: sourceName,
				type: 'options',
				options: isNoneOffered ? [...SOURCES, NO_SOURCE] : SOURCES,
				default: byDefault,
				...(hint && { hint }),
				description: isAdditional
					? `Where ${what} comes from. Then add ${uriLabel} or ${binaryLabel}.`
					: [`Where ${what} comes from`, details].filter(Boolean).join('. '),
			},
			...shownFor('url', {
				displayName: uriLabel,
				name: uriName,
				type: 'string',
				default: '',
				placeholder: uriPlaceholder,
				description: `An https address that anyone can open (a file of at most ${kind.largestByUrl}), the ltx:// address of an earlier upload, a data: address, or the file itself as base64 text`,
			}),
			...shownFor('binary', {
				displayName: binaryLabel,
				name: binaryName,
				type: 'string',
				typeOptions: { binaryDataProperty: true },
				default: 'data',
				placeholder: 'e.g. data',
				hint: 'The name of the input field that holds the file',
				description: `${kind.types}, at most ${kind.largestMebibytes} MiB. The file is uploaded to LTX for free and kept there for 24 hours.`,
			}),
		],
	};
}
