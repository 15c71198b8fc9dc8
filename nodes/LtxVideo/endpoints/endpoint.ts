import type { INodeProperties } from 'n8n-workflow';

import type { MediaFacts } from '../media/facts/mediaFile';
import type { ResultFiles } from '../media/resultFile';
import type { Field, ReadParameter } from './fields/field';
import type { Price } from './catalog/prices';

/** Something that is fixed for most endpoints, and chosen by parameters for some. */
export interface Chosen<T> {
	properties: INodeProperties[];
	/** @throws {LtxError} `invalid_input` */
	choose(parameter: ReadParameter): T;
}

/** A request as far as it is known before anything is sent. */
export interface Draft {
	/** The values for the API. Files of the item are not in it yet. */
	body: Record<string, unknown>;
	/** What the item's file in an API field tells; nothing where it comes by address. */
	factsOf(apiName: string): MediaFacts;
}

/** One endpoint of the API: everything that the node knows of it. */
export interface Endpoint {
	/** As in `POST /v2/{path}`. */
	path: string | Chosen<string>;
	/** As the user reads it in the Resource menu, with what it makes and costs. */
	name: string;
	description: string;
	/** What the list of actions calls it, as in "Make video from image". */
	action: string;
	/** What a job makes, as in "Start video from image". */
	product: string;
	/** In the order in which they are shown. */
	fields: Field[];
	/** What is sent with every request, beside the fields. */
	alwaysSent?: Record<string, unknown>;
	/** Why there is no request at all in these values; `undefined` where there is one. */
	findGap?(body: Record<string, unknown>): string | undefined;
	result: ResultFiles | Chosen<ResultFiles>;
	/** What LTX documents, to go with its refusal; with the date on which it was read. */
	describeDocumented?(body: Record<string, unknown>): string | undefined;
	/** What to know of an endpoint that LTX itself does not document, to go with its refusals. */
	caveat?: string;
	/** What a job costs by the documented prices. */
	price(draft: Draft): Price;
}

/** An endpoint as one item uses it. */
export interface ItemEndpoint extends Endpoint {
	path: string;
	result: ResultFiles;
}

function isChosen<T extends string | ResultFiles>(value: T | Chosen<T>): value is Chosen<T> {
	return typeof value === 'object' && 'choose' in value;
}

/** The properties of what an endpoint lets the user choose beside its fields. */
export function chosenProperties(value: Endpoint['path'] | Endpoint['result']): INodeProperties[] {
	return isChosen<string | ResultFiles>(value) ? value.properties : [];
}

/** @throws {LtxError} `invalid_input` */
export function endpointOf(endpoint: Endpoint, parameter: ReadParameter): ItemEndpoint {
	const { path, result } = endpoint;
	return {
		...endpoint,
		path: isChosen(path) ? path.choose(parameter) : path,
		result: isChosen(result) ? result.choose(parameter) : result,
	};
}
