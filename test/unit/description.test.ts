import {
	type INodeParameters,
	type INodeProperties,
	type INodePropertyCollection,
	type INodePropertyOptions,
} from 'n8n-workflow';

import codex from '../../nodes/LtxVideo/LtxVideo.node.json';
import { at, DESCRIPTION, namesOf, only, shown, valuesOf, withDefaults } from './panel';

const OPERATIONS = ['submitAndWait', 'submit', 'wait', 'getStatus'];
const RESOURCES = [
	'imageToVideo',
	'textToVideo',
	'audioToVideo',
	'retake',
	'extend',
	'videoToVideoHdr',
	'videoToVideoReframe',
	'videoUpscale',
	'videoAlphaGen',
	'otherEndpoint',
	'file',
];
const MODELS = ['ltx-2-3-fast', 'ltx-2-3-pro', 'ltx-2-5-fast', 'ltx-2-5-pro'];

describe('the panel', () => {
	it('has the resource, operations and defaults of the contract', () => {
		const [resource, operation] = shown(at({}));
		expect([resource.name, resource.default]).toEqual(['resource', 'imageToVideo']);
		expect([operation.name, operation.default]).toEqual(['operation', 'submitAndWait']);
		expect(valuesOf(resource)).toEqual(RESOURCES);
		expect(valuesOf(operation)).toEqual(OPERATIONS);
		expect(DESCRIPTION).toMatchObject({ name: 'ltxVideo', version: 1, usableAsTool: true });
	});

	const COLLECTIONS = ['options', 'additionalFields'];
	const REQUEST = ['prompt', 'model', 'resolution', 'duration'];
	it.each<[string, INodeParameters, string[]]>([
		['submit', {}, ['imageSource', 'imageUri', ...REQUEST, ...COLLECTIONS]],
		['submitAndWait', {}, ['imageSource', 'imageUri', ...REQUEST, 'downloadVideo', ...COLLECTIONS]],
		[
			'submitAndWait',
			{ imageSource: 'binary' },
			['imageSource', 'imageBinaryProperty', ...REQUEST, 'downloadVideo', ...COLLECTIONS],
		],
		[
			'submit',
			{ model: 'custom' },
			[
				'imageSource',
				'imageUri',
				'prompt',
				'model',
				'customModel',
				'resolution',
				'duration',
				...COLLECTIONS,
			],
		],
		['getStatus', {}, ['jobId', 'downloadVideo', 'options']],
		['wait', {}, ['jobId', 'downloadVideo', 'options']],
	])('shows for %s with %j just what matters', (operation, changes, expected) => {
		expect(namesOf(shown(at({ operation, ...changes })))).toEqual([
			'resource',
			'operation',
			...expected,
		]);
	});

	const VIDEO = ['videoSource', 'videoUri'];
	it.each<[string, INodeParameters, string[]]>([
		['textToVideo', {}, REQUEST],
		[
			'audioToVideo',
			{ imageSource: 'none' },
			['audioSource', 'audioUri', 'imageSource', 'prompt', 'model', 'resolution'],
		],
		[
			'audioToVideo',
			{ audioSource: 'binary', imageSource: 'binary' },
			[
				'audioSource',
				'audioBinaryProperty',
				'imageSource',
				'imageBinaryProperty',
				'prompt',
				'model',
				'resolution',
			],
		],
		['retake', {}, [...VIDEO, 'startTime', 'duration', 'prompt', 'mode', 'model']],
		['extend', {}, [...VIDEO, 'duration', 'prompt', 'mode', 'model']],
		['videoToVideoHdr', {}, [...VIDEO]],
		['videoUpscale', {}, [...VIDEO, 'resolution']],
		['videoAlphaGen', {}, [...VIDEO]],
		[
			'videoToVideoReframe',
			{ videoSource: 'binary' },
			['videoSource', 'videoBinaryProperty', 'resolution'],
		],
	])('shows for %s with %j just its own fields', (resource, changes, expected) => {
		const media = { videoSource: 'url', audioSource: 'url' };
		const shownFor = (operation: string) =>
			namesOf(shown(at({ resource, operation, ...media, ...changes })));
		const result = resource === 'videoToVideoHdr' ? ['resultFile'] : [];
		const hasMore = !['videoUpscale', 'videoAlphaGen'].includes(resource);
		const collections = hasMore ? COLLECTIONS : ['options'];
		expect(shownFor('submitAndWait')).toEqual([
			'resource',
			'operation',
			...expected,
			...result,
			'downloadVideo',
			...collections,
		]);
		expect(shownFor('submit')).toEqual(['resource', 'operation', ...expected, ...collections]);
		for (const operation of ['getStatus', 'wait']) {
			expect(shownFor(operation)).toEqual([
				'resource',
				'operation',
				'jobId',
				...result,
				'downloadVideo',
				'options',
			]);
		}
	});

	it('asks for the path of another endpoint in every operation', () => {
		const shownFor = (operation: string) =>
			namesOf(shown(at({ resource: 'otherEndpoint', operation }))).slice(2, -1);
		expect(shownFor('submit')).toEqual(['endpointPath', 'requestBody', 'files']);
		expect(shownFor('submitAndWait')).toEqual([
			'endpointPath',
			'requestBody',
			'files',
			'resultKey',
			'downloadVideo',
		]);
		for (const operation of ['wait', 'getStatus']) {
			expect(shownFor(operation)).toEqual(['endpointPath', 'jobId', 'resultKey', 'downloadVideo']);
		}
	});

	it('has one property for one parameter, but where n8n needs two', () => {
		expect(DESCRIPTION.properties.length).toBeLessThanOrEqual(66);
		// For what is required only with one source, or has another default.
		const twice = /(Uri|BinaryProperty)$|^(customModel|downloadVideo)$/;
		const perEndpoint = DESCRIPTION.properties.filter(({ name }) => !twice.test(name));
		for (const resource of RESOURCES) {
			const names = namesOf(
				perEndpoint.filter(({ displayOptions }) =>
					(displayOptions?.show?.resource ?? [resource]).includes(resource as never),
				),
			).filter((name) => !(name === 'resolution' && resource === 'imageToVideo'));
			expect([resource, names]).toEqual([resource, [...new Set(names)]]);
		}
	});

	it('keeps what is set when another video resource or model is chosen', () => {
		const set = {
			...at({ resource: 'retake', model: 'ltx-2-3-pro' }),
			videoSource: 'url',
			videoUri: 'https://example.com/harbor.mp4',
			duration: 7,
			prompt: 'The boat turns',
		};
		const kept = (changes: INodeParameters) => withDefaults({ ...set, ...changes });
		const { videoUri, prompt, duration } = set;
		expect(kept({ resource: 'extend' })).toMatchObject({ videoUri, prompt, duration });
		expect(kept({ resource: 'videoToVideoReframe' })).toMatchObject({ videoUri });
		expect(kept({ resource: 'textToVideo', duration: 20, model: 'ltx-2-3-pro' })).toMatchObject({
			prompt,
			// Its entry is hidden for this model, but LTX has the last word.
			duration: 20,
		});
	});

	it('shows for an upload nothing but the field of the file', () => {
		const parameters = at({ resource: 'file', operation: 'upload' });
		expect(namesOf(shown(parameters))).toEqual([
			'resource',
			'operation',
			'binaryProperty',
			'options',
		]);
		expect(namesOf(shown(parameters, 'options'))).toEqual(['maxConcurrency']);
	});

	it.each<[string, string[]]>([
		['textToVideo', ['cameraMotion', 'fps', 'generateAudio']],
		[
			'audioToVideo',
			['cameraMotion', 'fps', 'lastFrameSource', 'lastFrameUri', 'lastFrameBinaryProperty'],
		],
		['retake', ['resolution']],
		['extend', ['context']],
		['videoToVideoHdr', ['outputColorspace']],
		[
			'videoToVideoReframe',
			['placement', 'placementX', 'placementY', 'placementWidth', 'placementHeight'],
		],
	])('offers for %s the additional fields %j', (resource, expected) => {
		expect(namesOf(shown(at({ resource }), 'additionalFields'))).toEqual(expected);
	});

	it('lists for each resource the models that it takes', () => {
		const models = (resource: string) =>
			valuesOf(shown(at({ resource })).find(({ name }) => name === 'model'));
		expect(models('textToVideo')).toEqual([...MODELS, 'custom']);
		expect(models('audioToVideo')).toEqual([
			'ltx-2-3-pro',
			'ltx-2-5-fast',
			'ltx-2-5-pro',
			'custom',
		]);
		expect(models('retake')).toEqual(['ltx-2-3-pro', 'custom']);
		expect(models('extend')).toEqual(['ltx-2-3-pro', 'custom']);
	});

	it('names the ten sizes of reframe by their shape', () => {
		const resolution = shown(at({ resource: 'videoToVideoReframe' })).find(
			({ name }) => name === 'resolution',
		);
		const names = (resolution?.options as INodePropertyOptions[]).map(({ name }) => name);
		expect(names).toHaveLength(10);
		expect(names).toEqual(
			expect.arrayContaining([
				'Square 1:1 (1080x1080)',
				'Portrait 4:5, Feed (1080x1350)',
				'Story 9:16 (1080x1920)',
				'Widescreen 16:9 (1920x1080)',
			]),
		);
	});

	it.each<[string, string[]]>([
		['submit', ['maxConcurrency', 'maxCostUsd', 'sample']],
		['getStatus', ['fileName', 'maxConcurrency', 'binaryPropertyOutput']],
		[
			'wait',
			[
				'fileName',
				'maxConcurrency',
				'maxWait',
				'onTimeout',
				'pollInterval',
				'binaryPropertyOutput',
			],
		],
		[
			'submitAndWait',
			[
				'fileName',
				'maxConcurrency',
				'maxCostUsd',
				'maxWait',
				'onTimeout',
				'pollInterval',
				'binaryPropertyOutput',
				'sample',
			],
		],
	])('offers for %s the options %j', (operation, expected) => {
		expect(namesOf(shown(at({ operation }), 'options'))).toEqual(expected);
	});

	it('has the defaults of the contract', () => {
		const options = Object.fromEntries(
			shown(at({}), 'options').map((entry) => [entry.name, entry.default]),
		);
		expect(options).toEqual({
			fileName: '',
			maxConcurrency: 10,
			maxCostUsd: 5,
			maxWait: 20,
			onTimeout: 'error',
			pollInterval: 5,
			binaryPropertyOutput: 'data',
			sample: 'editor',
		});
		const download = (operation: string) =>
			shown(at({ operation })).find(({ name }) => name === 'downloadVideo');
		expect([
			download('submitAndWait')?.default,
			download('wait')?.default,
			download('getStatus')?.default,
		]).toEqual([true, true, false]);
		const image = shown(at({ imageSource: 'binary' })).find(
			({ name }) => name === 'imageBinaryProperty',
		);
		expect(image?.default).toBe('data');
	});

	const WITHOUT_PROMPT = { downloadVideo: true, options: {}, additionalFields: {} };
	const FROM_START = { ...WITHOUT_PROMPT, prompt: '' };
	const CLIP = { model: 'ltx-2-3-fast', resolution: '1920x1080', duration: 6 };
	const EDIT = { videoSource: 'url', videoUri: '', model: 'ltx-2-3-pro', duration: 5 };
	it.each<[string, object, string[]]>([
		[
			'imageToVideo',
			{ ...FROM_START, ...CLIP, imageSource: 'url', imageUri: '' },
			['imageUri', 'prompt'],
		],
		['textToVideo', { ...FROM_START, ...CLIP }, ['prompt']],
		[
			'audioToVideo',
			{
				...FROM_START,
				audioSource: 'url',
				audioUri: '',
				imageSource: 'none',
				model: 'ltx-2-3-pro',
				resolution: 'auto',
			},
			['audioUri'],
		],
		[
			'retake',
			{ ...FROM_START, ...EDIT, startTime: 0, mode: 'replace_audio_and_video' },
			['videoUri', 'startTime', 'duration'],
		],
		['extend', { ...FROM_START, ...EDIT, mode: 'end' }, ['videoUri', 'duration']],
		[
			'videoToVideoHdr',
			{ ...WITHOUT_PROMPT, videoSource: 'url', videoUri: '', resultFile: 'frames' },
			['videoUri'],
		],
		[
			'videoToVideoReframe',
			{ ...WITHOUT_PROMPT, videoSource: 'url', videoUri: '', resolution: '1080x1080' },
			['videoUri'],
		],
		[
			'videoUpscale',
			{ videoSource: 'url', videoUri: '', resolution: '4k', downloadVideo: true, options: {} },
			['videoUri'],
		],
		[
			'videoAlphaGen',
			{ videoSource: 'url', videoUri: '', downloadVideo: true, options: {} },
			['videoUri'],
		],
		[
			'otherEndpoint',
			{
				endpointPath: '',
				requestBody: '{}',
				files: {},
				resultKey: 'video_url',
				downloadVideo: true,
				options: {},
			},
			['endpointPath'],
		],
	])(
		'starts for %s with its defaults, and marks what must be filled in',
		(resource, fields, required) => {
			const fresh = withDefaults({ resource, operation: 'submitAndWait' });
			expect(fresh).toEqual({ resource, operation: 'submitAndWait', ...fields });
			expect(namesOf(shown(fresh).filter((property) => property.required))).toEqual(required);
		},
	);

	it('offers every optional field once, and only the part of the last frame that is meant', () => {
		const base = ['cameraMotion', 'fps', 'generateAudio', 'lastFrameSource'];
		expect(namesOf(shown(at({}), 'additionalFields'))).toEqual([
			...base,
			'lastFrameUri',
			'lastFrameBinaryProperty',
		]);
		const withSource = (lastFrameSource: string) =>
			namesOf(shown(at({ additionalFields: { lastFrameSource } }), 'additionalFields'));
		expect(withSource('url')).toEqual([...base, 'lastFrameUri']);
		expect(withSource('binary')).toEqual([...base, 'lastFrameBinaryProperty']);
	});
});

