import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { TIERS, tierOf, type Tier } from '../catalog/sizes';
import {
	choiceField,
	entriesOf,
	plain,
	type BodyValue,
	type ChoiceRules,
	type Field,
} from './field';
import { sizesCalled } from './words';

const WORDS = 'An expression may also say 9:16, which is 1080p, or Portrait 720p.';

/** The text of every field for a size. */
export const LARGER_COSTS_MORE = `Width and height of the video. 4K costs two to four times as much as 1080p. ${WORDS}`;

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

/**
 * A size from a menu, or in people's words. A quality alone takes the orientation of the image, and is
 * landscape where no image is uploaded.
 *
 * @param needsShape whether a quality alone means nothing, since the menu has more shapes than these two
 */
export function resolutionField(
	properties: INodeProperties | INodeProperties[],
	{ needsShape = false, ...rules }: ChoiceRules & { needsShape?: boolean } = {},
): Field {
	const sizes = [...new Set(entriesOf(properties).map(({ value }) => String(value)))];
	return choiceField(properties, {
		...rules,
		special(text) {
			const [size, ...others] = sizesCalled(sizes, text);
			if (size === undefined) return rules.special?.(text);
			if (others.length === 0) return plain(size);
			const tier = tierOf(size);
			const isOfOneTier = tier && others.every((other) => tierOf(other) === tier);
			if (needsShape || !isOfOneTier) return undefined;
			const follow = matchImage(tier.match);
			return follow && { ...follow, isOrLandscape: true };
		},
	});
}
