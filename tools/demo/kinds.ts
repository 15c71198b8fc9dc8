import { join } from 'node:path';

import type { INodeParameters } from 'n8n-workflow';

import { AUDIO, IMAGE, VIDEO, type MediaKind } from '../../nodes/LtxVideo/media/kinds';
import { REPOSITORY } from '../engine/paths';

/** One thing to try: `npm run demo -- <kind> [file] [prompt]`. */
export interface DemoKind {
	parameters: INodeParameters;
	/** The file that it takes, if it takes one. */
	file?: {
		label: string;
		kinds: MediaKind[];
		sample: string;
		/** Stem of the parameters that take it as a text: `image` for `imageUri`; none for an upload. */
		urlField?: string;
		/** Suits any file; used with one of the user's own that came without a prompt. */
		neutralPrompt?: string;
	};
	/** Suits the sample; left out where no prompt is taken. */
	prompt?: string;
}

const LIGHTHOUSE = join(REPOSITORY, 'examples', 'lighthouse.png');
const WAVES = join(REPOSITORY, 'examples', 'waves.mp3');
const SAMPLE_VIDEO = join(REPOSITORY, 'tools', 'ltx-server', 'sample.mp4');

/** As large as LTX's partners want it for Upscale. */
const LARGER_VIDEO = join(REPOSITORY, 'tools', 'samples', 'video-480p.mp4');

const VIDEO_FILE = { label: 'video', kinds: [VIDEO], sample: SAMPLE_VIDEO, urlField: 'video' };
const FROM_FILE = { videoSource: 'binary' };

export const DEMO_KINDS: Record<string, DemoKind> = {
	image: {
		parameters: {
			resource: 'imageToVideo',
			imageSource: 'binary',
			model: 'ltx-2-3-fast',
			resolution: 'match720p',
			duration: 6,
		},
		file: {
			label: 'image',
			kinds: [IMAGE],
			sample: LIGHTHOUSE,
			urlField: 'image',
			neutralPrompt: 'The camera slowly moves closer, everything moves gently',
		},
		prompt: 'Waves roll in below the lighthouse, its light turns slowly, wind and gulls',
	},
	text: {
		parameters: {
			resource: 'textToVideo',
			model: 'ltx-2-3-fast',
			resolution: '1280x720',
			duration: 6,
		},
		prompt: 'A lighthouse on a cliff in the evening, waves roll in, wind and gulls',
	},
	audio: {
		parameters: { resource: 'audioToVideo', audioSource: 'binary' },
		file: {
			label: 'sound',
			kinds: [AUDIO],
			sample: WAVES,
			urlField: 'audio',
			neutralPrompt: 'A scene that goes with the sound',
		},
		prompt: 'Waves roll onto a beach',
	},
	retake: {
		parameters: { resource: 'retake', ...FROM_FILE, startTime: 0, duration: 2 },
		file: { ...VIDEO_FILE, neutralPrompt: 'The light turns warm and golden' },
		prompt: 'The sky turns red',
	},
	extend: {
		parameters: { resource: 'extend', ...FROM_FILE, duration: 4 },
		file: { ...VIDEO_FILE, neutralPrompt: 'The scene goes on as it began' },
		prompt: 'The camera rises above the clouds',
	},
	hdr: {
		parameters: { resource: 'videoToVideoHdr', ...FROM_FILE },
		file: VIDEO_FILE,
	},
	reframe: {
		parameters: { resource: 'videoToVideoReframe', ...FROM_FILE, resolution: '1080x1080' },
		file: VIDEO_FILE,
	},
	upscale: {
		parameters: { resource: 'videoUpscale', ...FROM_FILE, resolution: '1080p' },
		file: { ...VIDEO_FILE, sample: LARGER_VIDEO },
	},
	cutout: {
		parameters: { resource: 'videoAlphaGen', ...FROM_FILE },
		file: VIDEO_FILE,
	},
	upload: {
		parameters: { resource: 'file', operation: 'upload' },
		file: { label: 'file', kinds: [IMAGE, VIDEO, AUDIO], sample: LIGHTHOUSE },
	},
};
