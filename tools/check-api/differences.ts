import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

import { isRecord } from '../../nodes/LtxVideo/api/json';
import { ENDPOINTS as NODE_ENDPOINTS } from '../../nodes/LtxVideo/endpoints';
import type { Endpoint } from '../../nodes/LtxVideo/endpoints/endpoint';
import { ENDPOINTS, type Endpoint as StandInEndpoint } from '../ltx-server/contract';
import { requestsOf, type Body } from './nodeRequests';
import type { ApiEndpoint, Schema } from './openApi';

/*
 * What the vendor's document, the node and the stand-in server each have: endpoints, properties,
 * values, requests without a property, result keys. What not all three have is a difference.
 */

const SIDES = ['API', 'node', 'stand-in'] as const;
type Side = (typeof SIDES)[number];

const STAND_IN_ENDPOINTS: Record<string, StandInEndpoint> = ENDPOINTS;

/** Who has each thing, and what the schema says against it. */
class Inventory {
	private readonly things = new Map<string, { sides: Set<Side>; complaint?: string }>();

	add(thing: string, sides: readonly Side[], complaint?: string): void {
		const entry = this.things.get(thing) ?? { sides: new Set() };
		sides.forEach((side) => entry.sides.add(side));
		entry.complaint ??= complaint;
		this.things.set(thing, entry);
	}

	/** One line for each thing that some sides have, but not all. */
	differences(): string[] {
		return [...this.things].flatMap(([thing, { sides, complaint }]) => {
			if (sides.size === 0 || sides.size === SIDES.length) return [];
			const owners = SIDES.filter((side) => sides.has(side)).join(', ');
			const reason = complaint && !sides.has('API') ? ` (${complaint})` : '';
			return [`${thing}: ${owners} only${reason}`];
		});
	}
}

/** Names as they are, and in quotes what could break a line of the list. */
function nameOf(name: string): string {
	return /^[\w.-]+$/.test(name) ? name : JSON.stringify(name);
}

/** A schema and all that it is put together from. */
function partsOf(schema: Schema): Schema[] {
	const { allOf = [], anyOf = [], oneOf = [] } = schema;
	return [schema, ...[...allOf, ...anyOf, ...oneOf].flatMap(partsOf)];
}

/** Every property of a schema with its listed values, nested ones as `placement.anchor`. */
function listedValues(schema: Schema, prefix = ''): Map<string, unknown[]> {
	const found = new Map<string, unknown[]>();
	for (const [name, property] of partsOf(schema).flatMap((part) =>
		Object.entries(part.properties ?? {}),
	)) {
		const path = prefix + name;
		const values = partsOf(property).flatMap((part) => [
			...(part.enum ?? []),
			...(part.const === undefined ? [] : [part.const]),
		]);
		found.set(path, [...(found.get(path) ?? []), ...values]);
		for (const [nested, nestedValues] of listedValues(property, `${path}.`)) {
			found.set(nested, [...(found.get(nested) ?? []), ...nestedValues]);
		}
	}
	return found;
}

/** Every property of a request with its value; `undefined` for one that only holds others. */
function sentValues(body: Body, prefix = ''): Array<[string, unknown]> {
	return Object.entries(body).flatMap(([name, value]): Array<[string, unknown]> => {
		const path = prefix + name;
		if (!isRecord(value) || Object.keys(value).length === 0) return [[path, value]];
		return [[path, undefined], ...sentValues(value, `${path}.`)];
	});
}

/** Texts, numbers and shapes of which every property must refuse some. */
const SPOILT_VALUES = ['no such value', '', -1, 0, 0.5, 1_000_000, true, null, {}, []];

/** The largest request with one property left out, spoilt, or as only the document has it. */
function otherRequests(requests: Body[], listed: Map<string, unknown[]>): Body[] {
	const sizeOf = (body: Body) => Object.keys(body).length;
	const largest = requests.reduce((most, body) => (sizeOf(body) > sizeOf(most) ? body : most));
	const apiNames = [...listed.keys()].filter((name) => !name.includes('.'));
	return [...new Set([...Object.keys(largest), ...apiNames])].flatMap((name) => {
		const without = Object.fromEntries(Object.entries(largest).filter(([key]) => key !== name));
		const values = [...SPOILT_VALUES, ...(listed.get(name) ?? [])];
		return [without, ...values.map((value) => ({ ...largest, [name]: value }))];
	});
}

// What is in no list, or of no known name, needs no other words.
const IN_NO_LIST = ['enum', 'const'];
const OF_A_PROPERTY = ['required', 'additionalProperties', 'unevaluatedProperties'];

