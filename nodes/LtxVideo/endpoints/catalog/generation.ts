import type { Draft } from '../endpoint';
import { DOCUMENTED_ON, listModels, MODELS, priceOfSeconds, type Model } from './models';
import type { Price } from './prices';
import { ABOVE_FULL_HD, tierOf } from './sizes';

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

/** Whether long videos are documented for these values. */
function isLongListed(model: Model | undefined, { resolution, fps }: Record<string, unknown>) {
	const isSmall = !ABOVE_FULL_HD.includes(String(resolution));
	return model?.documentsLongVideos && isSmall && !(Number(fps ?? 0) > Math.max(...LOW_FPS));
}

function isListed(model: Model, body: Record<string, unknown>): boolean {
	const { duration, fps, last_frame_uri, resolution } = body;
	const isFrameRateListed = fps === undefined || FPS.some((rate) => rate === fps);
	if (tierOf(resolution) === undefined || !isFrameRateListed) return false;
	if (duration === null) return model.takesAutoDuration && last_frame_uri === undefined;
	const listed = isLongListed(model, body) ? DURATIONS : SHORT_DURATIONS;
	return listed.some((seconds) => seconds === duration);
}

/**
 * The documented combinations of the chosen model; nothing where the request is one of them, since
 * LTX has then refused something else, or what it takes has changed.
 */
export function describeCombinations(body: Record<string, unknown>): string | undefined {
	const model = MODELS.find(({ value }) => value === body.model);
	if (!model) return `LTX documents (${DOCUMENTED_ON}) the ${listModels(MODELS)}.`;
	if (isListed(model, body)) return undefined;
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
	const longest = Math.max(...(isLongListed(model, body) ? DURATIONS : SHORT_DURATIONS));
	const isAutomatic = body.duration === null;
	return priceOfSeconds(
		MODELS,
		{ model: body.model, resolution: body.resolution },
		{ seconds: isAutomatic ? longest : Number(body.duration), isExact: !isAutomatic },
	);
}
