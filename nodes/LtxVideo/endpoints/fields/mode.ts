import type { INodePropertyOptions } from 'n8n-workflow';

import { choiceField, type Field } from './kinds';

function modeField(options: INodePropertyOptions[], description: string): Field {
	return choiceField(
		{
			name: 'mode',
			displayName: 'Mode',
			createVariants: () => [{ type: 'options', options, default: options[0].value, description }],
		},
		{ isOptional: true },
	);
}

export const retakeMode = modeField(
	[
		{ name: 'Replace Audio and Video', value: 'replace_audio_and_video' },
		{ name: 'Replace Audio Only', value: 'replace_audio' },
		{ name: 'Replace Video Only', value: 'replace_video' },
	],
	'What is made anew. The rest of the video stays as it is.',
);

export const extensionMode = modeField(
	[
		{ name: 'At the End', value: 'end' },
		{ name: 'At the Start', value: 'start' },
	],
	'Where the new part is added',
);
