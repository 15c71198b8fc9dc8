import type { INodeParameters, INodeProperties } from 'n8n-workflow';

import { isRecord } from '../api/json';
import { chosenProperties, type Endpoint } from '../endpoints/endpoint';
import type { PreparedRequest } from './request';

const SEEDS = [0x811c9dc5, 0x9e3779b9];
const MULTIPLIERS = [0x01000193, 0x85ebca6b];

// Several times as fast as a look-up for each character of a large request.
const { imul } = Math;

/** 64 bits of a text, as 16 hex digits. Tells texts apart; keeps nothing secret. */
function digest(text: string): string {
	let [first, second] = SEEDS;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		first = imul(first ^ code, MULTIPLIERS[0]);
		second = imul(second ^ code ^ (first >>> 13), MULTIPLIERS[1]);
	}
	return [first, second].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Of a request as it came out, with its files by name and size: a Retry finds them under new ids. */
export function hashAsSent(path: string, { body, files }: PreparedRequest): string {
	const described = [...files].map(([apiName, { file }]) => [apiName, file.name, file.sizeBytes]);
	return digest(JSON.stringify([path, body, described]));
}

/** Of the node's parameters that make up the requests, as they are written: expressions unresolved. */
export function hashAsWritten(
	{ resource, additionalFields, ...parameters }: INodeParameters,
	{ path, fields }: Endpoint,
): string {
	const valuesIn = (written: unknown, properties: INodeProperties[]) =>
		isRecord(written) ? properties.map(({ name }) => [name, written[name]]) : written;
	const propertiesOf = (isAdditional: boolean) =>
		fields
			.filter((field) => field.isAdditional === isAdditional)
			.flatMap(({ properties }) => properties);
	return digest(
		JSON.stringify([
			resource,
			valuesIn(parameters, [...chosenProperties(path), ...propertiesOf(false)]),
			valuesIn(additionalFields, propertiesOf(true)),
		]),
	);
}
