import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import {
	AUTO,
	booleanField,
	choiceField,
	durationField,
	longTextField,
	mediaField,
	modelField,
	numberChoiceField,
	resolutionField,
} from './fields';
import {
	CAMERA_MOTIONS,
	CUSTOM_MODEL,
	documentsLongVideos,
	DOCUMENTED_ON,
	FPS,
	LONG_DURATIONS,
	ABOVE_FULL_HD,
	LOW_FPS,
	MATCHING_RESOLUTIONS,
	MODELS,
	RESOLUTIONS,
	SHORT_DURATIONS,
	UP_TO_FULL_HD,
	type Model,
} from './models';

/*
 * The fields of requests that make videos. An endpoint lists the ones that it takes.
 */

const LONGEST_PROMPT = 5_000;

// In the editor, an expression stands where its value will be: what depends on it is not hidden by it.
const IS_EXPRESSION = { _cnd: { startsWith: '=' } };

type Conditions = NonNullable<NonNullable<INodeProperties['displayOptions']>['hide']>[string];

/** `hide` conditions under which a property shows for the values in `shownFor` only. */
function hideUnless(all: readonly string[], shownFor: readonly string[]): Conditions {
	return [...all.filter((value) => !shownFor.includes(value)), IS_EXPRESSION];
}

const MODEL_VALUES = [...MODELS.map(({ value }) => value), CUSTOM_MODEL];
function durationProperty(
	durations: readonly number[],
	takesAuto: boolean,
	displayOptions: INodeProperties['displayOptions'],
): INodeProperties {
	const seconds = durations.map((value) => ({ name: `${value} Seconds`, value }));
	const auto = {
		name: 'Automatic',
		value: AUTO,
		description: 'Let the model choose the length; not together with a last frame',
	};
	return {
		displayName: 'Duration',
		name: 'duration',
		type: 'options',
		options: takesAuto ? [...seconds, auto] : seconds,
		default: 6,
		hint: 'Each second is charged. More than 10 seconds needs a Fast model, at most 1080p, and 24 or 25 frames per second.',
		description: 'Length of the video',
		displayOptions,
	};
}

/** One Duration property for each list of lengths that a choice of model and resolution documents. */
function durationVariants(): INodeProperties[] {
	const valuesOf = (matches: (model: Model) => boolean) =>
		MODELS.filter(matches).map(({ value }) => value);
	const variants = [false, true].flatMap((takesAuto) => {
		const takes = (model: Model) => model.takesAutoDuration === takesAuto;
		const long = valuesOf((model) => takes(model) && documentsLongVideos(model));
		const short = valuesOf((model) => takes(model) && !documentsLongVideos(model));
		return [
			durationProperty(LONG_DURATIONS, takesAuto, {
				hide: {
					model: hideUnless(MODEL_VALUES, long),
					resolution: ABOVE_FULL_HD,
				},
			}),
			durationProperty(SHORT_DURATIONS, takesAuto, {
				hide: {
					model: hideUnless(MODEL_VALUES, long),
					resolution: [...UP_TO_FULL_HD, IS_EXPRESSION],
				},
			}),
			durationProperty(SHORT_DURATIONS, takesAuto, {
				hide: { model: hideUnless(MODEL_VALUES, short) },
			}),
		];
	});
	const everything = durationProperty(LONG_DURATIONS, true, { show: { model: [CUSTOM_MODEL] } });
	return [...variants, everything];
}

function describePrice({ pricesPerSecondUsd: [hd, fullHd, qhd, uhd] }: Model): string {
	return `USD ${fullHd} per second of video at 1080p (${hd} at 720p, ${qhd} at 1440p, ${uhd} at 4K), as of ${DOCUMENTED_ON}`;
}

const MODEL_OPTIONS: INodePropertyOptions[] = [
	...MODELS.map((entry) => ({
		name: entry.name,
		value: entry.value,
		description: describePrice(entry),
	})),
	{
		name: 'Other Model',
		value: CUSTOM_MODEL,
		description: 'Enter the ID of a model that is not in this list',
	},
];

export const prompt = longTextField(
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		placeholder: 'e.g. The camera moves slowly towards the lighthouse while waves roll in',
		description: 'What happens in the video, including sounds. At most 5000 characters.',
	},
	LONGEST_PROMPT,
);

