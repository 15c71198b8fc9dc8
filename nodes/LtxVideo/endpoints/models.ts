/** A model that makes videos. */
export interface Model {
	value: string;
	name: string;
	/** Takes `duration: null`, which lets the model choose the length. */
	takesAutoDuration: boolean;
	/** US dollars per second of video at 720p, 1080p, 1440p and 4K. */
	pricesPerSecondUsd: readonly [number, number, number, number];
}

/** When prices and combinations below were read off the vendor's documentation. */
export const DOCUMENTED_ON = '2026-09-27';

export const MODELS: readonly Model[] = [
	{
		value: 'ltx-2-3-fast',
		name: 'LTX 2.3 Fast',
		takesAutoDuration: false,
		pricesPerSecondUsd: [0.03, 0.06, 0.12, 0.24],
	},
	{
		value: 'ltx-2-3-pro',
		name: 'LTX 2.3 Pro',
		takesAutoDuration: false,
		pricesPerSecondUsd: [0.04, 0.08, 0.16, 0.32],
	},
	{
		value: 'ltx-2-5-fast',
		name: 'LTX 2.5 Fast',
		takesAutoDuration: true,
		pricesPerSecondUsd: [0.09, 0.13, 0.19, 0.3],
	},
	{
		value: 'ltx-2-5-pro',
		name: 'LTX 2.5 Pro',
		takesAutoDuration: true,
		pricesPerSecondUsd: [0.12, 0.17, 0.25, 0.39],
	},
];

const namedModels = (...values: string[]) =>
	values.flatMap((value) => MODELS.filter((entry) => entry.value === value));

/** The models of audio to video. The first is the one that LTX takes if none is named. */
export const AUDIO_MODELS = namedModels('ltx-2-3-pro', 'ltx-2-5-fast', 'ltx-2-5-pro');

/** The models that change videos. */
export const EDITING_MODELS = namedModels('ltx-2-3-pro');

/** The `model` option that shows a free text instead, for models newer than this package. */
export const CUSTOM_MODEL = 'custom';

export const FPS = [24, 25, 48, 50] as const;
/** The rates at which long videos are documented. */
export const LOW_FPS = [24, 25] as const;
export const CAMERA_MOTIONS = [
	{ value: 'dolly_in', name: 'Dolly In' },
	{ value: 'dolly_left', name: 'Dolly Left' },
	{ value: 'dolly_out', name: 'Dolly Out' },
	{ value: 'dolly_right', name: 'Dolly Right' },
	{ value: 'focus_shift', name: 'Focus Shift' },
	{ value: 'jib_down', name: 'Jib Down' },
	{ value: 'jib_up', name: 'Jib Up' },
	{ value: 'static', name: 'Static' },
] as const;

/** The sizes of a video, in the order of `pricesPerSecondUsd`. */
const TIERS = [
	{ name: '720p', landscape: '1280x720', portrait: '720x1280', match: 'match720p' },
	{ name: '1080p', landscape: '1920x1080', portrait: '1080x1920', match: 'match1080p' },
	{ name: '1440p', landscape: '2560x1440', portrait: '1440x2560', match: 'match1440p' },
	{ name: '4K', landscape: '3840x2160', portrait: '2160x3840', match: 'match2160p' },
] as const;

/** The largest tier at which fast models document the longer videos. */
const FULL_HD_TIER = 1;

export const RESOLUTIONS = TIERS.flatMap(({ name, landscape, portrait }, tier) => [
	{ value: landscape, name: `${name} Landscape (${landscape})`, tier },
	{ value: portrait, name: `${name} Portrait (${portrait})`, tier },
]);

export const FULL_HD_RESOLUTIONS = RESOLUTIONS.filter(({ tier }) => tier === FULL_HD_TIER);

/** Resolutions that take their orientation from the image. */
export const MATCHING_RESOLUTIONS = TIERS.map(({ name, landscape, portrait, match }, tier) => ({
	value: match,
	name: `${name}, Orientation of the Image`,
	landscape,
	portrait,
	tier,
}));

/** `resolution` values at which fast models document short videos only. */
export const ABOVE_FULL_HD: string[] = [...RESOLUTIONS, ...MATCHING_RESOLUTIONS]
	.filter(({ tier }) => tier > FULL_HD_TIER)
	.map(({ value }) => value);

export const LONG_DURATIONS = [6, 8, 10, 12, 14, 16, 18, 20] as const;
export const SHORT_DURATIONS = [6, 8, 10] as const;

/** Fast models document up to 20 s, but only at 720p and 1080p with 24 or 25 frames a second. */
export function documentsLongVideos(model: Model): boolean {
	return model.value.endsWith('-fast');
}

/** The documented models as a sentence, for the error of one that is not. */
export function describeModels(models: readonly Model[]): string {
	return `Documented models (${DOCUMENTED_ON}): ${models.map(({ value }) => value).join(', ')}.`;
}

/** The documented combinations of the chosen model, for the error of one that is not. */
export function describeCombinations(request: PricedRequest): string {
	const model = MODELS.find(({ value }) => value === request.model);
	if (!model) return describeModels(MODELS);
	const auto = model.takesAutoDuration ? ' or auto' : '';
	const short = `${SHORT_DURATIONS.join(', ')} s${auto} at 720p, 1080p, 1440p or 4K with ${FPS.join(', ')} FPS`;
	const long = documentsLongVideos(model)
		? `, and up to ${Math.max(...LONG_DURATIONS)} s in steps of 2 at 720p or 1080p with ${LOW_FPS.join(' or ')} FPS`
		: '';
	return `Documented for ${model.value} (${DOCUMENTED_ON}): ${short}${long}.`;
}

/** What decides the price of a video: its values in the request. */
interface PricedRequest {
	model?: unknown;
	resolution?: unknown;
	/** Seconds; null where the model chooses. */
	duration?: unknown;
	fps?: unknown;
}

/**
 * Estimated price of one video in US dollars, from the prices of `DOCUMENTED_ON`; `undefined` where
 * a price is not known. An automatic duration counts as the longest that it can become.
 */
export function estimateCostUsd(request: PricedRequest): number | undefined {
	const model = MODELS.find(({ value }) => value === request.model);
	const tier = RESOLUTIONS.find(({ value }) => value === request.resolution)?.tier;
	if (!model || tier === undefined) return undefined;
	const isLong =
		documentsLongVideos(model) && tier <= FULL_HD_TIER && !(Number(request.fps ?? 0) > LOW_FPS[1]);
	const longest = Math.max(...(isLong ? LONG_DURATIONS : SHORT_DURATIONS));
	const seconds = request.duration === null ? longest : Number(request.duration);
	return roundUsd(model.pricesPerSecondUsd[tier] * seconds);
}

/** The sound sets the length, which nobody knows before: it counts as the longest that LTX takes. */
const LONGEST_AUDIO_SECONDS = 20;
/** Without a resolution, in either orientation. */
const AUTOMATIC_RESOLUTION = '1920x1080';

export function estimateAudioCostUsd(request: PricedRequest): number | undefined {
	return estimateCostUsd({
		...request,
		resolution: request.resolution ?? AUTOMATIC_RESOLUTION,
		duration: LONGEST_AUDIO_SECONDS,
	});
}

/** Without the dust that sums of fractions leave, to a hundredth of a cent. */
export function roundUsd(usd: number): number {
	return Math.round(usd * 10_000) / 10_000;
}
