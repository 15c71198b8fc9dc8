import type { INodePropertyOptions } from 'n8n-workflow';

import { AUTO, durationField, numberField, timeField } from './kinds';
import {
	ABOVE_FULL_HD,
	documentsLongVideos,
	LONG_DURATIONS,
	MODELS,
	SHORT_DURATIONS,
} from '../models';
import { unless, type DisplayOptions } from './visibility';

const secondsOption = (value: number) => ({ name: `${value} Seconds`, value });

/** Durations by what the model documents, and above Full HD by resolution. */
export const duration = durationField({
	name: 'duration',
	displayName: 'Duration',
	createVariants() {
		const variant = (
			durations: readonly number[],
			takesAuto: boolean,
			displayOptions: DisplayOptions,
		) => {
			const auto = {
				name: 'Automatic',
				value: AUTO,
				description: 'Let the model choose the length. Not together with a last frame.',
			};
			const seconds: INodePropertyOptions[] = durations.map(secondsOption);
			return {
				type: 'options' as const,
				options: takesAuto ? [...seconds, auto] : seconds,
				default: 6,
				hint: 'Each second is charged. More than 10 seconds needs a Fast model, at most 1080p, and 24 or 25 frames per second.',
				description: 'Length of the video',
				displayOptions,
			};
		};
		const variants = MODELS.flatMap((entry) => {
			const { takesAutoDuration } = entry;
			const model = unless(entry.value);
			if (!documentsLongVideos(entry)) {
				return [variant(SHORT_DURATIONS, takesAutoDuration, { hide: { model } })];
			}
			return [
				variant(LONG_DURATIONS, takesAutoDuration, { hide: { model, resolution: ABOVE_FULL_HD } }),
				...ABOVE_FULL_HD.map((resolution) =>
					variant(SHORT_DURATIONS, takesAutoDuration, {
						hide: { model, resolution: unless(resolution) },
					}),
				),
			];
		});
		// For models that are entered by hand or given by an expression.
		const everything = variant(LONG_DURATIONS, true, {
			hide: { model: MODELS.map(({ value }) => value) },
		});
		return [...variants, everything];
	},
});

const SHORTEST_PART_SECONDS = 2;
const LONGEST_EXTENSION_SECONDS = 20;

export const retakeStart = timeField({
	name: 'startTime',
	displayName: 'Start Time (Seconds)',
	createVariants: () => [
		{
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			required: true,
			description: 'Where in the video the part begins that is made anew',
		},
	],
});

export const retakeDuration = numberField({
	name: 'duration',
	displayName: 'Duration (Seconds)',
	createVariants: () => [
		{
			type: 'number',
			typeOptions: { minValue: SHORTEST_PART_SECONDS },
			default: 5,
			required: true,
			hint: 'At least 2 seconds. LTX cuts a part that goes beyond the end of the video. The whole video is charged, not only the part.',
			description: 'How long the part is that is made anew',
		},
	],
});

export const extensionDuration = numberField({
	name: 'duration',
	displayName: 'Duration (Seconds)',
	createVariants: () => [
		{
			type: 'number',
			typeOptions: {
				minValue: SHORTEST_PART_SECONDS,
				maxValue: LONGEST_EXTENSION_SECONDS,
			},
			default: 5,
			required: true,
			hint: 'From 2 to 20 seconds. LTX charges each second that it adds and each second of the video that it looks at (Context, in Additional Fields).',
			description: 'How much longer the video becomes',
		},
	],
});

export const extensionContext = numberField({
	name: 'context',
	displayName: 'Context (Seconds)',
	isAdditional: true,
	createVariants: () => [
		{
			type: 'number',
			typeOptions: { minValue: 1, maxValue: LONGEST_EXTENSION_SECONDS },
			default: 5,
			description:
				'How much of the video LTX looks at before it goes on. Together with the duration at most 505 frames, about 21 seconds at 24 frames per second. If not set, LTX looks at as much as it can. Each second is charged.',
		},
	],
});
