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
	type Model,
} from './models';

/*
 * The fields of requests that make videos. An endpoint lists the ones that it takes.
 */

const LONGEST_PROMPT = 5_000;

/*
 * Several properties of one name, of which exactly one must be shown, whatever the others hold. n8n
 * decides this in two ways: while it runs, with expressions as they are written; in the editor, with
 * what they give just now. A `show` condition lets every unresolved expression pass, so that all
 * would show. "Hidden if it is not this value" is right in both.
 */
const unless = (value: string | number) => [{ _cnd: { not: value } }];

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

/** Durations by what the model documents, and above Full HD by resolution. */
function durationVariants(): INodeProperties[] {
	const variants = MODELS.flatMap((entry) => {
		const { takesAutoDuration } = entry;
		const model = unless(entry.value);
		if (!documentsLongVideos(entry)) {
			return [durationProperty(SHORT_DURATIONS, takesAutoDuration, { hide: { model } })];
		}
		return [
			durationProperty(LONG_DURATIONS, takesAutoDuration, {
				hide: { model, resolution: ABOVE_FULL_HD },
			}),
			...ABOVE_FULL_HD.map((resolution) =>
				durationProperty(SHORT_DURATIONS, takesAutoDuration, {
					hide: { model, resolution: unless(resolution) },
				}),
			),
		];
	});
	// For models that are entered by hand or given by an expression.
	const everything = durationProperty(LONG_DURATIONS, true, {
		hide: { model: MODELS.map(({ value }) => value) },
	});
	return [...variants, everything];
}

function describePrice({ pricesPerSecondUsd }: Model): string {
	const [hd, fullHd, qhd, uhd] = pricesPerSecondUsd.map((usd) => usd.toFixed(2));
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

const MODEL_ID: INodeProperties = {
	displayName: 'Model ID',
	name: 'customModel',
	type: 'string',
	default: '',
	placeholder: 'e.g. ltx-3-pro',
	description: 'ID of the model as the LTX documentation gives it',
};

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
		properties: [
			{
				...MODEL_ID,
				required: true,
				displayOptions: { hide: { model: unless(CUSTOM_MODEL) } },
			},
			// An expression may give "Other Model" or not: n8n must not insist on the ID then.
			{
				...MODEL_ID,
				displayOptions: { show: { model: [CUSTOM_MODEL] }, hide: { model: [CUSTOM_MODEL] } },
			},
		],
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
			hide: { imageSource: unless('url') },
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

// High frame rates are documented for short videos only; a model not listed here may take more.
export const fps = numberChoiceField(
	[
		fpsProperty(FPS, { hide: { '/duration': ONLY_LONG } }),
		...ONLY_LONG.flatMap((seconds) => [
			fpsProperty(LOW_FPS, { hide: { '/duration': unless(seconds), '/model': [CUSTOM_MODEL] } }),
			fpsProperty(FPS, {
				hide: { '/duration': unless(seconds), '/model': unless(CUSTOM_MODEL) },
			}),
		]),
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
			'Where the last frame of the video comes from. Then add Last Frame URL or Last Frame Binary Field.',
		uri: 'The last frame: an https address that anyone can open, an ltx:// URI of an earlier upload, or a data URI of at most 7 MB',
		uriPlaceholder: 'e.g. https://example.com/lighthouse-at-night.png',
	},
	{ isOptional: true },
);

export const duration = durationField(durationVariants());
