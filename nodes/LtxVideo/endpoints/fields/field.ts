import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { invalidInput } from '../../api/errors';
import type { FileSource } from '../../media/inspect';
import type { MediaKind } from '../../media/kinds';
import { toBoolean, toNumber, toPositiveNumber, toText, toTrimmedText } from './values';
import { entryCalled, SECONDS } from './words';

/**
 * Reads a parameter of the current item by its name: `undefined` where it is not set, null where it
 * is set but its expression gives nothing.
 */
export type ReadParameter = (name: string) => unknown;

/** What stands in a request until it is sent. */
export type BodyValue =
	| { is: 'plain'; value: unknown }
	/** A file of the item, to be uploaded, unless LTX takes it as it is. */
	| { is: 'file'; source: FileSource; kinds: readonly MediaKind[]; asIs?: string }
	/** A size in the orientation of the image in another API field. */
	| {
			is: 'sizeOfImage';
			imageField: string;
			landscape: string;
			portrait: string;
			/** Whether it is landscape without a file for the image, which is a mistake otherwise. */
			isOrLandscape?: boolean;
	  };

/** One field of a request: what the user sees and what the API gets. */
export interface Field {
	/** True for a field in the Additional Fields collection, which is sent only if it was added. */
	isAdditional: boolean;
	/** The n8n parameters that make up the field, in the order in which they are shown. */
	properties: INodeProperties[];
	/**
	 * What it puts into the request, by API field; nothing where it is left out.
	 * @throws {LtxError} `invalid_input` for a value that makes no sense
	 */
	read(parameter: ReadParameter): Record<string, BodyValue>;
}

/** Where a field stands and when it may be missing. */
export interface FieldRules {
	isAdditional?: boolean;
	/** Whether a top-level field need not be set. */
	isOptional?: boolean;
}

export const plain = (value: unknown): BodyValue => ({ is: 'plain', value });

/** `cameraMotion` → `camera_motion` */
export function toApiName(parameterName: string): string {
	return parameterName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * An empty text at the top level is what AI agents send for what they do not mind. A field that was
 * added to a collection is meant, whatever it holds.
 */
export function isLeftOut(value: unknown, isAdditional: boolean): boolean {
	const isBlank = typeof value === 'string' && value.trim() === '';
	return value === undefined || (isBlank && !isAdditional);
}

/**
 * @param properties one, or several of one name of which the editor shows the one that fits
 * @param encode gives the value for the API; `undefined` leaves the field out
 */
function simpleField(
	properties: INodeProperties | INodeProperties[],
	{ isAdditional = false, isOptional = isAdditional }: FieldRules,
	encode: (label: string, value: unknown) => BodyValue | undefined,
): Field {
	// Without it, the editor calls a value that is not listed, or whose entry is hidden, an error.
	const all = [properties]
		.flat()
		.map((property) =>
			property.type === 'options' ? { ...property, allowArbitraryValues: true } : property,
		);
	const [{ name, displayName }] = all;
	return {
		isAdditional,
		properties: all,
		read(parameter) {
			const value = parameter(name);
			if (isOptional && isLeftOut(value, isAdditional)) return {};
			const encoded = encode(displayName, value);
			return encoded === undefined ? {} : { [toApiName(name)]: encoded };
		},
	};
}

/** A text with a longest length, in characters. */
export function textField(
	property: INodeProperties,
	{ longest, ...rules }: FieldRules & { longest: number },
): Field {
	return simpleField(property, rules, (label, value) => {
		const text = toText(label, value);
		const { length } = [...text];
		if (length > longest) {
			throw invalidInput(
				`${label} is ${length} characters long, but LTX takes at most ${longest}`,
				`Shorten ${label}.`,
			);
		}
		return plain(text);
	});
}

/** The option that leaves the choice to LTX. */
export const AUTO = 'auto';
export const AUTOMATIC = { name: 'Automatic', value: AUTO };

function isAuto(value: unknown): boolean {
	return typeof value === 'string' && entryCalled([AUTOMATIC], value) === AUTO;
}

/** The entries of the menus among the properties. */
export function entriesOf(properties: INodeProperties | INodeProperties[]): INodePropertyOptions[] {
	return [properties]
		.flat()
		.flatMap(({ type, options }) =>
			type === 'options' ? ((options ?? []) as INodePropertyOptions[]) : [],
		);
}

export interface ChoiceRules extends FieldRules {
	/** Then `auto` is not sent. */
	isAutoOffered?: boolean;
	/** Listed values that stand for something else in the request. */
	special?(value: string): BodyValue | undefined;
}

/** A choice among texts. Values beside the listed ones are passed on: the API has the last word. */
export function choiceField(
	properties: INodeProperties | INodeProperties[],
	{ isAutoOffered = false, special = () => undefined, ...rules }: ChoiceRules = {},
): Field {
	const menu = entriesOf(properties);
	return simpleField(properties, rules, (label, value) => {
		if (isAutoOffered && isAuto(value)) return undefined;
		const given = toTrimmedText(label, value);
		const text = String(entryCalled(menu, given) ?? given);
		return special(text) ?? plain(text);
	});
}

/**
 * A number above 0, chosen or entered.
 *
 * @param units what may follow it in people's words
 */
export function numberField(
	property: INodeProperties,
	{ units = [], ...rules }: FieldRules & { units?: readonly string[] } = {},
): Field {
	return simpleField(property, rules, (label, value) =>
		plain(toPositiveNumber(label, value, units)),
	);
}

/** A point in time in seconds, which may be 0. */
export function timeField(property: INodeProperties): Field {
	return simpleField(property, {}, (label, value) => plain(toNumber(label, value, SECONDS)));
}

export function booleanField(property: INodeProperties, rules: FieldRules = {}): Field {
	return simpleField(property, rules, (label, value) => plain(toBoolean(label, value)));
}

/** A number of seconds, or `auto`, which the API calls null. */
export function durationField(property: INodeProperties): Field {
	return simpleField(property, {}, (label, value) =>
		plain(isAuto(value) ? null : toPositiveNumber(label, value, SECONDS)),
	);
}
