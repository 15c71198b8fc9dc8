import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { invalidInput } from '../../api/errors';
import type { MediaInput, MediaKind, MediaLimit } from '../../media/kinds';
import { toBoolean, toNumber, toOneOf, toPositiveNumber, toText, toTrimmedText } from './values';

/** Reads a parameter of the current item by its name; `undefined` where it is not set. */
export type ReadParameter = (name: string) => unknown;

export type FieldValue = string | number | boolean | null | MediaInput | ImageMatch;

/** One field of a request: what the user sees and what the API gets. */
export interface Field {
	/** Name of the field in the request body. */
	apiName: string;
	/** True for a field in the Additional Fields collection, which is sent only if it was added. */
	isAdditional: boolean;
	/** The n8n parameters that make up the field, in the order in which they are shown. */
	createProperties(): INodeProperties[];
	/**
	 * The value for the API; `undefined` leaves the field out.
	 * @throws {LtxError} `invalid_input` for a value that makes no sense
	 */
	read(parameter: ReadParameter): FieldValue | undefined;
}

type Variant = Omit<INodeProperties, 'name' | 'displayName'>;

/** What all kinds of fields have. */
interface Shape {
	name: string;
	displayName: string;
	isAdditional?: boolean;
	/**
	 * The property, or several of one name of which the editor shows the one that fits the other
	 * choices. Made when the node is created.
	 */
	createVariants(): Variant[];
}

/** `cameraMotion` → `camera_motion` */
export function toApiName(parameterName: string): string {
	return parameterName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function simpleField(
	{ name, displayName, isAdditional = false, createVariants }: Shape,
	encode: (label: string, value: unknown) => FieldValue | undefined,
): Field {
	return {
		apiName: toApiName(name),
		isAdditional,
		createProperties: () =>
			createVariants().map((variant) => ({ displayName, name, ...variant }) as INodeProperties),
		read(parameter) {
			const value = parameter(name);
			// A field that was not added. One that was added but is empty is a mistake.
			return isAdditional && value === undefined ? undefined : encode(displayName, value);
		},
	};
}

function isBlank(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && !value.trim());
}

