import type { ResultFile } from '../media/download';
import { fps, fpsForAudio } from './fields/frameRate';
import {
	duration,
	extensionContext,
	extensionDuration,
	retakeDuration,
	retakeStart,
} from './fields/length';
import { audio, image, imageForAudio, lastFrame, videoField } from './fields/media';
import { extensionMode, retakeMode } from './fields/mode';
import { audioModel, editingModel, model, reframeModel } from './fields/model';
import { prompt, promptForAudio, promptForExtension, promptForRetake } from './fields/prompt';
import {
	reframeResolution,
	resolution,
	resolutionOfImage,
	resolutionOrAutomatic,
	retakeResolution,
} from './fields/resolution';
import { cameraMotion, generateAudio } from './fields/soundAndCamera';
import type { Field } from './fields/kinds';
import { isMp4, isZip } from '../media/fileTypes';
import {
	allOf,
	fitsHdr,
	hasFramesFrom,
	hasFramesUpTo,
	isUpTo4k,
	isWideOrTall,
	lastsUpTo,
} from '../media/limits';
import {
	AUDIO_MODELS,
	describeCombinations,
	describeModels,
	EDITING_MODELS,
	estimateAudioCostUsd,
	estimateCostUsd,
} from './models';
import {
	contextFitsDuration,
	lastFrameNeedsImage,
	needsPromptOrImage,
	noAutoDurationWithLastFrame,
	type Rule,
} from './rules';

/** One endpoint of the API: everything that the node knows of it. */
export interface Endpoint {
	/** As in `POST /v2/{path}`. */
	path: string;
	/** As the user reads it in the Resource menu. */
	name: string;
	/** As in "Submit an image to video job". */
	aJob: string;
	/** In the order in which they are shown. */
	fields: Field[];
	/** What must hold between the fields. */
	rules?: Rule[];
	/** The label under which `result` holds the URL of the finished file. */
	resultKey: string;
	resultFile: ResultFile;
	/** The documented values, to go with an error about unsupported ones. */
	describeDocumented?(body: Record<string, unknown>): string;
	/** Estimated price of one job in US dollars. `undefined` or left out: it is not known. */
	estimateCostUsd?(body: Record<string, unknown>): number | undefined;
}

const MP4: ResultFile = {
	noun: 'video',
	name: 'an MP4 video',
	extension: 'mp4',
	mimeType: 'video/mp4',
	matches: isMp4,
};

const ZIP: ResultFile = {
	noun: 'frames',
	name: 'a ZIP archive',
	extension: 'zip',
	mimeType: 'application/zip',
	matches: isZip,
};

/** The `resource` that is no endpoint: files that are uploaded for any number of jobs. */
export const FILE_RESOURCE = 'file';

/** Every endpoint, by the value of the node's `resource` parameter. The first is the default. */
export const ENDPOINTS: Record<string, Endpoint> = {
	imageToVideo: {
		path: 'image-to-video',
		name: 'Image to Video',
		aJob: 'an image to video job',
		fields: [
			image,
			prompt,
			model,
			resolutionOfImage,
			duration,
			cameraMotion,
			fps,
			generateAudio,
			lastFrame,
		],
		rules: [noAutoDurationWithLastFrame],
		resultKey: 'video_url',
		resultFile: MP4,
		describeDocumented: describeCombinations,
		estimateCostUsd,
	},
	textToVideo: {
		path: 'text-to-video',
		name: 'Text to Video',
		aJob: 'a text to video job',
		fields: [prompt, model, resolution, duration, cameraMotion, fps, generateAudio],
		resultKey: 'video_url',
		resultFile: MP4,
		describeDocumented: describeCombinations,
		estimateCostUsd,
	},
	audioToVideo: {
		path: 'audio-to-video',
		name: 'Audio to Video',
		aJob: 'an audio to video job',
		fields: [
			audio,
			imageForAudio,
			promptForAudio,
			audioModel,
			resolutionOrAutomatic,
			cameraMotion,
			fpsForAudio,
			lastFrame,
		],
		rules: [needsPromptOrImage, lastFrameNeedsImage],
		resultKey: 'video_url',
		resultFile: MP4,
		describeDocumented: () => describeModels(AUDIO_MODELS),
		estimateCostUsd: estimateAudioCostUsd,
	},
	retake: {
		path: 'retake',
		name: 'Retake',
		aJob: 'a retake job',
		fields: [
			videoField(
				'At least 73 frames (3 seconds at 24 frames per second), at most 4K. LTX charges each second of the whole video.',
				allOf(hasFramesFrom(73), isUpTo4k),
			),
			retakeStart,
			retakeDuration,
			promptForRetake,
			retakeMode,
			editingModel,
			retakeResolution,
		],
		resultKey: 'video_url',
		resultFile: MP4,
		describeDocumented: () => describeModels(EDITING_MODELS),
	},
	extend: {
		path: 'extend',
		name: 'Extend',
		aJob: 'an extend job',
		fields: [
			videoField(
				'16:9 or 9:16, at least 73 frames (3 seconds at 24 frames per second), at most 4K',
				allOf(isWideOrTall, hasFramesFrom(73), isUpTo4k),
			),
			extensionDuration,
			promptForExtension,
			extensionMode,
			editingModel,
			extensionContext,
		],
		rules: [contextFitsDuration],
		resultKey: 'video_url',
		resultFile: MP4,
		describeDocumented: () => describeModels(EDITING_MODELS),
	},
	videoToVideoHdr: {
		path: 'video-to-video-hdr',
		name: 'Video to HDR',
		aJob: 'a video to HDR job',
		fields: [
			videoField(
				'At most 181 frames at 1080p, 101 at 1440p, 41 at 4K (7, 4 and 1.7 seconds at 24 frames per second). Each second is charged.',
				fitsHdr,
			),
		],
		resultKey: 'exr_frames_url',
		resultFile: ZIP,
	},
	videoToVideoReframe: {
		path: 'video-to-video-reframe',
		name: 'Reframe',
		aJob: 'a reframe job',
		fields: [
			videoField(
				'At most 60 seconds and 1800 frames. Each second is charged.',
				allOf(lastsUpTo(60), hasFramesUpTo(1800)),
			),
			reframeResolution,
			reframeModel,
		],
		resultKey: 'video_url',
		resultFile: MP4,
	},
};