describe('what depends on the model', () => {
	const SHORT = [6, 8, 10];
	const LONG = [6, 8, 10, 12, 14, 16, 18, 20];
	const FEW = [2, 3, 4, 5];

	it.each<[string, string, Array<number | string>]>([
		['ltx-2-3-fast', '1920x1080', LONG],
		['ltx-2-3-fast', '720x1280', LONG],
		['ltx-2-3-fast', '2560x1440', SHORT],
		['ltx-2-3-pro', '1280x720', SHORT],
		['ltx-2-3-pro', '2160x3840', SHORT],
		['ltx-2-5-fast', '1080x1920', [...FEW, ...LONG, 'auto']],
		['ltx-2-5-fast', '3840x2160', [...FEW, ...SHORT, 'auto']],
		['ltx-2-5-pro', '1920x1080', [...FEW, ...SHORT, 'auto']],
		['custom', '1920x1080', [...FEW, ...LONG, 'auto']],
	])('is the duration of %s at %s', (model, resolution, expected) => {
		expect(only({ model, resolution }, 'duration')).toEqual(expected);
	});

	it.each<[INodeParameters, number]>([
		[{ imageSource: 'url' }, 8],
		[{ imageSource: 'binary' }, 12],
		[{ imageSource: '={{ $json.source }}' }, 12],
	])('is one resolution, that may follow the image where it is a file: %j', (parameters, count) => {
		const values = only(parameters, 'resolution');
		expect(values).toHaveLength(count);
		expect(values.includes('match1080p')).toBe(count === 12);
	});

	it.each<[string, Array<number | string>]>([
		['match720p', LONG],
		['match1080p', LONG],
		['match1440p', SHORT],
		['match2160p', SHORT],
	])('is the duration where the image decides the orientation: %s', (resolution, expected) => {
		expect(only({ imageSource: 'binary', resolution }, 'duration')).toEqual(expected);
	});

	// The editor decides what to show with what an expression gives just now, the engine with the
	// expression itself. Before there is data, the editor has an empty text.
	const ODD = ['={{ $json.value }}', '', 'new-value'];

	it.each(
		[...MODELS, 'custom', ...ODD].flatMap((model) =>
			['1920x1080', '2560x1440', 'match1080p', 'match2160p', ...ODD].map((resolution) => [
				model,
				resolution,
			]),
		),
	)('is one duration with the model "%s" and the resolution "%s"', (model, resolution) => {
		expect(only({ model, resolution }, 'duration')).toEqual(expect.arrayContaining(SHORT));
	});

	it.each(ODD)('is one resolution with the image source "%s"', (imageSource) => {
		expect(only({ imageSource }, 'resolution')).toEqual(expect.arrayContaining(['1920x1080']));
	});

	it('requires the ID of another model only where one is chosen for certain', () => {
		const modelIds = (model: string) =>
			shown(at({ model }))
				.filter(({ name }) => name === 'customModel')
				.map(({ required }) => required === true);
		expect([
			modelIds('custom'),
			modelIds('={{ $json.model }}'),
			modelIds('ltx-2-3-pro'),
			modelIds(''),
		]).toEqual([[true], [false], [], [false]]);
	});

	it('requires an address or a field only where the source is certain', () => {
		const required = (imageSource: string) =>
			shown(at({ imageSource }))
				.filter(({ name }) => name === 'imageUri' || name === 'imageBinaryProperty')
				.map((property) => [property.name, property.required === true]);
		expect(required('url')).toEqual([['imageUri', true]]);
		expect(required('binary')).toEqual([['imageBinaryProperty', true]]);
		expect(required('={{ $json.source }}')).toEqual([
			['imageUri', false],
			['imageBinaryProperty', false],
		]);
	});
});

