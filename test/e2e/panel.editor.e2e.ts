import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { ENDPOINTS } from '../../nodes/LtxVideo/endpoints';
import { FILE_RESOURCE } from '../../nodes/LtxVideo/operations';
import { chain, manualTrigger, node } from '../../tools/engine/workflow';
import type { PanelField } from '../../tools/n8n/editor';
import { RELEASES } from '../../tools/n8n/releases';
import { ltxVideo } from '../../tools/n8n/workflows';
import { until } from '../../tools/until';
import { eventually, useEditor } from './useEditor';
import { useN8n } from './useN8n';

const TYPE = 'n8n-nodes-ltx-video.ltxVideo';
const NODE = { name: 'LTX Video', type: TYPE, typeVersion: 1 } as INode;

/** What n8n itself adds to these menus, to lead to its HTTP Request node. */
const CUSTOM_API_CALL = '__CUSTOM_API_CALL__';

/** Choices on which other fields depend. */
const LEADING_FIELD = /Source$|^model$/;

describe.each(RELEASES)('The panel in the editor of n8n $version', (release) => {
	const test = useN8n(release);
	const browser = useEditor(test, { height: 1400 });
	let description: INodeTypeDescription;

	beforeAll(async () => {
		const types = await test.rest.nodeTypes();
		description = types.find(({ name }) => name === TYPE) as INodeTypeDescription;
		const { ltxApi } = test;
		const { id, nodes } = await test.rest.createWorkflow(
			chain(node('LTX Video', TYPE, 1, {}, { credentials: { ltxApi } })),
		);
		await browser.editor.openPanel(id, nodes[0].id);
	});

	const isShown = (property: INodeProperties, values: INodeParameters, root?: INodeParameters) =>
		NodeHelpers.displayParameter(values, property, NODE, description, root);

	/** What the panel has to show for these choices, by the description of the node. */
	function expectedPanel(choices: INodeParameters) {
		const { properties } = description;
		const parameters = NodeHelpers.getNodeParameters(
			properties,
			choices,
			true,
			false,
			NODE,
			description,
		) as INodeParameters;
		const issues = NodeHelpers.getNodeParametersIssues(
			properties,
			{ ...NODE, parameters },
			description,
		);
		const shown = properties.filter((property) => isShown(property, parameters));
		const fields = shown.map(({ name, displayName }): PanelField => ({
			name,
			label: displayName,
			hasIssue: issues?.parameters?.[name] !== undefined,
		}));
		const collections = shown
			.filter(({ type }) => type === 'collection')
			.map(({ placeholder, options }) => ({
				placeholder: placeholder as string,
				offered: (options as INodeProperties[])
					.filter((option) => isShown(option, {}, parameters))
					.map(({ displayName }) => displayName),
			}));
		return { parameters, shown, fields, collections };
	}

	async function expectPanel(choices: INodeParameters): Promise<void> {
		const expected = expectedPanel(choices);
		await eventually(async () => {
			expect(await browser.editor.fields()).toEqual(expected.fields);
		});
	}

	/** The entries of a menu that the editor has to show for these choices. */
	const optionsOf = (choices: INodeParameters, parameter: string) => {
		const { shown, parameters } = expectedPanel(choices);
		const property = shown.find(({ name }) => name === parameter);
		return (property?.options as INodePropertyOptions[]).filter(
			(entry) =>
				entry.value !== CUSTOM_API_CALL &&
				NodeHelpers.displayParameter(parameters, entry, NODE, description),
		);
	};

	/** Chooses what stands for a value in a menu, with these other choices made before. */
	async function choose(
		parameter: string,
		value: INodePropertyOptions['value'],
		others: INodeParameters = {},
	): Promise<void> {
		const [{ name }] = optionsOf(others, parameter).filter((option) => option.value === value);
		await browser.editor.choose(parameter, name);
	}

	it.each([...Object.keys(ENDPOINTS), FILE_RESOURCE])(
		'shows the fields of each operation of %s and no other',
		async (resource) => {
			await choose('resource', resource);
			const operations = optionsOf({ resource }, 'operation');
			expect(operations).not.toEqual([]);
			for (const { value: operation } of operations) {
				await choose('operation', operation, { resource });
				await expectPanel({ resource, operation });
				for (const { placeholder, offered } of expectedPanel({ resource, operation }).collections) {
					expect({ operation, offered: await browser.editor.offeredBy(placeholder) }).toEqual({
						operation,
						offered,
					});
				}
			}
		},
	);

	it.each(Object.keys(ENDPOINTS))(
		'shows the fields that go with each source and model of %s',
		async (resource) => {
			const base = { resource, operation: 'submitAndWait' };
			await choose('resource', resource);
			await choose('operation', base.operation, { resource });
			const leading = expectedPanel(base).shown.filter(({ name }) => LEADING_FIELD.test(name));
			// What an endpoint takes that this version does not know, the user says in other ways.
			expect(leading.length > 0).toBe(resource !== 'otherEndpoint');
			for (const field of leading) {
				const values = optionsOf(base, field.name).map(({ value }) => value);
				// The default comes last: then the panel is as it was for the next field.
				const others = values.filter((value) => value !== field.default);
				for (const value of [...others, field.default as string]) {
					await choose(field.name, value, base);
					await expectPanel({ ...base, [field.name]: value });
				}
			}
		},
	);

	it('offers the durations that LTX documents for the model and the size', async () => {
		const { editor } = browser;
		const base = { resource: 'textToVideo', operation: 'submitAndWait' };
		await choose('resource', base.resource);
		await choose('operation', base.operation, base);
		const offered: string[] = [];
		for (const choices of [
			{ model: 'ltx-2-3-fast', resolution: '1920x1080' },
			{ model: 'ltx-2-5-fast', resolution: '1280x720' },
			{ model: 'ltx-2-5-fast', resolution: '3840x2160' },
		]) {
			for (const [name, value] of Object.entries(choices)) await choose(name, value, base);
			const expected = optionsOf({ ...base, ...choices }, 'duration').map(({ name }) => name);
			expect([choices, await editor.entriesOf('duration')]).toEqual([choices, expected]);
			offered.push(expected.join());
		}
		expect(new Set(offered).size).toBe(3);
	});

	/** Opens the panel of a node that is ready to run, in a workflow of its own. */
	async function openReadyNode(parameters: INodeParameters): Promise<void> {
		const { id, nodes } = await test.rest.createWorkflow(
			chain(manualTrigger(), ltxVideo(test.ltxApi, parameters)),
		);
		await browser.editor.openPanel(id, nodes[1].id);
	}

	it('keeps a duration that the chosen model hides in the menu, shows it, and sends it', async () => {
		const { editor } = browser;
		const base = { resource: 'imageToVideo', resolution: '1920x1080' };
		await openReadyNode(base);
		await choose('duration', 20, base);
		await choose('model', 'ltx-2-3-pro', base);
		await eventually(async () => {
			expect(await editor.entriesOf('duration')).not.toContain('20 Seconds');
		});
		expect(await editor.shownValue('duration')).toMatch(/^20/);
		const marked = (await editor.fields()).filter(({ hasIssue }) => hasIssue);
		expect(marked).toEqual([]);

		await editor.executeStep();
		await until(() => test.ltx.count('submit') > 0);
		const [{ body }] = test.ltx.requests.filter(({ kind }) => kind === 'submit');
		expect(body).toMatchObject({ model: 'ltx-2-3-pro', duration: 20 });
	});

	it('keeps the address of the video when another video resource is chosen', async () => {
		const { editor } = browser;
		const address = 'https://example.com/harbor.mp4';
		await openReadyNode({ resource: 'retake' });
		await editor.fill('videoUri', address);
		for (const resource of ['extend', 'videoToVideoHdr', 'videoToVideoReframe', 'retake']) {
			await choose('resource', resource);
			await expectPanelHas('videoUri');
			expect([resource, await editor.shownValue('videoUri')]).toEqual([resource, address]);
		}
	});

	async function expectPanelHas(parameter: string): Promise<void> {
		await eventually(async () => {
			expect((await browser.editor.fields()).map(({ name }) => name)).toContain(parameter);
		});
	}
});
