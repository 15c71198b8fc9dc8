export interface Tier {
	name: string;
	landscape: string;
	portrait: string;
	/** The `resolution` option that follows the image. */
	match: string;
}

/** The sizes of a video. */
export const TIERS: readonly Tier[] = [
	{ name: '720p', landscape: '1280x720', portrait: '720x1280', match: 'match720p' },
	{ name: '1080p', landscape: '1920x1080', portrait: '1080x1920', match: 'match1080p' },
	{ name: '1440p', landscape: '2560x1440', portrait: '1440x2560', match: 'match1440p' },
	{ name: '4K', landscape: '3840x2160', portrait: '2160x3840', match: 'match2160p' },
];

export const [, FULL_HD] = TIERS;
export const { landscape: fullHdLandscape, match: fullHdMatch } = FULL_HD;

/** The size of a video by its value in a request. */
export function tierOf(resolution: unknown): Tier | undefined {
	return TIERS.find(
		({ landscape, portrait }) => landscape === resolution || portrait === resolution,
	);
}

/** `resolution` options above Full HD. */
export const ABOVE_FULL_HD: string[] = TIERS.slice(TIERS.indexOf(FULL_HD) + 1).flatMap(
	({ landscape, portrait, match }) => [landscape, portrait, match],
);