export const model = modelField(
	{
		displayName: 'Model',
		name: 'model',
		type: 'options',
		options: MODEL_OPTIONS,
		default: 'ltx-2-3-fast',
		hint: 'Pro models look better, Fast models cost less and allow longer videos',
		description: 'The model that makes the video',
	},
	{
		value: CUSTOM_MODEL,
		property: {
			displayName: 'Model ID',
			name: 'customModel',
			type: 'string',
			default: '',
			placeholder: 'e.g. ltx-2-5-pro',
			description: 'ID of the model as the LTX documentation gives it',
			displayOptions: { show: { model: [CUSTOM_MODEL] } },
		},
	},
);

function resolutionProperty(
	options: INodePropertyOptions[],
	displayOptions: INodeProperties['displayOptions'],
): INodeProperties {
	return {
		displayName: 'Resolution',
		name: 'resolution',
		type: 'options',
		options,
		default: '1920x1080',
		hint: 'Higher resolutions cost more: 4K about four times as much as 1080p with 2.3 models',
		description: 'Width and height of the video. Choose the orientation of the image.',
		displayOptions,
	};
}

const toOptions = (resolutions: ReadonlyArray<{ name: string; value: string }>) =>
	resolutions.map(({ name, value }) => ({ name, value }));

/** A resolution that can also follow the image of the same request, where that is a file. */
export const resolutionOfImage = resolutionField(
	[
		resolutionProperty(toOptions(RESOLUTIONS), {
			hide: { imageSource: ['binary', IS_EXPRESSION] },
		}),
		resolutionProperty(toOptions([...MATCHING_RESOLUTIONS, ...RESOLUTIONS]), {
			hide: { imageSource: ['url'] },
		}),
	],
	{ matches: MATCHING_RESOLUTIONS, imageField: 'image_uri' },
);

function fpsProperty(
	values: readonly number[],
	displayOptions: INodeProperties['displayOptions'],
): INodeProperties {
	return {
		displayName: 'Frames per Second',
		name: 'fps',
		type: 'options',
		options: values.map((value) => ({ name: `${value}`, value })),
		default: 24,
		description:
			'LTX uses 24 if not set. 48 and 50 are documented for at most 10 seconds of video.',
		displayOptions,
	};
}

const ONLY_LONG = LONG_DURATIONS.filter((value) => value > Math.max(...SHORT_DURATIONS));
const NOT_LONG = [...SHORT_DURATIONS, AUTO, IS_EXPRESSION];

// High frame rates are documented for short videos only; a model not listed here may take more.
export const fps = numberChoiceField(
	[
		fpsProperty(FPS, { hide: { '/duration': ONLY_LONG } }),
		fpsProperty(LOW_FPS, { hide: { '/duration': NOT_LONG, '/model': [CUSTOM_MODEL] } }),
		fpsProperty(FPS, {
			hide: { '/duration': NOT_LONG, '/model': hideUnless(MODEL_VALUES, [CUSTOM_MODEL]) },
		}),
	],
	{ isOptional: true },
);

export const generateAudio = booleanField(
	{
		displayName: 'Generate Audio',
		name: 'generateAudio',
		type: 'boolean',
		default: true,
		description: 'Whether the video gets sound that fits it. LTX adds sound if not set.',
	},
	{ isOptional: true },
);

export const cameraMotion = choiceField(
	{
		displayName: 'Camera Motion',
		name: 'cameraMotion',
		type: 'options',
		options: CAMERA_MOTIONS.map(({ name, value }) => ({ name, value })),
		default: 'static',
		description: 'How the camera moves. If not set, the prompt decides.',
	},
	{ isOptional: true },
);

export const image = mediaField('image', 'Image', {
	source: 'Where the first frame of the video comes from',
	uri: 'The first frame: an https address that anyone can open, an ltx:// URI of an earlier upload, or a data URI of at most 7 MB',
	uriPlaceholder: 'e.g. https://example.com/lighthouse.png',
});

export const lastFrame = mediaField(
	'lastFrame',
	'Last Frame',
	{
		source:
			'Where the image comes from that the video ends with. Then add the field Last Frame URL or Last Frame Binary Field.',
		uri: 'The last frame: an https address that anyone can open, an ltx:// URI of an earlier upload, or a data URI of at most 7 MB',
		uriPlaceholder: 'e.g. https://example.com/lighthouse-at-night.png',
	},
	{ isOptional: true },
);

export const duration = durationField(durationVariants());
