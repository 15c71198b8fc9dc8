import type { IDataObject, INodeParameters, INodePropertyOptions } from 'n8n-workflow';
import sharp from 'sharp';

import { GOOD_REQUEST, QUICK } from '../../tools/engine/runNode';
import { movieOf } from '../../tools/samples/movie';
import { at, shown } from '../unit/panel';
import { REQUESTS } from './requests';
import { useLtx } from './useLtx';

/*
 * Sheets, forms, chats and agents give shapes, qualities, units and names as people say them.
 */

const ltx = useLtx();

const picture = async (width: number, height: number) =>
	await sharp({ create: { width, height, channels: 3, background: '#5b2be0' } })
		.png()
		.toBuffer();

/** Submits with every parameter from an expression. */
async function submit(
	resource: string,
	{ additionalFields, options = {}, ...values }: INodeParameters,
	files: Record<string, Buffer> = {},
) {
	const fromItem = (given: INodeParameters) =>
		Object.fromEntries(Object.keys(given).map((name) => [name, `={{ $json["${name}"] }}`]));
	const added = (additionalFields ?? {}) as INodeParameters;
	return await ltx.run({
		parameters: {
			...{ resource, operation: 'submit' },
			...REQUESTS[resource].parameters,
			...fromItem(values),
			additionalFields: fromItem(added),
			options,
		},
		items: [{ json: { ...values, ...added } as IDataObject, binary: await ltx.files(files) }],
	});
}

describe('people’s words', () => {
	it.each<[string, INodeParameters, object, number | undefined]>([
		['imageToVideo', { resolution: '9:16' }, { resolution: '1080x1920' }, 0.36],
		['imageToVideo', { resolution: '1080p' }, { resolution: '1920x1080' }, 0.36],
		['imageToVideo', { resolution: 'portrait 4k' }, { resolution: '2160x3840' }, 1.44],
		['imageToVideo', { resolution: '1920×1080' }, { resolution: '1920x1080' }, 0.36],
		['imageToVideo', { duration: '8s' }, { duration: 8 }, 0.24],
		['imageToVideo', { duration: '8 seconds' }, { duration: 8 }, 0.24],
		['imageToVideo', { model: 'LTX 2.3 Fast' }, { model: 'ltx-2-3-fast' }, 0.18],
		['imageToVideo', { model: 'ltx-2.3-fast' }, { model: 'ltx-2-3-fast' }, 0.18],
		['imageToVideo', { imageSource: 'URL' }, { duration: 6 }, 0.18],
		[
			'imageToVideo',
			{ additionalFields: { fps: '24 fps', cameraMotion: 'Dolly In', generateAudio: 'no' } },
			{ fps: 24, camera_motion: 'dolly_in', generate_audio: false },
			0.18,
		],
		[
			'textToVideo',
			{ resolution: 'UHD', duration: 'Automatic', model: 'LTX 2.5 Fast' },
			{ resolution: '3840x2160', duration: null, model: 'ltx-2-5-fast' },
			undefined,
		],
		['audioToVideo', { resolution: 'Full HD' }, { resolution: '1920x1080' }, undefined],
		[
			'retake',
			{ mode: 'Replace Audio Only', startTime: '1 s' },
			{ mode: 'replace_audio', start_time: 1 },
			undefined,
		],
		[
			'retake',
			{ additionalFields: { resolution: '9:16' } },
			{ resolution: '1080x1920' },
			undefined,
		],
		[
			'extend',
			{ mode: 'At the Start', duration: '4 sec' },
			{ mode: 'start', duration: 4 },
			undefined,
		],
		['extend', { additionalFields: { context: '3 seconds' } }, { context: 3 }, 0.7],
		['videoToVideoReframe', { resolution: '4:5' }, { resolution: '1080x1350' }, undefined],
		[
			'videoToVideoReframe',
			{ additionalFields: { placement: 'Top Left' } },
			{ placement: { anchor: 'top_left' } },
			undefined,
		],
		['videoUpscale', { resolution: 'Full HD' }, { resolution: '1080p' }, undefined],
		[
			'videoToVideoHdr',
			{ additionalFields: { outputColorspace: 'ACEScct' } },
			{ output_colorspace: 'acescct' },
			undefined,
		],
	])('of %s: %j is sent as %j, and priced so', async (resource, given, sent, usd) => {
		const { items, error } = await submit(resource, given);

		expect(error).toBeUndefined();
		expect(ltx.server.of('submit')[0].body).toEqual({ ...REQUESTS[resource].body, ...sent });
		expect(items[0].json.estimated_cost_usd).toBe(usd);
	});

	it.each<[[number, number], string, string, number]>([
		[[30, 40], '4K', '2160x3840', 1.44],
		[[40, 30], '4K', '3840x2160', 1.44],
		[[30, 40], '720p', '720x1280', 0.18],
		[[30, 40], 'landscape', '1920x1080', 0.36],
	])('follow an image of %j where "%s" leaves the shape open', async (size, words, sent, usd) => {
		const given = { imageSource: 'Binary File', imageBinaryProperty: 'data', resolution: words };
		const { items, error } = await submit('imageToVideo', given, { data: await picture(...size) });

		expect(error).toBeUndefined();
		expect(ltx.server.jobs[0].body.resolution).toBe(sent);
		expect(items[0].json.estimated_cost_usd).toBe(usd);
	});

	it('count for the price of what is changed', async () => {
		const film = { data: movieOf({ seconds: 10, frames: 240 }) };
		const given = { videoSource: 'binary', videoBinaryProperty: 'data' };
		const priceOf = async (resolution: string) =>
			(await submit('videoToVideoReframe', { ...given, resolution }, film)).items[0].json
				.estimated_cost_usd;

		expect(await priceOf('Square 720p')).toBe(1);
		expect(await priceOf('1:1')).toBe(2);
	});

	it('count for Max Cost', async () => {
		const { error } = await submit('imageToVideo', {
			...{ resolution: 'Portrait 4K', duration: '10 s' },
			options: { maxCostUsd: 2.39 },
		});

		expect(error?.message).toMatch(/may cost USD 2\.40/);
		expect(ltx.server.requests).toEqual([]);
	});

	it.each(['720p 4K', 'portrait landscape', '480p', '1:1'])(
		'that mean nothing certain are passed on: "%s"',
		async (resolution) => {
			const { error } = await submit('textToVideo', { resolution });

			expect(ltx.server.of('submit')[0].body).toMatchObject({ resolution });
			expect(error?.message).toMatch(/^LTX refused the request: /);
		},
	);

	it.each<[string, INodeParameters, RegExp]>([
		['imageToVideo', { duration: '24 fps' }, /^Duration must be a number above 0, but is "24 fps"/],
		['imageToVideo', { additionalFields: { fps: '8s' } }, /^Frames per Second .* but is "8s"/],
		['textToVideo', { duration: '8,5' }, /but is "8,5"/],
		['textToVideo', { duration: '0 s' }, /but is "0 s"/],
	])('of %s that make no sense are refused before any call: %j', async (resource, given, why) => {
		const { error } = await submit(resource, given);

		expect(error?.message).toMatch(why);
		expect(ltx.server.requests).toEqual([]);
	});

	it('are understood in the options too', async () => {
		const menu = shown(at({}), 'options').find(({ name }) => name === 'onTimeout');
		const names = (menu?.options as INodePropertyOptions[]).map(({ name }) => name);
		expect(names).toHaveLength(2);
		for (const onTimeout of names) {
			const { items, error } = await ltx.run({
				parameters: {
					...GOOD_REQUEST,
					downloadVideo: '={{ "off" }}',
					options: { pollInterval: '0.02 s', maxWait: '0.2 min', onTimeout },
				},
			});
			expect(error).toBeUndefined();
			expect(items[0].json).toMatchObject({ status: 'completed' });
			expect(items[0].binary).toBeUndefined();
		}
	});
});

