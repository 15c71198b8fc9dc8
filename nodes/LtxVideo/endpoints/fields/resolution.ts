import type { INodePropertyOptions } from 'n8n-workflow';

import { TIERS, type Tier } from '../catalog/sizes';
import type { BodyValue } from './field';

/** The text of every field for a size. */
export const LARGER_COSTS_MORE =
	'Width and height of the video. 4K costs two to four times as much as 1080p.';

export function sizeOptions(tiers: readonly Tier[] = TIERS): INodePropertyOptions[] {
	return tiers.flatMap(({ name, landscape, portrait }) => [
		{ name: `${name} Landscape (${landscape})`, value: landscape },
		{ name: `${name} Portrait (${portrait})`, value: portrait },
	]);
}

/** Sizes that take their orientation from the image of the same request. */
export const MATCHING_OPTIONS: INodePropertyOptions[] = TIERS.map(({ name, match }) => ({
	name: `${name}, Orientation of the Image`,
	value: match,
}));

const IMAGE_FIELD = 'image_uri';

/** What a size that follows the image stands for. Without an image it is refused, not sent. */
export function matchImage(value: string): BodyValue | undefined {
	const tier = TIERS.find(({ match }) => match === value);
	if (!tier) return undefined;
	const { landscape, portrait } = tier;
	return { is: 'sizeOfImage', imageField: IMAGE_FIELD, landscape, portrait };
}
