import { createFile, MP4BoxBuffer } from 'mp4box';

export interface Mp4Facts {
	durationSeconds: number;
	videoTracks: number;
	audioTracks: number;
}

/** Reads what an MP4 holds. @throws if it is none */
export function readMp4(bytes: Buffer): Mp4Facts {
	const file = createFile();
	let facts: Mp4Facts | undefined;
	file.onReady = (info) => {
		facts = {
			durationSeconds: info.duration / info.timescale,
			videoTracks: info.videoTracks.length,
			audioTracks: info.audioTracks.length,
		};
	};
	file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(new Uint8Array(bytes).buffer, 0));
	file.flush();
	if (!facts) throw new Error('not a playable MP4');
	return facts;
}
