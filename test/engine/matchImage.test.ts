import type { INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';

import { GOOD_REQUEST } from '../../tools/engine/runNode';
import { useLtx } from './useLtx';

type Format = 'png' | 'jpeg' | 'webp';

/** A real picture by a real encoder. EXIF orientations 5 to 8 lie on their side. */
async function picture(
	width: number,
	height: number,
	format: Format,
	{ orientation, lossless = false }: { orientation?: number; lossless?: boolean } = {},
): Promise<Buffer> {
	const image = sharp({ create: { width, height, channels: 3, background: '#5b2be0' } });
	const described = orientation ? image.withMetadata({ orientation }) : image;
	return await described.toFormat(format, format === 'webp' ? { lossless } : {}).toBuffer();
}

describe('a resolution that follows the image', () => {
	const ltx = useLtx();
	const MATCHING: INodeParameters = { ...GOOD_REQUEST, operation: 'submit', imageSource: 'binary' };
	const resolutionFor = async (bytes: Buffer, resolution = 'match1080p') => {
		const { error } = await ltx.run({
			parameters: { ...MATCHING, resolution },
			items: [{ binary: { data: await ltx.file(bytes) } }],
		});
		return error?.message ?? ltx.server.jobs[0].body.resolution;
	};

	it.each([
		['match720p', '1280x720', '720x1280'],
		['match1080p', '1920x1080', '1080x1920'],
		['match1440p', '2560x1440', '1440x2560'],
		['match2160p', '3840x2160', '2160x3840'],
	])('%s is %s, and %s for a portrait', async (resolution, landscape, portrait) => {
		expect(await resolutionFor(await picture(40, 30, 'png'), resolution)).toBe(landscape);
		ltx.server.jobs.length = 0;
		expect(await resolutionFor(await picture(30, 40, 'png'), resolution)).toBe(portrait);
	});

	it.each<[Format, boolean]>([
		['png', false],
		['jpeg', false],
		['webp', false],
		['webp', true],
	])(
		'reads the size of a %s file (lossless: %s), with every EXIF orientation',
		async (format, lossless) => {
			for (const orientation of [undefined, 1, 2, 3, 4, 5, 6, 7, 8]) {
				ltx.server.jobs.length = 0;
				const lies = (orientation ?? 1) >= 5;
				const bytes = await picture(300, 200, format, { orientation, lossless });
				expect([orientation, await resolutionFor(bytes)]).toEqual([
					orientation,
					lies ? '1080x1920' : '1920x1080',
				]);
			}
		},
	);

	it('is landscape for a square', async () => {
		expect(await resolutionFor(await picture(50, 50, 'jpeg'))).toBe('1920x1080');
	});

	it.each<[string, () => Promise<Buffer>]>([
		['cut PNG', async () => (await picture(9, 16, 'png')).subarray(0, 18)],
		['cut JPEG', async () => (await picture(9, 16, 'jpeg')).subarray(0, 40)],
		['cut WEBP', async () => (await picture(9, 16, 'webp')).subarray(0, 17)],
	])('is refused for a %s, whose size cannot be read', async (_name, bytes) => {
		expect(await resolutionFor(await bytes())).toMatch(/width and height cannot be read/);
		expect(ltx.server.requests).toEqual([]);
	});

	it('is refused for an image from an address', async () => {
		const { error } = await ltx.run({
			parameters: { ...MATCHING, imageSource: 'url', resolution: '={{ "match720p" }}' },
		});
		expect(error?.message).toMatch(/follows the image needs an image from a binary field/);
		expect(ltx.server.requests).toEqual([]);
	});

	it('counts for the estimated cost', async () => {
		const { items } = await ltx.run({
			parameters: { ...MATCHING, resolution: 'match2160p' },
			items: [{ binary: { data: await ltx.file(await picture(30, 40, 'png')) } }],
		});
		expect(items[0].json.estimated_cost_usd).toBe(1.44);
	});
});
