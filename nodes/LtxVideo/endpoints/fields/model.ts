import type { INodePropertyOptions } from 'n8n-workflow';

import { choiceField, modelField } from './kinds';
import {
	AUDIO_MODELS,
	CUSTOM_MODEL,
	DOCUMENTED_ON,
	EDITING_MODELS,
	MODELS,
	type Model,
} from '../models';
import { unless } from './visibility';

function describePrice({ pricesPerSecondUsd }: Model): string {
	const [hd, fullHd, qhd, uhd] = pricesPerSecondUsd.map((usd) => usd.toFixed(2));
	return `USD ${fullHd} per second of video at 1080p (${hd} at 720p, ${qhd} at 1440p, ${uhd} at 4K), as of ${DOCUMENTED_ON}`;
}

const OTHER_MODEL: INodePropertyOptions = {
	name: 'Other Model',
	value: CUSTOM_MODEL,
	description: 'Enter the ID of a model that is not in this list',
};

/**
 * @param isPriced whether the price table holds for what the model makes here
 * @param isOptional whether LTX has a model of its own for requests without one
 */
function modelOf(
	models: readonly Model[],
	{ isPriced, isOptional, hint }: { isPriced: boolean; isOptional: boolean; hint?: string },
) {
	const modelId = {
		type: 'string' as const,
		default: '',
		placeholder: 'e.g. ltx-3-pro',
		description: 'ID of the model as the LTX documentation gives it',
	};
	return modelField(
		{
			name: 'model',
			displayName: 'Model',
			createVariants: () => [
				{
					type: 'options',
					options: [
						...models.map((entry) => ({
							name: entry.name,
							value: entry.value,
							...(isPriced && { description: describePrice(entry) }),
						})),
						OTHER_MODEL,
					],
					default: models[0].value,
					...(hint && { hint }),
					description: 'The model that makes the video',
				},
			],
		},
		{
			value: CUSTOM_MODEL,
			name: 'customModel',
			displayName: 'Model ID',
			createVariants: () => [
				{ ...modelId, required: true, displayOptions: { hide: { model: unless(CUSTOM_MODEL) } } },
				// An expression may give "Other Model" or not: n8n must not insist on the ID then.
				{
					...modelId,
					displayOptions: { show: { model: [CUSTOM_MODEL] }, hide: { model: [CUSTOM_MODEL] } },
				},
			],
		},
		{ isOptional },
	);
}

export const model = modelOf(MODELS, {
	isPriced: true,
	isOptional: false,
	hint: 'Pro models look better, Fast models cost less and allow longer videos',
});

export const audioModel = modelOf(AUDIO_MODELS, {
	isPriced: true,
	isOptional: true,
	hint: 'Each second of sound becomes a second of video, which is charged',
});

export const editingModel = modelOf(EDITING_MODELS, { isPriced: false, isOptional: true });

/** Only sent if it is added: whether LTX wants it for this endpoint is told in two ways. */
export const reframeModel = choiceField(
	{
		name: 'model',
		displayName: 'Model',
		isAdditional: true,
		createVariants: () => [
			{
				type: 'options',
				options: EDITING_MODELS.map(({ name, value }) => ({ name, value })),
				default: EDITING_MODELS[0].value,
				description: 'The model that changes the video. Add it if LTX says that it is missing.',
			},
		],
	},
	{ isOptional: true },
);
