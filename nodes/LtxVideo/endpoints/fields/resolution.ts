import type { INodePropertyOptions } from 'n8n-workflow';

import { AUTO, choiceField } from './kinds';
import { FULL_HD_RESOLUTIONS, MATCHING_RESOLUTIONS, RESOLUTIONS } from '../models';
import { unless, type DisplayOptions } from './visibility';

const toOptions = (
	resolutions: ReadonlyArray<{ name: string; value: string }>,
): INodePropertyOptions[] => resolutions.map(({ name, value }) => ({ name, value }));

function resolutionVariant(options: INodePropertyOptions[], displayOptions?: DisplayOptions) {
	return {
		type: 'options' as const,
		options,
		default: '1920x1080',
		hint: 'Higher resolutions cost more: 4K about four times as much as 1080p with 2.3 models',
		description: 'Width and height of the video',
		...(displayOptions && { displayOptions }),
	};
}

const RESOLUTION = { name: 'resolution', displayName: 'Resolution' };
// Known even where they are not offered: without an image they are refused, not sent as they are.
const MATCHES = { values: MATCHING_RESOLUTIONS, imageField: 'image_uri' };

export const resolution = choiceField(
	{ ...RESOLUTION, createVariants: () => [resolutionVariant(toOptions(RESOLUTIONS))] },
	{ matches: MATCHES },
);

/** A resolution that can also follow the image of the same request, where that is a file. */
export const resolutionOfImage = choiceField(
	{
		...RESOLUTION,
		createVariants: () => [
			resolutionVariant(toOptions(RESOLUTIONS), { hide: { imageSource: unless('url') } }),
			resolutionVariant(toOptions([...MATCHING_RESOLUTIONS, ...RESOLUTIONS]), {
				hide: { imageSource: ['url'] },
			}),
		],
	},
	{ matches: MATCHES },
);

export const resolutionOrAutomatic = choiceField(
	{
		...RESOLUTION,
		createVariants: () => [
			{
				type: 'options',
				options: [
					{
						name: 'Automatic',
						value: AUTO,
						description: '1080p in the orientation of the image, landscape without an image',
					},
					...toOptions(FULL_HD_RESOLUTIONS),
				],
				default: AUTO,
				description: 'Width and height of the video',
			},
		],
	},
	{ isOptional: true, matches: MATCHES },
);

export const retakeResolution = choiceField(
	{
		...RESOLUTION,
		isAdditional: true,
		createVariants: () => [
			{
				type: 'options',
				options: toOptions(FULL_HD_RESOLUTIONS),
				default: FULL_HD_RESOLUTIONS[0].value,
				description:
					'Width and height of the finished video. If not set, 1080p in the orientation of the video.',
			},
		],
	},
	{ isOptional: true },
);

const REFRAME_SHAPES = [
	{ name: 'Square 1:1', sizes: ['720x720', '1080x1080'] },
	{ name: 'Portrait 4:5, Feed', sizes: ['720x900', '1080x1350'] },
	{ name: 'Landscape 5:4', sizes: ['900x720', '1350x1080'] },
	{ name: 'Story 9:16', sizes: ['720x1280', '1080x1920'] },
	{ name: 'Widescreen 16:9', sizes: ['1280x720', '1920x1080'] },
];

export const reframeResolution = choiceField({
	...RESOLUTION,
	createVariants: () => [
		{
			type: 'options',
			options: REFRAME_SHAPES.flatMap(({ name, sizes }) =>
				sizes.map((value) => ({ name: `${name} (${value})`, value })),
			),
			default: '1080x1080',
			description: 'The new shape of the video. LTX adds picture where the old one has none.',
		},
	],
});
