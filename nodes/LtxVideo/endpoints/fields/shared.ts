import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { IMAGE, VIDEO } from '../../media/kinds';
import { EDITING_MODELS } from '../catalog/editing';
import { DURATIONS, FEW_SECONDS, FPS, SHORT_DURATIONS } from '../catalog/generation';
import { CUSTOM_MODEL, describePrice, DOCUMENTED_ON, MODELS, type Model } from '../catalog/models';
import { ABOVE_FULL_HD } from '../catalog/sizes';
import {
	AUTOMATIC,
	booleanField,
	choiceField,
	durationField,
	numberField,
	textField,
	type Field,
	type FieldRules,
} from './field';
import { mediaField, type MediaWords } from './mediaField';
import { requiredFor } from './visibility';
import { FRAMES_PER_SECOND, SECONDS } from './words';

/*
 * Fields that several endpoints share. What a field says differently for one endpoint stands in the
 * file of that endpoint.
 */

export const FIRST_FRAME = {
	name: 'image',
	label: 'Image',
	what: 'the first frame of the video',
	uriPlaceholder: 'e.g. https://example.com/lighthouse.png',
};

export const lastFrame = mediaField(
	IMAGE,
	{
		name: 'lastFrame',
		label: 'Last Frame',
		what: 'the last frame of the video',
		uriPlaceholder: 'e.g. https://example.com/lighthouse-at-night.png',
	},
	{ isAdditional: true },
);

/** @param words what the endpoint asks of the video, and what is charged */
export function videoField(words: Pick<MediaWords, 'hint' | 'details'>): Field {
	return mediaField(VIDEO, {
		name: 'video',
		label: 'Video',
		what: 'the video',
		uriPlaceholder: 'e.g. https://example.com/harbor.mp4',
		...words,
	});
}

/** How long the new part of a video is. @param words what it means, and what is charged */
export function secondsField(words: Pick<INodeProperties, 'hint' | 'description'>): Field {
	return numberField(
		{
			displayName: 'Duration (Seconds)',
			name: 'duration',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 5,
			required: true,
			...words,
		},
		{ units: SECONDS },
	);
}

const LONGEST_PROMPT = 5_000;

/** @param placeholder without "e.g." */
export function promptField(
	{ placeholder, description }: { placeholder: string; description: string },
	rules: FieldRules = {},
): Field {
	return textField(
		{
			displayName: 'Prompt',
			name: 'prompt',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			...(!rules.isOptional && { required: true }),
			placeholder: `e.g. ${placeholder}`,
			description: `${description}. At most ${LONGEST_PROMPT} characters.`,
		},
		{ ...rules, longest: LONGEST_PROMPT },
	);
}

export const prompt = promptField({
	placeholder: 'The camera moves slowly towards the lighthouse while waves roll in',
	description: 'What happens in the video, including sounds',
});

/**
 * A choice of model, and a free text beside it for models that are not listed.
 *
 * @param isPriced whether the prices of `models` are those of what they make here
 */
export function modelField(
	models: readonly Model[],
	{ isPriced, ...rules }: FieldRules & { isPriced: boolean },
): Field {
	const [{ value: byDefault }] = models;
	const listed = choiceField(
		{
			displayName: 'Model',
			name: 'model',
			type: 'options',
			options: [
				...models.map((model) => ({
					name: model.name,
					value: model.value,
					...(isPriced && { description: describePrice(model) }),
				})),
				{
					name: 'Other Model',
					value: CUSTOM_MODEL,
					description: 'Enter the ID of a model that is not in this list',
				},
			],
			default: byDefault,
			description: isPriced
				? `The model that makes the video. Pro models look better than Fast ones. Prices as of ${DOCUMENTED_ON}.`
				: 'The model that makes the video',
		},
		rules,
	);
	const modelId: INodeProperties = {
		displayName: 'Model ID',
		name: 'customModel',
		type: 'string',
		default: '',
		placeholder: 'e.g. ltx-3-pro',
		description: 'ID of the model as the LTX documentation gives it',
	};
	const other = choiceField(modelId);
	return {
		...listed,
		properties: [
			...listed.properties,
			...requiredFor(modelId, {
				parameter: 'model',
				value: CUSTOM_MODEL,
				known: [...MODELS.map(({ value }) => value), CUSTOM_MODEL],
			}),
		],
		read(parameter) {
			const read = listed.read(parameter);
			const { model } = read;
			if (model?.is !== 'plain' || model.value !== CUSTOM_MODEL) return read;
			return { model: other.read(parameter).custom_model };
		},
	};
}