describe('an expression that gave nothing', () => {
	const json = { Idea: 'Waves', Photo: 'a.png' };

	it.each<[string, INodeParameters, string]>([
		[
			'a prompt',
			{ prompt: '={{ $json.idea }}' },
			'Prompt is empty: its expression gave nothing. The item has the fields Idea, Photo. Did you mean Idea?',
		],
		[
			'an address',
			{ imageUri: '={{ $json.picture }}' },
			'Image URL is empty: its expression gave nothing. The item has the fields Idea, Photo.',
		],
		[
			'a number',
			{ duration: '={{ $json.seconds }}' },
			'Duration must be a number above 0, but is empty: its expression gave nothing. The item has the fields Idea, Photo.',
		],
		[
			'an additional field',
			{ additionalFields: { cameraMotion: '={{ $json["photo"] }}' } },
			'Camera Motion is empty: its expression gave nothing. The item has the fields Idea, Photo. Did you mean Photo?',
		],
		[
			'an option',
			{ options: { maxConcurrency: '={{ $json.width }}' } },
			'Max Concurrency must be a number above 0, but is empty: its expression gave nothing. The item has the fields Idea, Photo.',
		],
		[
			'a field that nothing looks at',
			{ additionalFields: { lastFrameSource: '={{ "none" }}', lastFrameUri: '={{ "" }}' } },
			'Last Frame URL is empty: its expression gave nothing. The item has the fields Idea, Photo.',
		],
	])('for %s is told, with what the item has', async (_what, changes, message) => {
		const { error } = await ltx.run({
			parameters: { ...GOOD_REQUEST, operation: 'submit', ...changes },
			items: [{ json }],
		});

		expect(error?.message).toBe(message);
		expect(ltx.server.requests).toEqual([]);
	});

	it('is told of its own item, of which each has fields of its own', async () => {
		const { items } = await ltx.run({
			parameters: { ...GOOD_REQUEST, operation: 'submit', prompt: '={{ $json.idea }}' },
			settings: { onError: 'continueRegularOutput' },
			items: [{ json }, { json: { idea: 'Waves' } }, {}],
		});

		expect(items.map(({ json: { message } }) => message)).toEqual([
			expect.stringMatching(/Idea, Photo\. Did you mean Idea\?$/),
			undefined,
			expect.stringMatching(/gave nothing\. The item has no fields\.$/),
		]);
	});

	it('is not blamed for a field that a person left empty', async () => {
		const { error } = await ltx.run({
			parameters: { ...GOOD_REQUEST, options: { ...QUICK, fileName: '' } },
			items: [{ json }],
		});

		expect(error?.message).toBe('File Name is empty');
	});
});
