import type { INodeParameters } from 'n8n-workflow';

import type { EndpointPath } from '../../tools/ltx-server/contract';
import { GOOD_REQUEST } from '../../tools/engine/runNode';
import { PNG, sample, WAVES } from '../../tools/samples/samples';

/** A good request of one resource, and all that may be added to it. */
export interface RequestSample {
	endpoint: EndpointPath;
	/** Every file by address. */
	parameters: INodeParameters;
	/** What the API gets for `parameters`. */
	body: Record<string, unknown>;
	/** Every other parameter that the resource has, and what the API gets for it. */
	more?: { parameters: INodeParameters; body: Record<string, unknown> };
	/** The label of its first result; default `video_url`. */
	result?: string;
	/** By the parameter stem of each file field: a file for it. */
	files: Record<string, Buffer>;
}

const VIDEO_URI = 'https://videos.example.com/harbor.mp4';
const video = { videoSource: 'url', videoUri: VIDEO_URI };

/** By the value of the node's `resource` parameter. */
export const REQUESTS: Record<string, RequestSample> = {
	imageToVideo: {
		endpoint: 'image-to-video',
		parameters: GOOD_REQUEST,
		body: {
			image_uri: 'https://images.example.com/lighthouse.png',
			prompt: 'Waves roll in',
			model: 'ltx-2-3-fast',
			duration: 6,
			resolution: '1280x720',
		},
		more: {
			parameters: {
				additionalFields: {
					fps: 25,
					generateAudio: false,
					cameraMotion: 'jib_up',
					lastFrameSource: 'url',
					lastFrameUri: 'https://images.example.com/night.png',
				},
			},
			body: {
				fps: 25,
				generate_audio: false,
				camera_motion: 'jib_up',
				last_frame_uri: 'https://images.example.com/night.png',
			},
		},
		files: { image: PNG },
	},
	textToVideo: {
		endpoint: 'text-to-video',
		parameters: {
			prompt: 'A lighthouse at night',
			model: 'ltx-2-5-pro',
			duration: 8,
			resolution: '1080x1920',
		},
		body: {
			prompt: 'A lighthouse at night',
			model: 'ltx-2-5-pro',
			duration: 8,
			resolution: '1080x1920',
		},
		more: {
			parameters: {
				duration: 'auto',
				additionalFields: { fps: 48, generateAudio: true, cameraMotion: 'static' },
			},
			body: { duration: null, fps: 48, generate_audio: true, camera_motion: 'static' },
		},
		files: {},
	},
	audioToVideo: {
		endpoint: 'audio-to-video',
		parameters: {
			audioSource: 'url',
			audioUri: 'https://sounds.example.com/song.mp3',
			prompt: 'A singer on a small stage',
		},
		body: {
			audio_uri: 'https://sounds.example.com/song.mp3',
			prompt: 'A singer on a small stage',
			model: 'ltx-2-3-pro',
		},
		more: {
			parameters: {
				imageSource: 'url',
				imageUri: 'https://images.example.com/stage.png',
				model: 'ltx-2-5-fast',
				resolution: '1080x1920',
				additionalFields: {
					fps: 50,
					cameraMotion: 'dolly_in',
					lastFrameSource: 'url',
					lastFrameUri: 'https://images.example.com/night.png',
				},
			},
			body: {
				image_uri: 'https://images.example.com/stage.png',
				model: 'ltx-2-5-fast',
				resolution: '1080x1920',
				fps: 50,
				camera_motion: 'dolly_in',
				last_frame_uri: 'https://images.example.com/night.png',
			},
		},
		files: { audio: WAVES, image: PNG },
	},
	retake: {
		endpoint: 'retake',
		parameters: { ...video, startTime: 0, duration: 2.5 },
		body: {
			video_uri: VIDEO_URI,
			start_time: 0,
			duration: 2.5,
			mode: 'replace_audio_and_video',
			model: 'ltx-2-3-pro',
		},
		more: {
			parameters: {
				startTime: 1.25,
				prompt: 'The boat turns',
				mode: 'replace_video',
				additionalFields: { resolution: '1080x1920' },
			},
			body: {
				start_time: 1.25,
				prompt: 'The boat turns',
				mode: 'replace_video',
				resolution: '1080x1920',
			},
		},
		files: { video: sample('video.mov') },
	},
	extend: {
		endpoint: 'extend',
		parameters: { ...video, duration: 4 },
		body: { video_uri: VIDEO_URI, duration: 4, mode: 'end', model: 'ltx-2-3-pro' },
		more: {
			parameters: {
				prompt: 'The camera rises',
				mode: 'start',
				additionalFields: { context: 3 },
			},
			body: { prompt: 'The camera rises', mode: 'start', context: 3 },
		},
		files: { video: sample('video.mkv') },
	},
	videoToVideoHdr: {
		endpoint: 'video-to-video-hdr',
		parameters: video,
		body: { video_uri: VIDEO_URI },
		more: {
			parameters: { additionalFields: { outputColorspace: 'srgb_linear' } },
			body: { output_colorspace: 'srgb_linear' },
		},
		files: { video: sample('video.mov') },
		result: 'exr_frames_url',
	},
	videoToVideoReframe: {
		endpoint: 'video-to-video-reframe',
		parameters: { ...video, resolution: '720x900' },
		body: { video_uri: VIDEO_URI, resolution: '720x900', model: 'ltx-2-3-pro' },
		more: {
			parameters: { additionalFields: { placement: 'top_left' } },
			body: { placement: { anchor: 'top_left' } },
		},
		files: { video: sample('video.mp4') },
	},
	videoUpscale: {
		endpoint: 'video-upscale',
		parameters: video,
		body: { video_uri: VIDEO_URI, resolution: '4k' },
		more: { parameters: { resolution: '8k' }, body: { resolution: '8k' } },
		files: { video: sample('video-480p.mp4') },
	},
	videoAlphaGen: {
		endpoint: 'video-alpha-gen',
		parameters: video,
		body: { video_uri: VIDEO_URI },
		files: { video: sample('video.mkv') },
		result: 'prores_url',
	},
	otherEndpoint: {
		endpoint: 'video-upscale',
		parameters: {
			endpointPath: 'video-upscale',
			requestBody: JSON.stringify({ video_uri: VIDEO_URI, resolution: '4k' }),
		},
		body: { video_uri: VIDEO_URI, resolution: '4k' },
		more: {
			parameters: { requestBody: { video_uri: VIDEO_URI, resolution: '8k' } },
			body: { resolution: '8k' },
		},
		files: { video: sample('video-480p.mp4') },
	},
};

/** The same request with every file from a binary field of its own name. */
export function withFiles({ parameters, files }: RequestSample): INodeParameters {
	if (parameters === REQUESTS.otherEndpoint.parameters) {
		const file = Object.keys(files).map((name) => ({
			apiField: `${name}_uri`,
			binaryProperty: name,
		}));
		return { ...parameters, requestBody: { resolution: '4k' }, files: { file } };
	}
	return Object.keys(files).reduce<INodeParameters>(
		(changed, name) => ({
			...changed,
			[`${name}Source`]: 'binary',
			[`${name}BinaryProperty`]: name,
		}),
		parameters,
	);
}
