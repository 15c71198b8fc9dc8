import { booleanField, choiceField } from './kinds';
import { CAMERA_MOTIONS } from '../models';

export const generateAudio = booleanField({
	name: 'generateAudio',
	displayName: 'Generate Audio',
	isAdditional: true,
	createVariants: () => [
		{
			type: 'boolean',
			default: true,
			description: 'Whether the video gets sound that fits it. LTX adds sound if not set.',
		},
	],
});

export const cameraMotion = choiceField(
	{
		name: 'cameraMotion',
		displayName: 'Camera Motion',
		isAdditional: true,
		createVariants: () => [
			{
				type: 'options',
				options: CAMERA_MOTIONS.map(({ name, value }) => ({ name, value })),
				default: 'static',
				description: 'How the camera moves. If not set, the prompt decides.',
			},
		],
	},
	{ isOptional: true },
);