export const model = modelField(MODELS, { isPriced: true });

export const editingModel = modelField(EDITING_MODELS, { isOptional: true, isPriced: false });

const valuesOf = (models: readonly Model[]) => models.map(({ value }) => value);

// Entries that LTX does not document for the chosen model or size are hidden; they still work.
const HIDDEN_IF_SHORT = {
	hide: {
		model: valuesOf(MODELS.filter((entry) => !entry.documentsLongVideos)),
		resolution: ABOVE_FULL_HD,
	},
};
const HIDDEN_IF_LONG = {
	hide: { model: valuesOf(MODELS.filter((entry) => !entry.takesFewSeconds)) },
};
const HIDDEN_IF_FIXED = {
	hide: { model: valuesOf(MODELS.filter((entry) => !entry.takesAutoDuration)) },
};

const secondsOption = (seconds: number) => ({ name: `${seconds} Seconds`, value: seconds });

const DURATION_OPTIONS: INodePropertyOptions[] = [
	...FEW_SECONDS.map((seconds) => ({
		...secondsOption(seconds),
		description: 'LTX documents 6 seconds and more. 2 seconds cost a third of 6.',
		displayOptions: HIDDEN_IF_LONG,
	})),
	...DURATIONS.map((seconds) => ({
		...secondsOption(seconds),
		...(!SHORT_DURATIONS.includes(seconds) && { displayOptions: HIDDEN_IF_SHORT }),
	})),
	{
		...AUTOMATIC,
		description:
			'Let the model choose the length. Not together with a last frame. On prepaid accounts, LTX sets aside the price of the longest length.',
		displayOptions: HIDDEN_IF_FIXED,
	},
];

export const duration = durationField({
	displayName: 'Duration',
	name: 'duration',
	type: 'options',
	options: DURATION_OPTIONS,
	default: 6,
	description:
		'Length of the video. Each second is charged. Fast models make more than 10 seconds, at 720p or 1080p with 24 or 25 frames per second.',
});

export const fps = numberField(
	{
		displayName: 'Frames per Second',
		name: 'fps',
		type: 'options',
		options: FPS.map((value) => ({ name: `${value}`, value })),
		default: 24,
		description:
			'LTX uses 24 if not set. 48 and 50 are documented for at most 10 seconds of video.',
	},
	{ isAdditional: true, units: FRAMES_PER_SECOND },
);

export const generateAudio = booleanField(
	{
		displayName: 'Generate Audio',
		name: 'generateAudio',
		type: 'boolean',
		default: true,
		description: 'Whether the video gets sound that fits it. LTX adds sound if not set.',
	},
	{ isAdditional: true },
);

export const cameraMotion = choiceField(
	{
		displayName: 'Camera Motion',
		name: 'cameraMotion',
		type: 'options',
		options: [
			{ name: 'Dolly In', value: 'dolly_in' },
			{ name: 'Dolly Left', value: 'dolly_left' },
			{ name: 'Dolly Out', value: 'dolly_out' },
			{ name: 'Dolly Right', value: 'dolly_right' },
			{ name: 'Focus Shift', value: 'focus_shift' },
			{ name: 'Jib Down', value: 'jib_down' },
			{ name: 'Jib Up', value: 'jib_up' },
			{ name: 'Static', value: 'static' },
		],
		default: 'static',
		description: 'How the camera moves. If not set, the prompt decides.',
	},
	{ isAdditional: true },
);
