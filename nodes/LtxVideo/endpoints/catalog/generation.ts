import type { Draft } from '../endpoint';
import { DOCUMENTED_ON, listModels, MODELS, priceOfSeconds } from './models';
import type { Price } from './prices';
import { ABOVE_FULL_HD } from './sizes';

/*
 * What image to video and text to video have in common beside fields.
 */

/** Listed by the vendor's own clients and by partners for some models; LTX documents 6 s and more. */
export const FEW_SECONDS = [2, 3, 4, 5] as const;
export const DURATIONS = [6, 8, 10, 12, 14, 16, 18, 20] as const;
/** Documented for every model, size and frame rate. */
export const SHORT_DURATIONS = DURATIONS.filter((seconds) => seconds <= 10);

export const FPS = [24, 25, 48, 50] as const;
const LOW_FPS = FPS.filter((rate) => rate <= 25);

/** The documented combinations of the chosen model. */
export function describeCombinations(body: Record<string, unknown>): string {
	const model = MODELS.find(({ value }) => value === body.model);
	if (!model) return `LTX documents (${DOCUMENTED_ON}) the ${listModels(MODELS)}.`;
	const auto = model.takesAutoDuration ? ' or auto (not with a last frame)' : '';
	const short = `${SHORT_DURATIONS.join(', ')} s${auto} at 720p, 1080p, 1440p or 4K with ${FPS.join(', ')} frames per second`;
	const long = model.documentsLongVideos
		? `, and up to ${DURATIONS.at(-1)} s in steps of 2 at 720p or 1080p with ${LOW_FPS.join(' or ')}`
		: '';
	return `LTX documents for ${model.value} (${DOCUMENTED_ON}): ${short}${long}.`;
}

/** Each second of the finished video. An automatic duration counts as the longest documented. */
export function priceOfGeneration({ body }: Draft): Price {
	const model = MODELS.find(({ value }) => value === body.model);
	const isLong =
		model?.documentsLongVideos &&
		!ABOVE_FULL_HD.includes(String(body.resolution)) &&
		!(Number(body.fps ?? 0) > Math.max(...LOW_FPS));
	const longest = Math.max(...(isLong ? DURATIONS : SHORT_DURATIONS));
	const isAutomatic = body.duration === null;
	return priceOfSeconds(
		MODELS,
		{ model: body.model, resolution: body.resolution },
		{ seconds: isAutomatic ? longest : Number(body.duration), isExact: !isAutomatic },
	);
}
