import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { invalidInput } from './errors';
import type { MediaInput } from './media';
import { toBoolean, toOneOf, toPositiveNumber, toText, toTrimmedText } from './values';

/** Reads a parameter of the current item by its name; `undefined` where it is not set. */
export type ReadParameter = (name: string) => unknown;

export type FieldValue = string | number | boolean | null | MediaInput | ImageMatch;

/**
 * One field of a request: what the user sees and what the API gets.
 *
 * Optional fields live in the Additional Fields collection, required ones at the top level.
 */
export interface Field {
	/** Name of the field in the request body. */
	apiName: string;
	isOptional: boolean;
	/** The n8n parameters that make up the field, in the order in which they are shown. */
	properties: INodeProperties[];
	/**
	 * The value for the API; `undefined` leaves the field out.
	 * @throws {LtxError} `invalid_input` for a value that makes no sense
	 */
	read(parameter: ReadParameter): FieldValue | undefined;
}

type Shape = Omit<INodeProperties, 'name' | 'displayName'> & { name: string; displayName: string };

/** `cameraMotion` → `camera_motion` */
export function toApiName(parameterName: string): string {
	return parameterName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function simpleField(
	properties: Shape[],
	isOptional: boolean,
	encode: (label: string, value: unknown) => FieldValue,
): Field {
	const [{ name, displayName }] = properties;
	return {
		apiName: toApiName(name),
		isOptional,
		properties,
		read(parameter) {
			const value = parameter(name);
			// An optional field that was not added. One that was added but is empty is a mistake.
			return isOptional && value === undefined ? undefined : encode(displayName, value);
		},
	};
}

interface Options {
	isOptional?: boolean;
}

/** A text over several lines with a longest length, in characters. */
export function longTextField(
	shape: Shape,
	longest: number,
	{ isOptional = false }: Options = {},
): Field {
	return simpleField([shape], isOptional, (label, value) => {
		const text = toText(label, value);
		const length = [...text].length;
		if (length > longest) {
			throw invalidInput(
				`${label} is ${length} characters long, but LTX takes at most ${longest}`,
				`Shorten ${label}.`,
			);
		}
		return text;
	});
}

/** A choice among texts. Values beside the listed ones are passed on: the API has the last word. */
export function choiceField(shape: Shape, { isOptional = false }: Options = {}): Field {
	return simpleField([shape], isOptional, toTrimmedText);
}

/** A size in both orientations, of which the image in another field of the request chooses one. */
export interface ImageMatch {
	imageField: string;
	landscape: string;
	portrait: string;
}

/**
 * A resolution, `variants` as in `numberChoiceField`. The values in `matches` follow the image that
 * the request has in the API field `imageField`.
 */
export function resolutionField(
	variants: Shape[],
	{
		matches,
		imageField,
	}: {
		matches: ReadonlyArray<{ value: string; landscape: string; portrait: string }>;
		imageField: string;
	},
): Field {
	return simpleField(variants, false, (label, value) => {
		const text = toTrimmedText(label, value);
		const match = matches.find((entry) => entry.value === text);
		return match ? { imageField, landscape: match.landscape, portrait: match.portrait } : text;
	});
}

/**
 * A choice among numbers. `variants` are properties of one name of which the editor shows the one
 * that fits the other choices.
 */
export function numberChoiceField(variants: Shape[], { isOptional = false }: Options = {}): Field {
	return simpleField(variants, isOptional, toPositiveNumber);
}

export function booleanField(shape: Shape, { isOptional = false }: Options = {}): Field {
	return simpleField([shape], isOptional, toBoolean);
}

/** The option that stands for "the model chooses", which the API calls null. */
export const AUTO = 'auto';

/** A number of seconds or `auto`. `variants` as in `numberChoiceField`. */
export function durationField(variants: Shape[]): Field {
	return simpleField(variants, false, (label, value) =>
		typeof value === 'string' && value.trim().toLowerCase() === AUTO
			? null
			: toPositiveNumber(label, value),
	);
}

/** A choice of model, and a free text beside it for models that are not listed. */
export function modelField(
	shape: Shape,
	custom: { value: string; properties: INodeProperties[] },
): Field {
	return {
		apiName: toApiName(shape.name),
		isOptional: false,
		properties: [shape, ...custom.properties],
		read(parameter) {
			const model = toTrimmedText(shape.displayName, parameter(shape.name));
			if (model !== custom.value) return model;
			const [{ displayName, name }] = custom.properties;
			return toTrimmedText(displayName, parameter(name));
		},
	};
}

/** What the API takes as an address of a file. */
const URI_SCHEMES = /^(https:\/\/|ltx:\/\/|data:)/i;
// "7 MB encoded" may mean either kind of megabyte; only what is over both is refused here.
const LONGEST_DATA_URI = 7 * 1024 * 1024;

function toMediaUri(label: string, value: unknown): string {
	const uri = toTrimmedText(label, value);
	if (!URI_SCHEMES.test(uri)) {
		throw invalidInput(
			`${label} must begin with https://, ltx:// or data:`,
			'LTX fetches the file itself, over https only. To send a file from this workflow, choose Binary File as the source.',
		);
	}
	if (/^data:/i.test(uri) && uri.length > LONGEST_DATA_URI) {
		throw invalidInput(
			`${label} is a data URI of more than 7 MB, which LTX does not take`,
			'Choose Binary File as the source: it is uploaded and may be larger.',
		);
	}
	return uri;
}

const SOURCES: INodePropertyOptions[] = [
	{ name: 'Binary File', value: 'binary', description: 'Upload a file from the input item' },
	{ name: 'URL', value: 'url', description: 'Let LTX fetch the file from an address' },
];

/**
 * A file by address or from the item's binary data: a source, a URI and a binary field name.
 *
 * @param name parameter stem: `image` gives `imageSource`, `imageUri`, `imageBinaryProperty`
 * @param label how the user calls the file, such as "Image"
 */
export function mediaField(
	name: string,
	label: string,
	texts: { source: string; uri: string; uriPlaceholder: string },
	{ isOptional = false }: Options = {},
): Field {
	const sourceName = `${name}Source`;
	const uriName = `${name}Uri`;
	const binaryName = `${name}BinaryProperty`;
	const uriLabel = `${label} URL`;
	const binaryLabel = `${label} Binary Field`;
	const sources = ['binary', 'none', 'url'];
	// n8n drops values that are not displayed, and refuses to run while a displayed one that is
	// required is empty. A part is hidden only where the source is another one for certain, and
	// required only where it is this one: the source may be an expression, or not be set.
	const shownFor = (source: string, property: INodeProperties): INodeProperties[] => {
		const others = sources.filter((entry) => entry !== source);
		if (isOptional) return [{ ...property, displayOptions: { hide: { [sourceName]: others } } }];
		return [
			{
				...property,
				required: true,
				displayOptions: { hide: { [sourceName]: [{ _cnd: { not: source } }] } },
			},
			{ ...property, displayOptions: { hide: { [sourceName]: sources } } },
		];
	};
	const read: Field['read'] = (parameter) => {
		const given = parameter(sourceName);
		// Of an optional file, the part that was added says where the file is.
		const implied = parameter(uriName) !== undefined ? 'url' : 'binary';
		const isAbsent =
			given === undefined &&
			parameter(uriName) === undefined &&
			parameter(binaryName) === undefined;
		if (isOptional && (isAbsent || given === 'none')) return undefined;
		const source = toOneOf(`${label} Source`, given ?? implied, ['url', 'binary']);
		return source === 'url'
			? { uri: toMediaUri(uriLabel, parameter(uriName)) }
			: { binaryProperty: toTrimmedText(binaryLabel, parameter(binaryName) ?? 'data') };
	};
	return {
		apiName: `${toApiName(name)}_uri`,
		isOptional,
		read,
		properties: [
			{
				displayName: `${label} Source`,
				name: sourceName,
				type: 'options',
				options: SOURCES,
				default: 'url',
				description: texts.source,
			},
			...shownFor('url', {
				displayName: uriLabel,
				name: uriName,
				type: 'string',
				default: '',
				placeholder: texts.uriPlaceholder,
				description: texts.uri,
			}),
			...shownFor('binary', {
				displayName: binaryLabel,
				name: binaryName,
				type: 'string',
				default: 'data',
				placeholder: 'e.g. data',
				hint: 'The name of the input field that holds the file. It is uploaded to LTX for free and kept for 24 hours.',
				description: 'PNG, JPEG or WEBP, at most 15 MiB',
			}),
		],
	};
}