/** A text with a longest length, in characters. One that need not be there is left out if empty. */
export function textField(
	shape: Shape,
	{ longest, isRequired }: { longest: number; isRequired: boolean },
): Field {
	return simpleField(shape, (label, value) => {
		if (!isRequired && isBlank(value)) return undefined;
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

/** The option that leaves the choice to LTX. */
export const AUTO = 'auto';

function isAuto(value: unknown): boolean {
	return typeof value === 'string' && value.trim().toLowerCase() === AUTO;
}

/** A size in both orientations, of which the image in another field of the request chooses one. */
export interface ImageMatch {
	imageField: string;
	landscape: string;
	portrait: string;
}

interface ChoiceRules {
	/** Then an empty value and `auto` are not sent: LTX chooses. */
	isOptional?: boolean;
	/** Values that follow the image in the API field `imageField`. */
	matches?: {
		values: ReadonlyArray<{ value: string; landscape: string; portrait: string }>;
		imageField: string;
	};
}

/** A choice among texts. Values beside the listed ones are passed on: the API has the last word. */
export function choiceField(shape: Shape, { isOptional, matches }: ChoiceRules = {}): Field {
	return simpleField(shape, (label, value) => {
		if (isOptional && (isBlank(value) || isAuto(value))) return undefined;
		const text = toTrimmedText(label, value);
		const match = matches?.values.find((entry) => entry.value === text);
		if (!matches || !match) return text;
		const { landscape, portrait } = match;
		return { imageField: matches.imageField, landscape, portrait };
	});
}

/** A number above 0, chosen or entered. */
export function numberField(shape: Shape): Field {
	return simpleField(shape, toPositiveNumber);
}

/** A point in time, which may be 0. */
export function timeField(shape: Shape): Field {
	return simpleField(shape, toNumber);
}

export function booleanField(shape: Shape): Field {
	return simpleField(shape, toBoolean);
}

/** A number of seconds, or `auto`, which the API calls null. */
export function durationField(shape: Shape): Field {
	return simpleField(shape, (label, value) =>
		isAuto(value) ? null : toPositiveNumber(label, value),
	);
}

/** A choice of model, and a free text beside it for models that are not listed. */
export function modelField(
	shape: Shape,
	custom: Shape & { value: string },
	rules: ChoiceRules,
): Field {
	const listed = choiceField(shape, rules);
	const other = choiceField(custom);
	return {
		...listed,
		createProperties: () => [...listed.createProperties(), ...other.createProperties()],
		read(parameter) {
			const value = listed.read(parameter);
			return value === custom.value ? other.read(parameter) : value;
		},
	};
}

/** What the API takes as an address of a file. */
const URI_SCHEMES = /^(https:\/\/|ltx:\/\/|data:)/i;

function toMediaUri(label: string, value: unknown, { dataUriMegabytes }: MediaKind): string {
	const uri = toTrimmedText(label, value);
	if (!URI_SCHEMES.test(uri)) {
		throw invalidInput(
			`${label} must begin with https://, ltx:// or data:`,
			'Use a public https address, an ltx:// URI of an earlier upload, or a binary field.',
		);
	}
	// "7 MB encoded" may mean either kind of megabyte; only what is over both is refused here.
	if (/^data:/i.test(uri) && uri.length > dataUriMegabytes * 1024 * 1024) {
		throw invalidInput(
			`${label} is a data URI of more than ${dataUriMegabytes} MB, which LTX does not take`,
			'Choose Binary File as the source: it is uploaded and may be larger.',
		);
	}
	return uri;
}

const SOURCES: INodePropertyOptions[] = [
	{ name: 'Binary File', value: 'binary', description: 'Upload a file from the input item' },
	{ name: 'URL', value: 'url', description: 'Let LTX fetch the file from an address' },
];
const NO_SOURCE: INodePropertyOptions = { name: 'None', value: 'none' };

interface Placement {
	isAdditional?: boolean;
	/** Whether the request may go without the file. */
	isOptional?: boolean;
	/** What the endpoint asks of the file. */
	limit?: MediaLimit;
}

/**
 * A file by address or from the item's binary data: a source, a URI and a binary field name.
 *
 * @param name parameter stem: `image` gives `imageSource`, `imageUri`, `imageBinaryProperty`
 * @param label how the user calls the file, such as "Image"
 * @param texts `what` the file is to the video, as in "Where the first frame comes from"
 */
export function mediaField(
	name: string,
	label: string,
	kind: MediaKind,
	texts: { what: string; uriPlaceholder: string; hint?: string },
	{ isAdditional = false, isOptional = isAdditional, limit }: Placement = {},
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
		if (isAdditional) return [{ ...property, displayOptions: { hide: { [sourceName]: others } } }];
		return [
			{
				...property,
				required: true,
				displayOptions: { hide: { [sourceName]: [{ _cnd: { not: source } }] } },
			},
			{ ...property, displayOptions: { hide: { [sourceName]: sources } } },
		];
	};
	/** Of an additional file, the part that was added says where it is. */
	const impliedSource = (parameter: ReadParameter): string => {
		if (!isAdditional) return isOptional ? 'none' : '';
		if (parameter(uriName) !== undefined) return 'url';
		return parameter(binaryName) !== undefined ? 'binary' : 'none';
	};
	const read: Field['read'] = (parameter) => {
		const given = parameter(sourceName);
		const source = toOneOf(
			`${label} Source`,
			isBlank(given) ? impliedSource(parameter) : given,
			isOptional ? sources : ['url', 'binary'],
		);
		if (source === 'none') return undefined;
		if (source === 'url') return { uri: toMediaUri(uriLabel, parameter(uriName), kind) };
		const binaryProperty = toTrimmedText(binaryLabel, parameter(binaryName) ?? 'data');
		return { binaryProperty, kind, limit };
	};
	const isNoneOffered = isOptional && !isAdditional;
	return {
		apiName: `${toApiName(name)}_uri`,
		isAdditional,
		read,
		createProperties: () => [
			{
				displayName: `${label} Source`,
				name: sourceName,
				type: 'options',
				options: SOURCES,
				default: 'url',
				...(isNoneOffered && { options: [...SOURCES, NO_SOURCE], default: NO_SOURCE.value }),
				...(texts.hint && { hint: texts.hint }),
				description: isAdditional
					? `Where ${texts.what} comes from. Then add ${uriLabel} or ${binaryLabel}.`
					: `Where ${texts.what} comes from`,
			},
			...shownFor('url', {
				displayName: uriLabel,
				name: uriName,
				type: 'string',
				default: '',
				placeholder: texts.uriPlaceholder,
				description: `An https address that anyone can open (at most ${kind.urlMegabytes} MB), an ltx:// URI of an earlier upload, or a data URI of at most ${kind.dataUriMegabytes} MB`,
			}),
			...shownFor('binary', {
				displayName: binaryLabel,
				name: binaryName,
				type: 'string',
				default: 'data',
				placeholder: 'e.g. data',
				hint: 'The name of the input field that holds the file. It is uploaded to LTX for free and kept for 24 hours.',
				description: `${kind.types}, at most ${kind.largestMebibytes} MiB`,
			}),
		],
	};
}