describe('the fields of other resources', () => {
	it('have one duration, one resolution, one prompt, one frame rate each', () => {
		for (const resource of [
			'textToVideo',
			'audioToVideo',
			'retake',
			'extend',
			'videoToVideoReframe',
		]) {
			for (const operation of ['submit', 'submitAndWait']) {
				const names = namesOf(shown(at({ resource, operation, imageSource: 'none' })));
				expect(new Set(names).size).toBe(names.length);
			}
			const additional = namesOf(shown(at({ resource }), 'additionalFields'));
			expect(new Set(additional).size).toBe(additional.length);
		}
	});
});

describe('the texts', () => {
	function* allProperties(properties: INodeProperties[]): Generator<INodeProperties> {
		for (const property of properties) {
			yield property;
			if (property.type === 'collection')
				yield* allProperties(property.options as INodeProperties[]);
			if (property.type === 'fixedCollection') {
				for (const group of property.options as INodePropertyCollection[]) {
					expect(group.name).toMatch(CAMEL_CASE);
					yield* allProperties(group.values);
				}
			}
		}
	}
	const CAMEL_CASE = /^[a-z][A-Za-z0-9]*$/;
	const TYPES = ['boolean', 'collection', 'fixedCollection', 'json', 'number', 'options', 'string'];
	const WITHOUT_DESCRIPTION = ['resource', 'operation', 'additionalFields', 'options'];
	const every = () => [...allProperties(DESCRIPTION.properties)];
	const menus = () => every().filter(({ type }) => type === 'options');

	it('follow the habits of n8n', () => {
		const small = ['a', 'an', 'and', 'for', 'in', 'of', 'on', 'per', 'the', 'to', 'with'];
		for (const {
			displayName,
			description: text = '',
			hint = '',
			placeholder,
			type,
			name,
		} of every()) {
			expect(name).toMatch(CAMEL_CASE);
			expect(TYPES).toContain(type);
			for (const [index, word] of displayName.replace(/[()]/g, '').split(' ').entries()) {
				if (index === 0 || !small.includes(word)) expect(word).toMatch(/^[A-Z0-9]/);
			}
			if (!WITHOUT_DESCRIPTION.includes(name)) expect(text).toMatch(/^[A-Z]/);
			expect(hint.length).toBeLessThanOrEqual(120);
			if (type === 'boolean') expect(text).toMatch(/^Whether /);
			if (type === 'string') expect(placeholder).toMatch(/^e\.g\. \S/);
			if (/ollection$/.test(type)) expect(placeholder).toMatch(/^Add [A-Z]/);
			// A single sentence has no full stop, several have.
			expect(text.endsWith('.')).toBe(/[.:] [A-Z0-9]/.test(text));
			// Words that were left out in the middle of a sentence.
			expect(text).not.toMatch(/undefined| {2}/);
		}
	});

	it('name every entry of every menu, of which one is chosen from the start', () => {
		for (const { name, options, default: chosen } of menus()) {
			const entries = options as INodePropertyOptions[];
			for (const entry of entries) {
				expect(entry.name).toMatch(/^[A-Z0-9]/);
				expect(entry.value).toBeTruthy();
				if (entry.description !== undefined) expect(entry.description).toMatch(/^[A-Z0-9]/);
				if (name === 'resource' || name === 'operation') {
					expect(entry.description).toMatch(/\.$/);
				}
			}
			const values = entries.map(({ value }) => value);
			expect(new Set(values).size).toBe(values.length);
			expect([name, values]).toEqual([name, expect.arrayContaining([chosen])]);
		}
	});

	it('say what the price of each resource is', () => {
		for (const { name, description: text } of valuesIn('resource')) {
			if (name === 'File') expect(text).toMatch(/Free\.$/);
			else if (name === 'Other Endpoint') expect(text).toMatch(/price\.$/);
			else expect(text).toMatch(/USD \d\.\d\d/);
		}
	});

	const valuesIn = (menu: string) =>
		menus()
			.filter(({ name }) => name === menu)
			.flatMap(({ options }) => options as INodePropertyOptions[]);

	it('name an action for each operation of each resource', () => {
		const operations = valuesIn('operation');
		expect(operations).toHaveLength(10 * 4 + 1);
		for (const { action } of operations) {
			// n8n asks for sentences without articles.
			expect(action).toMatch(/^[A-Z][a-z]+( (?!(a|an|the) )([a-z]+|HDR|LTX))+$/);
			expect(action).not.toMatch(/ (of|for)$/);
		}
		expect(new Set(operations.map(({ action }) => action)).size).toBe(operations.length);
	});

	/** Parameters that a condition names, with the values that it names. */
	const conditionsOf = ({ displayOptions }: INodeProperties | INodePropertyOptions) =>
		Object.values(displayOptions ?? {}).flatMap((condition) => Object.entries(condition ?? {}));

	it('depend on parameters and values that there are', () => {
		const entries = menus().flatMap(({ options }) => options as INodePropertyOptions[]);
		for (const entry of [...every(), ...entries]) {
			for (const [parameter, values] of conditionsOf(entry)) {
				const offered = valuesIn(parameter.replace('/', '')).map(({ value }) => value);
				const named = (values as unknown[]).map(
					(value) => (value as { _cnd?: { not: unknown } })._cnd?.not ?? value,
				);
				// Not every file can be left out.
				expect(named.length).toBeGreaterThan(0);
				expect([entry.name, parameter, offered]).toEqual([
					entry.name,
					parameter,
					expect.arrayContaining(named.filter((value) => value !== 'none')),
				]);
			}
		}
	});

	it('of menus keep a value that is not listed', () => {
		const own = menus().filter(
			({ name }) => !['resource', 'operation', 'onTimeout', 'sample'].includes(name),
		);
		for (const { name, allowArbitraryValues } of own as Array<
			INodeProperties & { allowArbitraryValues?: boolean }
		>) {
			if (/Source$|^resultFile$|^placement$/.test(name)) continue;
			expect([name, allowArbitraryValues]).toEqual([name, true]);
		}
	});

	it('let n8n help with the names of binary fields', () => {
		const fields = every().filter(({ name }) => /[bB]inaryProperty$/.test(name));
		expect(fields.length).toBeGreaterThan(4);
		for (const { default: byDefault, typeOptions } of fields) {
			expect([byDefault, typeOptions?.binaryDataProperty]).toEqual(['data', true]);
		}
	});
});

