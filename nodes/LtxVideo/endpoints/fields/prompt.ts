import { textField, type Field } from './kinds';

const LONGEST_PROMPT = 5_000;

interface PromptTexts {
	placeholder: string;
	description: string;
}

function promptField(isRequired: boolean, { placeholder, description }: PromptTexts): Field {
	return textField(
		{
			name: 'prompt',
			displayName: 'Prompt',
			createVariants: () => [
				{
					type: 'string',
					typeOptions: { rows: 4 },
					default: '',
					...(isRequired && { required: true }),
					placeholder: `e.g. ${placeholder}`,
					description: `${description}. At most ${LONGEST_PROMPT} characters.`,
				},
			],
		},
		{ longest: LONGEST_PROMPT, isRequired },
	);
}

export const prompt = promptField(true, {
	placeholder: 'The camera moves slowly towards the lighthouse while waves roll in',
	description: 'What happens in the video, including sounds',
});

export const promptForAudio = promptField(false, {
	placeholder: 'A singer on a small stage, warm light',
	description: 'What the video shows. May be empty if there is an image',
});

export const promptForRetake = promptField(false, {
	placeholder: 'The boat turns towards the harbor',
	description: 'What happens in the part that is made anew',
});

export const promptForExtension = promptField(false, {
	placeholder: 'The camera rises above the clouds',
	description: 'What happens in the part that is added',
});
