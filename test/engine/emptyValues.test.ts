import type { INodeParameters, INodeProperties } from 'n8n-workflow';

import { GOOD_REQUEST } from '../../tools/engine/runNode';
import { shown, withDefaults } from '../unit/panel';
import { REQUESTS } from './requests';
import { useLtx } from './useLtx';

/*
 * What was asked for never vanishes in silence: a value that comes out empty is refused by name,
 * before any call.
 */

const ltx = useLtx();

const NOTHING = ['={{ $json.missing }}', '={{ null }}'];
const EMPTY = ['={{ "" }}'];
const SENSELESS = ['={{ NaN }}', '={{ [] }}', '={{ ({}) }}'];

/** Every parameter that the editor shows for a request, or every one of its collection. */
const shownFor = (given: INodeParameters, collection?: string) =>
	shown(withDefaults(given), collection);

async function expectRefusal(property: INodeProperties, parameters: INodeParameters) {
	const { error } = await ltx.run({ parameters });
	const [firstWord] = property.displayName.split(' (');
	expect([property.name, error?.message]).toEqual([
		property.name,
		expect.stringContaining(firstWord),
	]);
	expect(ltx.server.requests).toEqual([]);
}

// The first two are no expressions in the editor. Of the others, n8n drops an expression that stands
// for all of them before a node sees it.
const FIXED = ['resource', 'operation', 'additionalFields', 'options', 'files'];

describe.each(Object.entries(REQUESTS))('%s', (resource, { parameters: request }) => {
	const parameters: INodeParameters = { resource, operation: 'submitAndWait', ...request };

	it('refuses a parameter whose expression gives nothing, or makes no sense', async () => {
		for (const property of shownFor(parameters)) {
			if (FIXED.includes(property.name)) continue;
			// An empty object is a request without values.
			const takesObject = property.name === 'requestBody';
			for (const value of [...NOTHING, ...SENSELESS]) {
				if (takesObject && value === '={{ ({}) }}') continue;
				await expectRefusal(property, { ...parameters, [property.name]: value });
			}
		}
	});

	it.each(['additionalFields', 'options'])('refuses an empty field of %s', async (collection) => {
		for (const property of shownFor(parameters, collection)) {
			for (const value of [...NOTHING, ...EMPTY, ...SENSELESS]) {
				await expectRefusal(property, {
					...parameters,
					[collection]: { [property.name]: value },
				});
			}
		}
	});
});

describe.each(['getStatus', 'wait'])('%s', (operation) => {
	it('refuses what is empty', async () => {
		const parameters = { resource: 'imageToVideo', operation, jobId: 'job-1' };
		for (const value of [...NOTHING, ...EMPTY, ...SENSELESS]) {
			for (const property of shownFor(parameters, 'options')) {
				await expectRefusal(property, { ...parameters, options: { [property.name]: value } });
			}
		}
		for (const property of shownFor(parameters)) {
			if (FIXED.includes(property.name)) continue;
			for (const value of [...NOTHING, ...SENSELESS]) {
				await expectRefusal(property, { ...parameters, [property.name]: value });
			}
		}
	});
});

it('refuses a file to upload whose field is empty', async () => {
	const parameters = { resource: 'file', operation: 'upload' };
	const [property] = shownFor(parameters).filter(({ name }) => name === 'binaryProperty');
	for (const binaryProperty of [...NOTHING, ...EMPTY, ...SENSELESS]) {
		await expectRefusal(property, { ...parameters, binaryProperty });
	}
});

const LAST_FRAME = 'https://images.example.com/night.png';

it.each<[string, string, INodeParameters, RegExp]>([
	[
		'an address beside a file that counts',
		'imageToVideo',
		{ lastFrameSource: '={{ "binary" }}', lastFrameUri: '={{ $json.missing }}' },
		/^Last Frame URL is empty/,
	],
	[
		'a place beside an anchor',
		'videoToVideoReframe',
		{ placement: '={{ "center" }}', placementX: '={{ $json.missing }}' },
		/^Placement is "center", but there is also Placement X/,
	],
])(
	'refuses %s, though nothing would look at it',
	async (_what, resource, additionalFields, why) => {
		const request = REQUESTS[resource];
		const { error } = await ltx.run({
			parameters: { resource, operation: 'submit', ...request.parameters, additionalFields },
			items: [
				{
					binary: await ltx.files({
						...request.files,
						data: Object.values(REQUESTS.imageToVideo.files)[0],
					}),
				},
			],
		});

		expect(error?.message).toMatch(why);
		expect(ltx.server.requests).toEqual([]);
	},
);

it('refuses a last frame by address and by file of which nothing says which one counts', async () => {
	const additionalFields = { lastFrameUri: LAST_FRAME, lastFrameBinaryProperty: 'data' };
	const { error } = await ltx.run({
		parameters: { ...GOOD_REQUEST, operation: 'submit', additionalFields },
	});

	expect(error?.message).toBe('There are both Last Frame URL and Last Frame Binary Field');
	expect(ltx.server.requests).toEqual([]);
});

it('sends the image of sound whose source is empty, as AI agents leave it', async () => {
	const { items } = await ltx.run({
		parameters: {
			...REQUESTS.audioToVideo.parameters,
			resource: 'audioToVideo',
			operation: 'submit',
			audioSource: 'url',
			audioUri: 'https://files.example.com/song.mp3',
			imageSource: '={{ "" }}',
			imageUri: LAST_FRAME,
		},
	});

	expect(items).toHaveLength(1);
	expect(ltx.server.jobs[0].body.image_uri).toBe(LAST_FRAME);
});

it.each<[string, RegExp]>([
	['={{ ({ prompt: "x", switch: $json.missing }) }}', /^Request Body: switch is empty/],
	['={{ ({ prompt: "x", seconds: Number("six") }) }}', /^Request Body: seconds is not a number/],
	['={{ ({ prompt: "x", seconds: 1 / 0 }) }}', /^Request Body: seconds is not a number/],
	['={{ ({ deep: [{ size: $json.missing }] }) }}', /^Request Body: size is empty/],
])('refuses the request body %s, of which a part would vanish', async (requestBody, why) => {
	const { error } = await ltx.run({
		parameters: {
			resource: 'otherEndpoint',
			operation: 'submit',
			endpointPath: 'video-upscale',
			requestBody,
		},
	});

	expect(error?.message).toMatch(why);
	expect(ltx.server.requests).toEqual([]);
});