it('asks for two lines of prompt, and for one where a job can do without', () => {
	for (const [resource, isRequired] of Object.entries({
		imageToVideo: true,
		textToVideo: true,
		audioToVideo: undefined,
		retake: undefined,
		extend: undefined,
	})) {
		const prompt = shown(at({ resource })).find(({ name }) => name === 'prompt');
		expect([resource, prompt?.required, prompt?.typeOptions?.rows]).toEqual([
			resource,
			isRequired,
			2,
		]);
	}
});

it('tells the price of a model where it is the price of what it makes', () => {
	const prices = (resource: string) => {
		const model = shown(at({ resource })).find(({ name }) => name === 'model');
		return (model?.options as INodePropertyOptions[])
			.slice(0, -1)
			.every(({ description: text }) => /^USD \d/.test(text ?? ''));
	};
	expect(['imageToVideo', 'textToVideo', 'audioToVideo', 'retake', 'extend'].map(prices)).toEqual([
		true,
		true,
		true,
		false,
		false,
	]);
});

it('says at every resolution what an expression may say', () => {
	const resolutions = Object.entries({
		imageToVideo: [{ imageSource: 'url' }, { imageSource: 'binary' }],
		textToVideo: [{}],
		audioToVideo: [{}],
		videoToVideoReframe: [{}],
	}).flatMap(([resource, changes]) =>
		changes.flatMap((change) => shown(at({ resource, ...change }))),
	);
	const all = [...resolutions, ...shown(at({ resource: 'retake' }), 'additionalFields')].filter(
		({ name }) => name === 'resolution',
	);
	expect(all).toHaveLength(6);
	for (const { description: text } of all) {
		expect(text).toMatch(/ An expression may also say 9:16(, | or )/);
	}
	// What a shape alone costs is known only where its quality is.
	for (const { description: text } of resolutions.filter(({ name }) => name === 'resolution')) {
		expect(text).toMatch(/ 9:16( or Square)?, which (is|are) 1080p/);
	}
});

