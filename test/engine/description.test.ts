import { Workflow, type INode, type INodeParameters } from 'n8n-workflow';

import { GOOD_REQUEST } from '../../tools/engine/runNode';
import { at, DESCRIPTION, NODE_OF_PANEL, only, shown, valuesOf } from '../unit/panel';
import { REQUESTS } from './requests';
import { useLtx } from './useLtx';

/*
 * What the panel offers, LTX takes.
 */

const ltx = useLtx();

const OPERATIONS = ['submitAndWait', 'submit', 'wait', 'getStatus'];
const MODELS = ['ltx-2-3-fast', 'ltx-2-3-pro', 'ltx-2-5-fast', 'ltx-2-5-pro'];

it('tells below the name of the node what it does', () => {
	const workflow = new Workflow({
		nodes: [],
		connections: {},
		active: false,
		nodeTypes: ltx.engine.nodeTypes,
	});
	const subtitleOf = (parameters: INodeParameters) =>
		workflow.expression.getSimpleParameterValue(
			{ ...NODE_OF_PANEL, parameters } as INode,
			DESCRIPTION.subtitle as string,
			'internal',
			{ $parameter: parameters as never },
		);
	expect(subtitleOf({ resource: 'retake', operation: 'submitAndWait' })).toBe('Retake');
	expect(subtitleOf({ resource: 'imageToVideo', operation: 'getStatus' })).toBe(
		'Image to Video: Get Status',
	);
	expect(subtitleOf({ resource: 'file', operation: 'upload' })).toBe('File');
});

it('offers nothing that LTX refuses: every offered combination is accepted', async () => {
	const resolutions = valuesOf(shown(at({})).find(({ name }) => name === 'resolution'));
	expect(resolutions).toHaveLength(8);
	const combinations = MODELS.flatMap((model) =>
		resolutions.flatMap((resolution) =>
			only({ model, resolution: String(resolution) }, 'duration').flatMap((duration) =>
				[24, 25, 48, 50]
					.filter((fps) => fps <= 25 || Number(duration) <= 10 || duration === 'auto')
					.map((fps) => ({ model, resolution, duration, fps })),
			),
		),
	);
	expect(combinations.length).toBeGreaterThan(500);
	const { items, error } = await ltx.run({
		parameters: {
			...GOOD_REQUEST,
			operation: 'submit',
			model: '={{ $json.model }}',
			resolution: '={{ $json.resolution }}',
			duration: '={{ $json.duration }}',
			additionalFields: { fps: '={{ $json.fps }}' },
			options: { maxConcurrency: 50 },
		},
		items: combinations.map((json) => ({ json })),
	});
	expect(error).toBeUndefined();
	expect(items).toHaveLength(combinations.length);
	const bodies = ltx.server.jobs.map(({ body }) =>
		JSON.stringify([body.model, body.resolution, body.duration ?? 'auto', body.fps]),
	);
	const asked = combinations.map(({ model, resolution, duration, fps }) =>
		JSON.stringify([model, resolution, duration, fps]),
	);
	expect(bodies.sort()).toEqual(asked.sort());
}, 60_000);

it('sends every option of every other choice as it is', async () => {
	const motions = valuesOf(
		shown(at({}), 'additionalFields').find(({ name }) => name === 'cameraMotion'),
	);
	expect(motions).toHaveLength(8);
	const { items, error } = await ltx.run({
		parameters: {
			...GOOD_REQUEST,
			operation: 'submit',
			additionalFields: {
				cameraMotion: '={{ $json.motion }}',
				generateAudio: '={{ $json.audio }}',
			},
		},
		items: motions.flatMap((motion) => [
			{ json: { motion, audio: true } },
			{ json: { motion, audio: false } },
		]),
	});
	expect(error).toBeUndefined();
	expect(items).toHaveLength(16);
	expect(new Set(ltx.server.jobs.map(({ body }) => body.camera_motion))).toEqual(new Set(motions));
});

it('offer nothing that LTX refuses: every option of every menu is accepted', async () => {
	for (const [resource, { parameters }] of Object.entries(REQUESTS)) {
		const menus = (collection?: string) =>
			shown(at({ resource, operation: 'submit', ...parameters }), collection).filter(
				({ type, name }) =>
					type === 'options' && !/^(resource|operation|model)$|Source$/.test(name),
			);
		const choices: INodeParameters[] = [
			...menus().flatMap((menu) =>
				valuesOf(menu, at({ resource, ...parameters })).map((value) => ({ [menu.name]: value })),
			),
			...menus('additionalFields').flatMap((menu) =>
				valuesOf(menu)
					.filter((value) => value !== 'custom')
					.map((value) => ({ additionalFields: { [menu.name]: value } })),
			),
		];
		for (const choice of choices) {
			const { error } = await ltx.run({
				parameters: { resource, operation: 'submit', ...parameters, ...choice },
			});
			expect([resource, choice, error?.message]).toEqual([resource, choice, undefined]);
		}
	}
}, 60_000);

describe('every operation', () => {
	it.each(OPERATIONS)('of the menu works: %s', async (operation) => {
		const first = await ltx.run({ parameters: { ...GOOD_REQUEST, operation: 'submit' } });
		const jobId = first.items[0].json.id as string;
		const { items, error } = await ltx.run({
			parameters: {
				...GOOD_REQUEST,
				operation,
				jobId,
				options: operation === 'submit' || operation === 'getStatus' ? {} : { pollInterval: 0.02 },
			},
		});
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ id: expect.any(String), endpoint: 'image-to-video' });
	});
});
