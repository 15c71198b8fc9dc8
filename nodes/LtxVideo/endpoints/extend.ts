import { MP4_RESULT } from '../media/resultFile';
import { EDITING_MODEL, EDITING_USD_PER_SECOND, findUnpricedModel } from './catalog/editing';
import type { Endpoint } from './endpoint';
import { choiceField, numberField } from './fields/field';
import { editingModel, promptField, secondsField, videoField } from './fields/shared';
import { DOCUMENTED_ON } from './catalog/models';
import { priceOf } from './catalog/prices';
import { SECONDS } from './fields/words';

const duration = secondsField({
	hint: 'From 2 to 20. LTX charges the Context too.',
	description: 'How much longer the video becomes',
});

const mode = choiceField(
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		options: [
			{ name: 'At the End', value: 'end' },
			{ name: 'At the Start', value: 'start' },
		],
		default: 'end',
		description: 'Where the new part is added',
	},
	{ isOptional: true },
);

const MOST_FRAMES = 505;
const LONGEST_CONTEXT_SECONDS = 20;

const context = numberField(
	{
		displayName: 'Context (Seconds)',
		name: 'context',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 5,
		description: `How much of the video LTX looks at before it goes on, from 1 to ${LONGEST_CONTEXT_SECONDS} seconds. Together with the duration at most ${MOST_FRAMES} frames, about 21 seconds at 24 frames per second. If not set, LTX looks at as much as it can. Each second is charged.`,
	},
	{ isAdditional: true, units: SECONDS },
);

export const extend: Endpoint = {
	path: 'extend',
	name: 'Extend',
	description: 'Make a video longer, at its end or start. From USD 0.30.',
	action: 'Extend video',
	product: 'longer video',
	fields: [
		videoField({
			hint: 'Shape 16:9 or 9:16, at least 3 seconds, at most 100 MB',
			details: 'At least 73 frames, at most 4K.',
		}),
		duration,
		promptField(
			{
				placeholder: 'The camera rises above the clouds',
				description: 'What happens in the part that is added',
			},
			{ isOptional: true },
		),
		mode,
		editingModel,
		context,
	],
	result: MP4_RESULT,
	describeDocumented: () =>
		`LTX documents (${DOCUMENTED_ON}) the model ${EDITING_MODEL}, videos of 16:9 or 9:16 up to 100 MB, 2 to 20 s of duration, 1 to ${LONGEST_CONTEXT_SECONDS} s of context, and at most ${MOST_FRAMES} frames of both together.`,
	// The seconds that are added, and those that LTX looks at: as many as it can where none are named.
	price({ body, factsOf }) {
		const unpriced = findUnpricedModel(body);
		if (unpriced) return unpriced;
		const added = Number(body.duration);
		if (body.context !== undefined) {
			const seconds = added + Number(body.context);
			return priceOf(EDITING_USD_PER_SECOND, { seconds, isExact: true });
		}
		const facts = factsOf('video_uri');
		// Of few frames a second, the frames that LTX takes last for any time.
		const { seconds = Infinity, framesPerSecond = 0 } = facts;
		const left = Math.max(0, MOST_FRAMES / framesPerSecond - added);
		return priceOf(EDITING_USD_PER_SECOND, {
			seconds: added + Math.min(left, seconds, LONGEST_CONTEXT_SECONDS),
			isExact: facts.seconds !== undefined && facts.framesPerSecond !== undefined,
		});
	},
};