it('says of Upscale what fits it', () => {
	const [resolution] = shown(at({ resource: 'videoUpscale' })).filter(
		({ name }) => name === 'resolution',
	);
	expect(resolution.description).toMatch(/ An expression may also say Full HD, UHD or 2160p\.$/);
	expect(
		(resolution.options as INodePropertyOptions[]).map((option) => option.description),
	).toEqual([
		'At most 2401 frames. Partners charge USD 0.08 a second.',
		'At most 601 frames. Partners charge USD 0.30 a second.',
		'At most 241 frames. Partners charge USD 1.20 a second.',
	]);
});

it('says what LTX does not document, and what may be lost though it is paid', () => {
	const [duration] = shown(at({ resource: 'textToVideo' })).filter(
		({ name }) => name === 'duration',
	);
	const saysOf = (wanted: string | number) =>
		(duration.options as INodePropertyOptions[]).find(({ value }) => value === wanted)?.description;
	expect([2, 3, 4, 5].map(saysOf)).toEqual(
		Array(4).fill('LTX documents 6 seconds and more. 2 seconds cost a third of 6.'),
	);
	expect(saysOf(6)).toBeUndefined();
	expect(saysOf('auto')).toMatch(/prepaid accounts.*price of the longest length/);
	const [result] = shown(at({ resource: 'videoToVideoHdr' })).filter(
		({ name }) => name === 'resultFile',
	);
	expect(valuesOf(result)).toEqual(['frames', 'video', 'all']);
	expect(result.hint).toMatch(/gigabytes.*queue mode.*512 MB.*paid/);
});

it('is found by what people look for', () => {
	expect(codex.alias).toEqual(expect.arrayContaining(['Photo to Video', 'Image to Video']));
});
