import type { INodeParameters } from 'n8n-workflow';

import {
	credentialsFor,
	GOOD_REQUEST,
	resultOf,
	workflowWith,
	type Item,
} from '../../tools/engine/runNode';
import { PNG } from '../../tools/samples/samples';
import { useLtx } from './useLtx';

/*
 * A file in any form that people have it in: base64 in a field of an API's answer, a data: address, a
 * file by an expression, and n8n's own ways of keeping one.
 */

const BY_URL: INodeParameters = {
	...GOOD_REQUEST,
	operation: 'submit',
	imageSource: 'url',
	imageUri: '={{ $json.image }}',
};
const BY_FIELD: INodeParameters = { ...BY_URL, imageSource: 'binary', resolution: 'match720p' };
const BASE64 = PNG.toString('base64');

describe.each(['filesystem', 'default'] as const)('where n8n keeps files in "%s"', (binaryMode) => {
	const ltx = useLtx({ binaryMode });
	const uploads = () => ltx.server.of('put').map(({ body }) => body);
	const submitted = () => ltx.server.jobs.map(({ body }) => body.image_uri);
	const submit = async (parameters: INodeParameters, item: Item) =>
		await ltx.run({ parameters, items: [item] });

	it.each([
		['as base64', BASE64],
		['as base64 in lines', BASE64.replace(/.{60}/g, '$&\r\n')],
		['as base64 for addresses', PNG.toString('base64url')],
	])('an image %s is uploaded', async (_what, image) => {
		const { error } = await submit(BY_URL, { json: { image } });

		expect(error).toBeUndefined();
		expect(uploads()).toEqual([PNG]);
		expect(submitted()).toEqual([expect.stringMatching(/^ltx:/)]);
	});

	it('a data: address that LTX takes is sent as it is', async () => {
		const image = `data:image/png;base64,${BASE64}`;
		const { items: outputs } = await submit(BY_URL, { json: { image } });

		expect(uploads()).toEqual([]);
		expect(submitted()).toEqual([image]);
		expect(outputs[0].json).not.toHaveProperty('image_uri');
	});

	it('a data: address that is too long for LTX is decoded and uploaded', async () => {
		const large = Buffer.concat([PNG, Buffer.alloc(7_500_000, 1)]);
		const image = `data:image/png;base64,${large.toString('base64')}`;
		await submit(BY_URL, { json: { image } });

		expect((uploads()[0] as Buffer).equals(large)).toBe(true);
		expect(submitted()).toEqual([expect.stringMatching(/^ltx:/)]);
	});

	it.each([
		['base64', BASE64],
		['a data: address', `data:image/png;base64,${BASE64}`],
	])('a resolution follows an image given as %s', async (_what, image) => {
		const resolution = 'match720p';
		const { error } = await submit({ ...BY_URL, resolution }, { json: { image } });

		expect(error).toBeUndefined();
		expect(ltx.server.jobs[0].body.resolution).toMatch(/^(1280x720|720x1280)$/);
	});

	it('what is no image is refused by what it is', async () => {
		const image = Buffer.concat([Buffer.from('%PDF-1.7 '), Buffer.alloc(99)]).toString('base64');
		const { error } = await submit(BY_URL, { json: { image } });

		expect(error?.message).toMatch(/holds a PDF document/);
		expect(ltx.server.requests).toEqual([]);
	});

	it.each([
		'lighthouse.png',
		'/tmp/lighthouse',
		'http://example.com/a.png',
		'a lighthouse at night',
	])('%s is neither a file nor an address', async (image) => {
		const { error } = await submit(BY_URL, { json: { image } });

		expect(error?.message).toMatch(/Image URL must begin with https/);
	});

	it('a file by an expression is the file', async () => {
		const { error } = await submit(
			{ ...BY_FIELD, imageBinaryProperty: '={{ $binary.photo }}' },
			{ binary: { photo: await ltx.file(PNG) } },
		);

		expect(error).toBeUndefined();
		expect(uploads()).toEqual([PNG]);
	});

	it.each(['={{ $binary.photo }}', '={{ $("Items").item.binary.photo }}', 'photo'])(
		'a file that a Code node made, as %s, is the file',
		async (imageBinaryProperty) => {
			const photo = { data: BASE64, mimeType: 'image/png' };
			const { error } = await submit({ ...BY_FIELD, imageBinaryProperty }, { binary: { photo } });

			expect(error).toBeUndefined();
			expect(uploads()).toEqual([PNG]);
		},
	);

	describe('in the binary mode "combined"', () => {
		const combined = async (imageBinaryProperty: string) => {
			const file = await ltx.file(PNG);
			const workflow = workflowWith({
				parameters: { ...BY_FIELD, imageBinaryProperty },
				items: [{ json: { _files: { data: file as never } } }],
			});
			const settings = { ...workflow.settings, binaryMode: 'combined' as const };
			const execution = ltx.engine.execute({ ...workflow, settings }, credentialsFor(ltx.server));
			return resultOf(await execution.finished);
		};

		it.each(['data', '_files.data', '={{ $json._files.data }}'])('%s is the file', async (name) => {
			const { error } = await combined(name);

			expect(error).toBeUndefined();
			expect(uploads()).toEqual([PNG]);
		});

		it('a field that is not there leads to the path of the one that is', async () => {
			const { error } = await combined('photo');

			expect(error?.message).toMatch(/no binary field "photo"; it has: "_files\.data"/);
		});
	});
});
