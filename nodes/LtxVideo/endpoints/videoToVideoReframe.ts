import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { invalidInput } from '../api/errors';
import { MP4_RESULT } from '../media/resultFile';
import { EDITING_MODEL } from './catalog/editing';
import type { Endpoint } from './endpoint';
import { plain, type BodyValue, type Field } from './fields/field';
import { resolutionField } from './fields/resolution';
import { videoField } from './fields/shared';
import { toNumber, toPositiveNumber, toTrimmedText } from './fields/values';
import { entryCalled } from './fields/words';
import { DOCUMENTED_ON } from './catalog/models';
import { lengthOf, priceOf } from './catalog/prices';

/** US dollars per second of the input video, by the size of the output. */
const USD_PER_SECOND = { small: 0.1, large: 0.2 };

const SHAPES = [
	{ name: 'Square 1:1', small: '720x720', large: '1080x1080' },
	{ name: 'Portrait 4:5, Feed', small: '720x900', large: '1080x1350' },
	{ name: 'Landscape 5:4', small: '900x720', large: '1350x1080' },
	{ name: 'Story 9:16', small: '720x1280', large: '1080x1920' },
	{ name: 'Widescreen 16:9', small: '1280x720', large: '1920x1080' },
];

const resolution = resolutionField(
	{
		displayName: 'Resolution',
		name: 'resolution',
		type: 'options',
		options: SHAPES.flatMap(({ name, small, large }) =>
			[small, large].map((value) => ({ name: `${name} (${value})`, value })),
		),
		default: '1080x1080',
		hint: 'The larger size of a shape costs twice as much as the smaller one',
		description:
			'The new shape of the video. LTX adds picture where the old one has none. An expression may also say 9:16 or Square, which are 1080p, or 4:5 720p.',
	},
	{ needsShape: true },
);

const CUSTOM_PLACEMENT = 'custom';
const ANCHORS = [
	['Bottom', 'bottom'],
	['Bottom Left', 'bottom_left'],
	['Bottom Right', 'bottom_right'],
	['Center', 'center'],
	['Left', 'left'],
	['Right', 'right'],
	['Top', 'top'],
	['Top Left', 'top_left'],
	['Top Right', 'top_right'],
];

const PLACES: INodePropertyOptions[] = [
	...ANCHORS.map(([name, value]) => ({ name, value })),
	{ name: 'Custom', value: CUSTOM_PLACEMENT, description: 'Add Placement X, Y, Width or Height' },
];

const FRACTIONS = [
	{
		key: 'x',
		displayName: 'Placement X',
		name: 'placementX',
		what: 'left edge',
		byDefault: 0,
		toValue: toNumber,
	},
	{
		key: 'y',
		displayName: 'Placement Y',
		name: 'placementY',
		what: 'top edge',
		byDefault: 0,
		toValue: toNumber,
	},
	{
		key: 'width',
		displayName: 'Placement Width',
		name: 'placementWidth',
		what: 'width',
		byDefault: 1,
		toValue: toPositiveNumber,
	},
	{
		key: 'height',
		displayName: 'Placement Height',
		name: 'placementHeight',
		what: 'height',
		byDefault: 1,
		toValue: toPositiveNumber,
	},
];

/** Where the old picture stands in the new frame: at an anchor, or by fractions of the frame. */
const placement: Field = {
	isAdditional: true,
	properties: [
		{
			displayName: 'Placement',
			name: 'placement',
			type: 'options',
			options: PLACES,
			default: 'center',
			description:
				'Where the old picture stands in the new frame. If not set, in the center, as large as fits.',
		},
		...FRACTIONS.map(({ displayName, name, what, byDefault }): INodeProperties => ({
			displayName,
			name,
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 4 },
			default: byDefault,
			displayOptions: { hide: { placement: ANCHORS.map(([, value]) => value) } },
			description: `The ${what} of the old picture as a part of the new frame (0.5 is half)`,
		})),
	],
	read(parameter): Record<string, BodyValue> {
		const added = FRACTIONS.filter(({ name }) => parameter(name) !== undefined);
		const given = parameter('placement');
		if (given === undefined && added.length === 0) return {};
		const text = given === undefined ? CUSTOM_PLACEMENT : toTrimmedText('Placement', given);
		const chosen = entryCalled(PLACES, text) ?? text;
		if (chosen !== CUSTOM_PLACEMENT) {
			// LTX takes either; one of the two would vanish.
			if (added.length > 0) {
				throw invalidInput(
					`Placement is "${chosen}", but there is also ${added[0].displayName}`,
					`Set Placement to Custom (${CUSTOM_PLACEMENT}), or remove ${added.map(({ displayName }) => displayName).join(', ')}.`,
				);
			}
			return { placement: plain({ anchor: chosen }) };
		}
		if (added.length === 0) {
			throw invalidInput(
				'Placement is Custom, but says nothing about the place',
				'Add Placement X, Y, Width or Height, or choose a place from the menu.',
			);
		}
		const fractions = added.map(({ key, displayName, name, toValue }) => [
			key,
			toValue(displayName, parameter(name)),
		]);
		return { placement: plain(Object.fromEntries(fractions)) };
	},
};

const LONGEST_VIDEO_SECONDS = 60;

export const videoToVideoReframe: Endpoint = {
	path: 'video-to-video-reframe',
	name: 'Reframe',
	description: 'Another shape, as for a story. USD 0.10 or 0.20 a second.',
	action: 'Change shape of video',
	product: 'video in another shape',
	fields: [
		videoField({ hint: 'At most 60 seconds and 1800 frames. Each second is charged.' }),
		resolution,
		placement,
	],
	// Required in July 2026, ignored since September: this works with both.
	alwaysSent: { model: EDITING_MODEL },
	result: MP4_RESULT,
	describeDocumented: () =>
		`LTX documents (${DOCUMENTED_ON}) videos of at most ${LONGEST_VIDEO_SECONDS} s and 1800 frames, with sides of 64 to 4096 pixels, and the resolutions ${SHAPES.flatMap(({ small, large }) => [small, large]).join(', ')}.`,
	// Each second of the input video, by the size of the output.
	price({ body, factsOf }) {
		const shape = SHAPES.find(({ small, large }) =>
			[small, large].includes(String(body.resolution)),
		);
		if (!shape) return { unknown: `Resolution "${String(body.resolution)}" has no known price` };
		const usd = shape.large === body.resolution ? USD_PER_SECOND.large : USD_PER_SECOND.small;
		return priceOf(usd, lengthOf(factsOf('video_uri'), LONGEST_VIDEO_SECONDS));
	},
};
