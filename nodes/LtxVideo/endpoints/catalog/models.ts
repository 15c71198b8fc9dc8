import { roundUsd, type Price } from './prices';
import { TIERS, tierOf } from './sizes';

/** A model that makes videos. */
export interface Model {
	value: string;
	name: string;
	/** Takes `duration: null`, which lets the model choose the length. */
	takesAutoDuration: boolean;
	/** Takes 2 to 5 seconds too, which LTX does not document. */
	takesFewSeconds: boolean;
	/** Documents up to 20 seconds, at 720p and 1080p with 24 or 25 frames a second. */
	documentsLongVideos: boolean;
	/** US dollars per second of video, in the order of `TIERS`. */
	pricesPerSecondUsd: readonly [number, number, number, number];
}

/** When models, prices and limits were read off the vendor's documentation. */
export const DOCUMENTED_ON = '2026-09-27';

export const LTX_2_3_FAST: Model = {
	value: 'ltx-2-3-fast',
	name: 'LTX 2.3 Fast',
	takesAutoDuration: false,
	takesFewSeconds: false,
	documentsLongVideos: true,
	pricesPerSecondUsd: [0.03, 0.06, 0.12, 0.24],
};

export const LTX_2_3_PRO: Model = {
	value: 'ltx-2-3-pro',
	name: 'LTX 2.3 Pro',
	takesAutoDuration: false,
	takesFewSeconds: false,
	documentsLongVideos: false,
	pricesPerSecondUsd: [0.04, 0.08, 0.16, 0.32],
};

export const LTX_2_5_FAST: Model = {
	value: 'ltx-2-5-fast',
	name: 'LTX 2.5 Fast',
	takesAutoDuration: true,
	takesFewSeconds: true,
	documentsLongVideos: true,
	pricesPerSecondUsd: [0.09, 0.13, 0.19, 0.3],
};

export const LTX_2_5_PRO: Model = {
	value: 'ltx-2-5-pro',
	name: 'LTX 2.5 Pro',
	takesAutoDuration: true,
	takesFewSeconds: true,
	documentsLongVideos: false,
	pricesPerSecondUsd: [0.12, 0.17, 0.25, 0.39],
};

/** The models that make videos from text and images. The first is the default. */
export const MODELS: readonly Model[] = [LTX_2_3_FAST, LTX_2_3_PRO, LTX_2_5_FAST, LTX_2_5_PRO];

/** The `model` option that shows a free text instead, for models newer than this package. */
export const CUSTOM_MODEL = 'custom';

/** The price of a model in its menu, in one line of it. */
export function describePrice({ pricesPerSecondUsd }: Model): string {
	const [hd, fullHd, qhd, uhd] = pricesPerSecondUsd.map((usd) => usd.toFixed(2));
	return `USD ${fullHd} a second at 1080p (720p ${hd}, 1440p ${qhd}, 4K ${uhd})`;
}

/** The documented models, for the error of one that is not. */
export function listModels(models: readonly Model[]): string {
	return `models ${models.map(({ value }) => value).join(', ')}`;
}

/** What a number of seconds costs with a model, at a size. */
export function priceOfSeconds(
	models: readonly Model[],
	{ model, resolution }: { model: unknown; resolution: unknown },
	{ seconds, isExact }: { seconds: number; isExact: boolean },
): Price {
	const known = models.find(({ value }) => value === model);
	const tier = tierOf(resolution);
	if (!known) return { unknown: `Model "${String(model)}" has no known price` };
	if (tier === undefined)
		return { unknown: `Resolution "${String(resolution)}" has no known price` };
	return { usd: roundUsd(known.pricesPerSecondUsd[TIERS.indexOf(tier)] * seconds), isExact };
}
