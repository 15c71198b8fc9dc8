import type { INodeParameters } from 'n8n-workflow';

import { movieOf, type Movie } from '../../tools/samples/movie';
import { REQUESTS, withFiles } from './requests';
import { PNG, sample } from '../../tools/samples/samples';
import { useLtx } from './useLtx';

describe.each(['filesystem', 'default'] as const)('files in mode %s', (binaryMode) => {
	const ltx = useLtx({ binaryMode });

	const submit = async (resource: string, files: Record<string, Buffer>) => {
		const parameters: INodeParameters = {
			resource,
			...withFiles(REQUESTS[resource]),
			operation: 'submit',
		};
		return await ltx.run({
			parameters,
			items: [{ binary: await ltx.files(files) }],
		});
	};

	it.each<[string, Movie, RegExp]>([
		[
			'retake',
			{ frames: 48 },
			/"video" holds a file that has 48 frames, but LTX takes at least 73/,
		],
		['retake', { width: 4096, height: 2304 }, /has 4096x2304 pixels, but LTX takes at most 4K/],
		['extend', { frames: 20 }, /has 20 frames/],
		[
			'extend',
			{ width: 1080, height: 1080 },
			/has the shape 1080x1080, but LTX takes 16:9 or 9:16/,
		],
		['videoToVideoHdr', { frames: 200 }, /has 200 frames, but LTX takes at most 181/],
		['videoToVideoHdr', { frames: 150, width: 2560, height: 1440 }, /at most 101/],
		['videoToVideoHdr', { frames: 60, width: 3840, height: 2160 }, /at most 41/],
		['videoToVideoReframe', { seconds: 75 }, /lasts 75 s, but LTX takes at most 60 s/],
		['videoToVideoReframe', { seconds: 50, frames: 3000 }, /has 3000 frames, but.*at most 1800/],
	])('are refused before any call for %s: %j', async (resource, movie, message) => {
		const { error } = await submit(resource, { video: movieOf(movie) });
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(/^Cut or convert the file first/);
		expect(ltx.server.requests).toEqual([]);
	});

	it.each<[string, Movie]>([
		['retake', { frames: 73, width: 3840, height: 2160 }],
		['extend', { width: 720, height: 1280 }],
		['extend', { width: 1920, height: 1080, isTurned: true }],
		['extend', { width: 1920, height: 1088 }],
		['videoToVideoHdr', { frames: 181 }],
		['videoToVideoReframe', { seconds: 60.04, frames: 1801, width: 500, height: 500 }],
		['videoToVideoReframe', { seconds: 0, frames: 0, contentBytes: 200_000 }],
	])('are sent for %s: %j', async (resource, movie) => {
		const { error } = await submit(resource, { video: movieOf(movie) });
		expect(error).toBeUndefined();
		expect(ltx.server.jobs).toHaveLength(1);
	});

	it('are taken for sound by what they hold, whatever the brand of their container', async () => {
		const sound = sample('sound-in-mp4.m4a');
		const { error } = await submit('audioToVideo', { audio: sound, image: PNG });
		expect(error).toBeUndefined();
		const uri = String(ltx.server.jobs[0].body.audio_uri);
		expect(ltx.server.files.get(uri)?.contentType).toBe('audio/mp4');
		const wrong = await submit('audioToVideo', { audio: movieOf(), image: PNG });
		expect(wrong.error?.message).toMatch(/"audio" holds an MP4 video, but LTX takes MP3, M4A/);
	});

	it('are refused when a sound is shorter than LTX takes', async () => {
		const { error } = await submit('audioToVideo', { audio: sample('sound.m4a'), image: PNG });
		expect(error?.message).toMatch(/"audio" holds a file that lasts 0\.3 s, but.*at least 2 s/);
		expect(ltx.server.requests).toEqual([]);
	});
});
