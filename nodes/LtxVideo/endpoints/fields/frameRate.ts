import { numberField } from './kinds';
import { CUSTOM_MODEL, FPS, LONG_DURATIONS, LOW_FPS, SHORT_DURATIONS } from '../models';
import { unless, type DisplayOptions } from './visibility';

function fpsVariant(values: readonly number[], displayOptions?: DisplayOptions) {
	return {
		type: 'options' as const,
		options: values.map((value) => ({ name: `${value}`, value })),
		default: 24,
		description:
			'LTX uses 24 if not set. 48 and 50 are documented for at most 10 seconds of video.',
		...(displayOptions && { displayOptions }),
	};
}

const FRAMES_PER_SECOND = { name: 'fps', displayName: 'Frames per Second', isAdditional: true };

// High frame rates are documented for short videos only; a model not listed here may take more.
export const fps = numberField({
	...FRAMES_PER_SECOND,
	createVariants() {
		const onlyLong = LONG_DURATIONS.filter((value) => value > Math.max(...SHORT_DURATIONS));
		return [
			fpsVariant(FPS, { hide: { '/duration': onlyLong } }),
			...onlyLong.flatMap((seconds) => [
				fpsVariant(LOW_FPS, { hide: { '/duration': unless(seconds), '/model': [CUSTOM_MODEL] } }),
				fpsVariant(FPS, { hide: { '/duration': unless(seconds), '/model': unless(CUSTOM_MODEL) } }),
			]),
		];
	},
});

export const fpsForAudio = numberField({
	...FRAMES_PER_SECOND,
	createVariants: () => [fpsVariant(FPS)],
});
