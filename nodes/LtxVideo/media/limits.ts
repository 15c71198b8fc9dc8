import type { MediaLimit } from './kinds';

/*
 * What endpoints ask of videos and sound, as the LTX API documentation had it on 2026-09-27. What
 * a file does not tell, and what is over a limit by a hair, is left to the API.
 */

const TOLERANCE = 0.02;

const isOver = (value: number | undefined, most: number) =>
	value !== undefined && value > most * (1 + TOLERANCE);
const isUnder = (value: number | undefined, least: number) =>
	value !== undefined && value < least * (1 - TOLERANCE);

const inSeconds = (seconds: number | undefined) => `${Math.round(Number(seconds) * 10) / 10} s`;

/** The first of the limits that a file breaks. */
export function allOf(...limits: MediaLimit[]): MediaLimit {
	return (facts) =>
		limits.reduce<string | undefined>((problem, limit) => problem ?? limit(facts), undefined);
}

export function lastsFrom(least: number): MediaLimit {
	return ({ seconds }) =>
		isUnder(seconds, least)
			? `lasts ${inSeconds(seconds)}, but LTX takes at least ${least} s here`
			: undefined;
}

export function lastsUpTo(most: number): MediaLimit {
	return ({ seconds }) =>
		isOver(seconds, most)
			? `lasts ${inSeconds(seconds)}, but LTX takes at most ${most} s here`
			: undefined;
}

export function hasFramesFrom(least: number): MediaLimit {
	return ({ frames }) =>
		isUnder(frames, least)
			? `has ${frames} frames, but LTX takes at least ${least} here`
			: undefined;
}

export function hasFramesUpTo(most: number): MediaLimit {
	return ({ frames }) =>
		isOver(frames, most) ? `has ${frames} frames, but LTX takes at most ${most} here` : undefined;
}

const UHD_PIXELS = 3840 * 2160;

export const isUpTo4k: MediaLimit = ({ width = 0, height = 0 }) =>
	isOver(width * height, UHD_PIXELS)
		? `has ${width}x${height} pixels, but LTX takes at most 4K (3840x2160) here`
		: undefined;

const WIDE = 16 / 9;

/** 16:9 or 9:16. */
export const isWideOrTall: MediaLimit = ({ width, height }) => {
	if (!width || !height) return undefined;
	const ratio = Math.max(width, height) / Math.min(width, height);
	return isOver(ratio, WIDE) || isUnder(ratio, WIDE)
		? `has the shape ${width}x${height}, but LTX takes 16:9 or 9:16 here`
		: undefined;
};

/** The larger the picture, the fewer frames. */
const HDR_TIERS = [
	{ pixels: 1920 * 1080, frames: 181 },
	{ pixels: 2560 * 1440, frames: 101 },
	{ pixels: UHD_PIXELS, frames: 41 },
];

export const fitsHdr: MediaLimit = (facts) => {
	const { width, height } = facts;
	const pixels = Number(width) * Number(height);
	const tier = HDR_TIERS.find((entry) => pixels <= entry.pixels * (1 + TOLERANCE));
	return isUpTo4k(facts) ?? (tier && hasFramesUpTo(tier.frames)(facts));
};
