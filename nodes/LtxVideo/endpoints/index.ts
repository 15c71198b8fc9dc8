import { audioToVideo } from './audioToVideo';
import type { Endpoint } from './endpoint';
import { extend } from './extend';
import { imageToVideo } from './imageToVideo';
import { otherEndpoint } from './otherEndpoint';
import { retake } from './retake';
import { textToVideo } from './textToVideo';
import { videoAlphaGen } from './videoAlphaGen';
import { videoToVideoHdr } from './videoToVideoHdr';
import { videoToVideoReframe } from './videoToVideoReframe';
import { videoUpscale } from './videoUpscale';

/**
 * Every endpoint, by the value of the node's `resource` parameter, in the order of the menu. The
 * first is the default.
 */
export const ENDPOINTS: Record<string, Endpoint> = {
	imageToVideo,
	textToVideo,
	audioToVideo,
	retake,
	extend,
	videoToVideoHdr,
	videoToVideoReframe,
	videoUpscale,
	videoAlphaGen,
	otherEndpoint,
};
