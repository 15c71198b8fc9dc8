import { unzipSync } from 'fflate';
import { BufferSource, Input, MP4 } from 'mediabunny';

import { SAMPLE_FRAMES, SAMPLE_MP4 } from '../../../nodes/LtxVideo/sample/files';

const bytesOf = (base64: string) => Buffer.from(base64, 'base64');

describe('the video', () => {
	const bytes = bytesOf(SAMPLE_MP4);

	it('is an MP4 of a few seconds that everything plays, with picture and sound', async () => {
		const input = new Input({ source: new BufferSource(bytes), formats: [MP4] });
		const video = await input.getPrimaryVideoTrack();
		const audio = await input.getPrimaryAudioTrack();

		// High Profile, with 4:2:0 and 8 bits.
		expect(await video?.getCodecParameterString()).toMatch(/^avc1\.6400/);
		expect([video?.displayWidth, video?.displayHeight]).toEqual([480, 480]);
		expect(await video?.computePacketStats()).toMatchObject({
			packetCount: 96,
			averagePacketRate: 24,
		});
		expect(await audio?.getCodecParameterString()).toBe('mp4a.40.2');
		expect(await input.computeDuration()).toBeCloseTo(4, 1);
	});

	it('can be played before all of it has come', () => {
		expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
	});

	it('is small', () => {
		expect(bytes.length).toBeLessThan(6_000);
	});
});

describe('the frames', () => {
	const bytes = bytesOf(SAMPLE_FRAMES);

	it('are a small ZIP archive with one EXR image', () => {
		const entries = Object.entries(unzipSync(bytes));

		expect(entries.map(([name]) => name)).toEqual(['frame_0001.exr']);
		expect(bytes.length).toBeLessThan(6_000);
	});

	it('have a header that says RGB of 160 by 160 pixels', () => {
		const image = Buffer.from(unzipSync(bytes)['frame_0001.exr']);
		/** The value of an attribute, which stands behind its name, its type and its length. */
		const valueOf = (name: string, type: string) => {
			const start = image.indexOf(`${name}\0${type}\0`) + name.length + type.length + 2;
			return image.subarray(start + 4, start + 4 + image.readUInt32LE(start));
		};
		const [left, top, right, bottom] = [0, 4, 8, 12].map((place) =>
			valueOf('dataWindow', 'box2i').readInt32LE(place),
		);

		expect(image.readUInt32LE(0)).toBe(20_000_630);
		expect(image.readUInt32LE(4)).toBe(2);
		expect([left, top, right, bottom]).toEqual([0, 0, 159, 159]);
		expect(valueOf('channels', 'chlist').toString('latin1')).toMatch(/^B\0[^]{16}G\0[^]{16}R\0/);
	});
});
