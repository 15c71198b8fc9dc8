import {
	NodeHelpers,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { LtxError } from '../../nodes/LtxVideo/api/errors';
import type { Endpoint } from '../../nodes/LtxVideo/endpoints/endpoint';
import type { BodyValue, Field } from '../../nodes/LtxVideo/endpoints/fields/field';
import { CUSTOM_MODEL } from '../../nodes/LtxVideo/endpoints/catalog/models';

export type Body = Record<string, unknown>;
/** What a field puts into a request with one set of values. */
type Reading = Record<string, BodyValue>;

const UPLOADED_URI = 'ltx://uploads/sample';

/** The default, or what the placeholder shows where the user has to fill something in. */
function sampleOf({ default: byDefault, placeholder }: INodeProperties): unknown {
	return byDefault === '' ? placeholder?.replace('e.g. ', '') : byDefault;
}

function choicesOf({ type, options, name }: INodeProperties): unknown[] {
	if (type === 'boolean') return [true, false];
	if (type !== 'options') return [];
	// "Other Model" stands for models that the menu does not have.
	const isOther = (value: unknown) => name === 'model' && value === CUSTOM_MODEL;
	return (options as INodePropertyOptions[])
		.map(({ value }) => value)
		.filter((value) => !isOther(value));
}

/** Without any of its values, where the field may be left out. */
function readWithout(field: Field): Reading[] {
	try {
		return [field.read(() => undefined)];
	} catch (error) {
		if (error instanceof LtxError) return [];
		throw error;
	}
}

/** One reading for each menu value of a field, that of the default first. */
function readingsOf(field: Field): Reading[] {
	// Of several properties of one name, the first.
	const samples = Object.fromEntries(
		field.properties.toReversed().map((property) => [property.name, sampleOf(property)]),
	);
	const readWith = (changed: INodeParameters) => {
		const values = { ...samples, ...changed } as INodeParameters;
		// n8n leaves out what it does not show for the others.
		const shown = field.properties.filter((property) =>
			NodeHelpers.displayParameter(values, property, null, null),
		);
		return field.read((wanted) =>
			shown.some(({ name }) => name === wanted) ? values[wanted] : undefined,
		);
	};
	return [
		readWith({}),
		...field.properties.flatMap((property) =>
			choicesOf(property).map((value) => readWith({ [property.name]: value } as INodeParameters)),
		),
		...readWithout(field),
	];
}

/** A size that follows the image gives a body for each orientation. */
function bodiesOf(values: Reading): Body[] {
	return (['landscape', 'portrait'] as const).map((orientation) => {
		const body: Body = {};
		for (const [apiName, value] of Object.entries(values)) {
			if (value.is === 'plain') body[apiName] = value.value;
			if (value.is === 'file') body[apiName] = UPLOADED_URI;
			if (value.is === 'sizeOfImage') body[apiName] = value[orientation];
		}
		for (const value of Object.values(values)) {
			if (value.is === 'sizeOfImage') body[value.imageField] = UPLOADED_URI;
		}
		return body;
	});
}

/**
 * The requests that the node makes with each menu value of an endpoint and with each pair of them,
 * once beside the defaults and once beside all additional fields.
 */
export function requestsOf({ fields, alwaysSent, findGap }: Endpoint): Body[] {
	const readings = fields.map(readingsOf);
	const defaults = fields.map((field, index) => (field.isAdditional ? {} : readings[index][0]));
	const everything = readings.map(
		(ofField) => ofField.find((reading) => Object.keys(reading).length > 0) ?? {},
	);
	const varyOne = (requests: Reading[][]) =>
		requests.flatMap((request) =>
			readings.flatMap((ofField, index) => ofField.map((reading) => request.with(index, reading))),
		);
	const bodies = varyOne(varyOne([defaults, everything]))
		.map((request): Reading => Object.assign({}, ...request))
		.filter((values) => findGap?.(values) === undefined)
		.flatMap(bodiesOf)
		.map((body) => ({ ...body, ...alwaysSent }));
	return [...new Map(bodies.map((body) => [JSON.stringify(body), body])).values()];
}