/** What the schema says against a request: of each property, of missing ones, and as a whole. */
function complaintsOf(validate: ValidateFunction, body: Body) {
	validate(body);
	const errors = (validate.errors ?? []).map(
		({ instancePath, keyword, message, params }: ErrorObject) => ({
			property: instancePath.slice(1).replaceAll('/', '.'),
			keyword,
			text: IN_NO_LIST.includes(keyword) ? undefined : message,
			missing: keyword === 'required' ? String(params.missingProperty) : undefined,
		}),
	);
	const ofBody = errors.filter(({ property }) => property === '');
	return {
		/** Of alternatives, the last one speaks for the whole. */
		of: (name: string) =>
			errors.findLast(({ property }) => property === name || name.startsWith(`${property}.`)),
		isMissing: (name: string) => ofBody.some(({ missing }) => missing === name),
		asAWhole: ofBody.filter(({ keyword }) => !OF_A_PROPERTY.includes(keyword)),
	};
}

function compareRequests(
	inventory: Inventory,
	path: string,
	{ api, node, standIn }: { api: ApiEndpoint; node: Endpoint; standIn: StandInEndpoint },
): void {
	const ajv = addFormats(new Ajv2020({ strict: false, logger: false, allErrors: true }));
	const validate = ajv.compile(api.request);
	const listed = listedValues(api.request);
	const own = requestsOf(node);
	const propertyNames = new Set([...listed.keys(), ...own.flatMap(Object.keys)]);
	const thingOf = (name: string, value: unknown) =>
		`${path}: ${nameOf(name)} ${JSON.stringify(value)}`;
	// Other values, where a property takes any, are nobody's.
	const meant = new Set([
		...[...listed].flatMap(([name, values]) => values.map((value) => thingOf(name, value))),
		...own.flatMap((body) => sentValues(body).map(([name, value]) => thingOf(name, value))),
	]);

	const compareOne = (body: Body, owners: readonly Side[]) => {
		const complaints = complaintsOf(validate, body);
		for (const [name, value] of sentValues(body)) {
			// Of a property that the API does not have, the parts say nothing more.
			const parent = name.slice(0, name.lastIndexOf('.'));
			if (name.includes('.') && !listed.has(parent)) continue;
			inventory.add(`${path}: property ${nameOf(name)}`, owners);
			if (value === undefined) continue;
			const thing = thingOf(name, value);
			const complaint = complaints.of(name);
			if (complaint) inventory.add(thing, owners, complaint.text);
			else if (meant.has(thing)) inventory.add(thing, ['API', ...owners]);
		}
		for (const name of propertyNames) {
			if (name.includes('.') || name in body) continue;
			const isTakenByApi = !complaints.isMissing(name);
			const all: Side[] = isTakenByApi ? ['API', ...owners] : [...owners];
			inventory.add(`${path}: request without ${nameOf(name)}`, all);
		}
		for (const { text } of complaints.asAWhole) {
			inventory.add(`${path}: request against ${JSON.stringify(text)}`, owners);
		}
	};
	const isTaken = (body: Body) => 'body' in standIn.parse(body);
	for (const name of listed.keys()) inventory.add(`${path}: property ${nameOf(name)}`, ['API']);
	for (const body of own) compareOne(body, isTaken(body) ? ['node', 'stand-in'] : ['node']);
	for (const body of otherRequests(own, listed))
		compareOne(body, isTaken(body) ? ['stand-in'] : []);
}

/** The keys of all results that an endpoint of the node can be told to fetch by name. */
function resultKeysOf({ result }: Endpoint): string[] {
	if (!('choose' in result)) return result.key === undefined ? [] : [result.key];
	return result.properties.flatMap(({ options = [] }) =>
		options.flatMap((option) => result.choose(() => 'value' in option && option.value).key ?? []),
	);
}

/** Every difference between the vendor's document, the node and the stand-in, one line each. */
export function findDifferences(apiEndpoints: Map<string, ApiEndpoint>): string[] {
	// Other Endpoint has no path of its own.
	const nodeEndpoints = new Map(
		Object.values(NODE_ENDPOINTS).flatMap((endpoint) =>
			typeof endpoint.path === 'string' ? [[endpoint.path, endpoint] as const] : [],
		),
	);
	const inventory = new Inventory();
	const addAll = (what: string, side: Side, names: Iterable<string>) => {
		for (const name of names) inventory.add(`${what} ${nameOf(name)}`, [side]);
	};
	addAll('endpoint', 'API', apiEndpoints.keys());
	addAll('endpoint', 'node', nodeEndpoints.keys());
	addAll('endpoint', 'stand-in', Object.keys(STAND_IN_ENDPOINTS));

	for (const [path, api] of apiEndpoints) {
		const node = nodeEndpoints.get(path);
		const standIn = STAND_IN_ENDPOINTS[path];
		if (!node || !standIn) continue;
		compareRequests(inventory, path, { api, node, standIn });
		addAll(`${path}: result key`, 'API', api.resultKeys);
		addAll(`${path}: result key`, 'node', resultKeysOf(node));
		addAll(
			`${path}: result key`,
			'stand-in',
			standIn.results.map(({ key }) => key),
		);
	}
	return inventory.differences();
}
