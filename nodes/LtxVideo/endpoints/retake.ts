import { MP4_RESULT } from '../media/resultFile';
import { EDITING_MODEL, EDITING_USD_PER_SECOND, findUnpricedModel } from './catalog/editing';
import type { Endpoint } from './endpoint';
import { choiceField, timeField } from './fields/field';
import { editingModel, promptField, secondsField, videoField } from './fields/shared';
import { DOCUMENTED_ON } from './catalog/models';
import { priceOf, unknownFor } from './catalog/prices';
import { FULL_HD, fullHdLandscape, tierOf } from './catalog/sizes';
import { resolutionField, sizeOptions } from './fields/resolution';

const startTime = timeField({
	displayName: 'Start Time (Seconds)',
	name: 'startTime',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	required: true,
	description: 'Where in the video the part begins that is redone',
});

const duration = secondsField({
	hint: 'At least 2. LTX charges the whole video.',
	description:
		'How long the part is that is redone. LTX cuts a part that goes beyond the end of the video.',
});

const mode = choiceField(
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		options: [
			{ name: 'Replace Audio and Video', value: 'replace_audio_and_video' },
			{ name: 'Replace Audio Only', value: 'replace_audio' },
			{ name: 'Replace Video Only', value: 'replace_video' },
		],
		default: 'replace_audio_and_video',
		description: 'What is redone. The rest of the video stays as it is.',
	},
	{ isOptional: true },
);

const resolution = resolutionField(
	{
		displayName: 'Resolution',
		name: 'resolution',
		type: 'options',
		options: sizeOptions([FULL_HD]),
		default: fullHdLandscape,
		description:
			'Width and height of the finished video. If not set, 1080p in the orientation of the video. An expression may also say 9:16 or Portrait.',
	},
	{ isAdditional: true },
);

export const retake: Endpoint = {
	path: 'retake',
	name: 'Retake',
	description: 'Redo a part. USD 0.10 a second of all of it.',
	action: 'Redo part of video',
	product: 'video with redone part',
	fields: [
		videoField({
			hint: 'At least 3 seconds (73 frames), at most 4K',
			details: 'Each second of the whole video is charged.',
		}),
		startTime,
		duration,
		promptField(
			{
				placeholder: 'The boat turns towards the harbor',
				description: 'What happens in the part that is redone',
			},
			{ isOptional: true },
		),
		mode,
		editingModel,
		resolution,
	],
	result: MP4_RESULT,
	describeDocumented: () =>
		`LTX documents (${DOCUMENTED_ON}) the model ${EDITING_MODEL}, videos of at least 73 frames and at most 4K, parts of at least 2 s, and the resolutions ${FULL_HD.landscape} and ${FULL_HD.portrait}.`,
	// Each second of the whole input video, of which no longest length is documented.
	price({ body, factsOf }) {
		const unpriced = findUnpricedModel(body);
		if (unpriced) return unpriced;
		if (body.resolution !== undefined && tierOf(body.resolution) !== FULL_HD) {
			return { unknown: `Resolution "${String(body.resolution)}" has no known price` };
		}
		const { seconds } = factsOf('video_uri');
		return seconds === undefined
			? unknownFor(body, 'length')
			: priceOf(EDITING_USD_PER_SECOND, { seconds, isExact: true });
	},
};
