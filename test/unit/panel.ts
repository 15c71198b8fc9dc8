import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { LtxVideo } from '../../nodes/LtxVideo/LtxVideo.node';

export const DESCRIPTION: INodeTypeDescription = new LtxVideo().description;

export const NODE_OF_PANEL = { name: 'LTX Video', typeVersion: 1 } as INode;

const isDisplayed = (
	values: INodeParameters,
	entry: INodeProperties | INodePropertyOptions,
	root?: INodeParameters,
) => NodeHelpers.displayParameter(values, entry, NODE_OF_PANEL, DESCRIPTION, root);

/** What n8n keeps of parameters, with the defaults of those that are not set. */
export function withDefaults(parameters: INodeParameters): INodeParameters {
	return NodeHelpers.getNodeParameters(
		DESCRIPTION.properties,
		parameters,
		true,
		false,
		NODE_OF_PANEL,
		DESCRIPTION,
	) as INodeParameters;
}

/** What the editor shows for these parameters, at the top level or inside a collection. */
export function shown(parameters: INodeParameters, collection?: string): INodeProperties[] {
	const all = collection
		? (DESCRIPTION.properties.find(
				(property) => property.name === collection && isDisplayed(parameters, property),
			)?.options as INodeProperties[] | undefined)
		: DESCRIPTION.properties;
	const values = collection ? (parameters[collection] as INodeParameters) : parameters;
	return (all ?? []).filter((property) => isDisplayed(values ?? {}, property, parameters));
}

export function namesOf(properties: INodeProperties[]): string[] {
	return properties.map(({ name }) => name);
}

/** The entries of a menu; with parameters, those that the editor shows for them. */
export function valuesOf(
	property: INodeProperties | undefined,
	parameters?: INodeParameters,
): Array<string | number | boolean> {
	return (property?.options as INodePropertyOptions[])
		.filter((entry) => parameters === undefined || isDisplayed(parameters, entry))
		.map(({ value }) => value);
}

/** A panel for Image to Video, with some parameters changed. */
export const at = (parameters: INodeParameters): INodeParameters => ({
	resource: 'imageToVideo',
	operation: 'submitAndWait',
	imageSource: 'url',
	model: 'ltx-2-3-fast',
	resolution: '1920x1080',
	duration: 6,
	additionalFields: {},
	options: {},
	...parameters,
});

/** The one property of a name that the editor shows. */
export function only(
	parameters: INodeParameters,
	name: string,
	collection?: string,
): Array<number | string | boolean> {
	const found = shown(at(parameters), collection).filter((property) => property.name === name);
	expect(found).toHaveLength(1);
	return valuesOf(found[0], collection ? undefined : at(parameters));
}
