import {
	BufferSource,
	Input,
	MATROSKA,
	MP3,
	MP4,
	OGG,
	QTFF,
	WAVE,
	type InputFormat,
} from 'mediabunny';

/** What a sound or a video is; left out is what could not be read. */
export interface MediaFacts {
	seconds?: number;
	/** `none` where the file holds only the other kind of track, or a codec that nobody knows. */
	codec?: string;
	frames?: number;
	fps?: number;
	/** As players show it. */
	width?: number;
	height?: number;
}

/** The containers that LTX takes. */
const FORMATS: Record<'audio' | 'video', InputFormat[]> = {
	audio: [MP3, WAVE, MP4, OGG],
	video: [MP4, QTFF, MATROSKA],
};

/**
 * Reads a file. One that begins as it should and is broken further on, or whose codec the reader
 * does not know (ADPCM in WAV), gives no facts, so that tests may mark, cut and make up files.
 *
 * @returns undefined if LTX takes no such container
 */
export async function readMedia(
	kind: 'audio' | 'video',
	bytes: Buffer,
): Promise<MediaFacts | undefined> {
	const input = new Input({ source: new BufferSource(bytes), formats: FORMATS[kind] });
	try {
		if (!(await input.canRead())) return undefined;
		const tracks = await input.getTracks();
		if (tracks.length === 0) return {};
		const track = tracks.find(({ type }) => type === kind);
		const facts = { seconds: await input.computeDuration(), codec: track?.codec ?? 'none' };
		if (!track?.isVideoTrack()) return facts;
		const { packetCount, averagePacketRate } = await track.computePacketStats();
		// A header without a table of frames, as in a file that was cut.
		if (packetCount === 0) return {};
		return {
			...facts,
			frames: packetCount,
			fps: averagePacketRate,
			width: track.displayWidth,
			height: track.displayHeight,
		};
	} catch {
		return {};
	} finally {
		input.dispose();
	}
}
