import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodePropertyOptions,
	type INodeTypeDescription,
} from 'n8n-workflow';
import type { Locator } from 'playwright-core';
import sharp from 'sharp';

import { REPOSITORY } from '../engine/paths';
import { chain, manualTrigger, node } from '../engine/workflow';
import { LtxServer } from '../ltx-server/LtxServer';
import { Editor } from './editor';
import { installN8n } from './install';
import { makeNodesFolder } from './ltxPackage';
import type { CredentialReference } from './N8nClient';
import { N8nInstance } from './N8nInstance';
import { N8N_2 } from './releases';
import { ltxVideo } from './workflows';

/*
 * npm run docs:pictures
 *
 * Takes the pictures in docs anew: the panel of each resource and operation, and a run. Needs
 * Chromium.
 */

const TYPE = 'n8n-nodes-ltx-video.ltxVideo';
const DOCS = join(REPOSITORY, 'docs');
const COLOURS = 64;
const EXAMPLE = 'e.g. ';

interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** The smallest area that holds all of these, with a margin around it. */
async function areaOf(locators: Locator[], margin: number): Promise<Area> {
	const boxes = (await Promise.all(locators.map(async (one) => await one.boundingBox()))).filter(
		(box) => box !== null,
	);
	const x = Math.min(...boxes.map((box) => box.x)) - margin;
	const y = Math.min(...boxes.map((box) => box.y)) - margin;
	const right = Math.max(...boxes.map((box) => box.x + box.width)) + margin;
	const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + margin;
	return { x, y, width: right - x, height: bottom - y };
}

async function save(editor: Editor, clip: Area, name: string): Promise<void> {
	const picture = await editor.page.screenshot({ clip, animations: 'disabled' });
	const path = join(DOCS, `${name}.png`);
	const { size } = await sharp(picture)
		.png({ palette: true, colours: COLOURS, effort: 10 })
		.toFile(path);
	console.log(`${path}: ${Math.round(size / 1000)} kB`);
}

/** Fills every shown text that is empty with the example that its placeholder gives. */
function withExamples(description: INodeTypeDescription, chosen: INodeParameters): INodeParameters {
	const self = { name: 'LTX Video', typeVersion: 1 } as INode;
	const { properties } = description;
	const all = NodeHelpers.getNodeParameters(properties, chosen, true, false, self, description);
	const empty = properties.filter(
		(property) =>
			property.placeholder?.startsWith(EXAMPLE) &&
			property.default === '' &&
			NodeHelpers.displayParameter(all ?? {}, property, self, description),
	);
	const examples = empty.map(({ name, placeholder }) => [name, placeholder?.slice(EXAMPLE.length)]);
	return { ...Object.fromEntries(examples), ...chosen } as INodeParameters;
}

interface Panel {
	name: string;
	parameters: INodeParameters;
}

/** Every operation of every resource. The one that n8n begins with has the name of the resource. */
function panelsOf({ properties }: INodeTypeDescription): Panel[] {
	const resources = properties.find(({ name }) => name === 'resource');
	const valuesOf = (options: unknown) =>
		(options as INodePropertyOptions[]).map(({ value }) => String(value)).filter(isOwn);
	return valuesOf(resources?.options).flatMap((resource) => {
		const operations = properties.find(
			({ name, displayOptions }) =>
				name === 'operation' && displayOptions?.show?.resource?.includes(resource),
		);
		return valuesOf(operations?.options).map((operation) => ({
			name:
				operation === operations?.default
					? kebab(resource)
					: `${kebab(resource)}-${kebab(operation)}`,
			parameters: { resource, operation },
		}));
	});
}

/** What the recipe "While you build" adds. */
const SAMPLE_PANEL: Panel = {
	name: 'sample',
	parameters: { options: { sample: 'editor' } },
};

/** n8n adds an entry that leads to its HTTP Request node. */
function isOwn(value: string): boolean {
	return value !== '__CUSTOM_API_CALL__';
}

function kebab(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

async function takePanels(n8n: N8nInstance, ltxApi: CredentialReference): Promise<void> {
	const description = (await n8n.rest.nodeTypes()).find(
		({ name }) => name === TYPE,
	) as INodeTypeDescription;
	// Higher than any panel, so that none has to be scrolled.
	const editor = await Editor.open(n8n.url, { width: 1280, height: 1600, scale: 1.5 });
	for (const { name, parameters } of [...panelsOf(description), SAMPLE_PANEL]) {
		const { id, nodes } = await n8n.rest.createWorkflow(
			chain(
				node('LTX Video', TYPE, 1, withExamples(description, parameters), {
					credentials: { ltxApi },
				}),
			),
		);
		await editor.openPanel(id, nodes[0].id);
		const rows = editor
			.panel()
			.locator('[data-test-id="parameter-item"]')
			.filter({ visible: true });
		await save(editor, await areaOf(await rows.all(), 8), join('panels', name));
	}
	await editor.close();
}

async function takeRun(n8n: N8nInstance, ltxApi: CredentialReference): Promise<void> {
	const editor = await Editor.open(n8n.url, { width: 1440, height: 860, scale: 1.5 });
	const video = ltxVideo(ltxApi, {
		resource: 'textToVideo',
		prompt: 'A lighthouse at night, waves roll in',
		resolution: '1280x720',
		options: { pollInterval: 1 },
	});
	// As n8n names it where somebody chooses this action.
	const name = 'Make video from text';
	const { id } = await n8n.rest.createWorkflow(chain(manualTrigger(), { ...video, name }));
	await editor.openWorkflow(id);
	await editor.execute();
	await editor.executionEnd();
	await editor.succeeded(name).waitFor();
	const toast = editor.page.getByRole('alert');
	await toast.waitFor({ state: 'hidden' });
	const nodes = await editor.page.locator('[data-test-id="canvas-node"]').all();
	// Names stand below the nodes, and are no part of their boxes.
	await save(editor, await areaOf(nodes, 120), 'canvas');
	await editor.openNode(name);
	await editor.playVideo();
	const panel = await areaOf([editor.outputPanel()], 0);
	const player = await areaOf([editor.outputPanel().locator('video')], 16);
	// Most of the panel is empty.
	await save(editor, { ...panel, height: player.y + player.height - panel.y }, 'output');
	await editor.close();
}

/** The output of a Submit that is pinned while somebody builds the workflow. */
async function takePinned(n8n: N8nInstance, ltxApi: CredentialReference): Promise<void> {
	const editor = await Editor.open(n8n.url, { width: 1440, height: 860, scale: 1.5 });
	const submit = { ...ltxVideo(ltxApi, { operation: 'submit', options: {} }), name: 'Submit' };
	const wait = {
		...ltxVideo(ltxApi, { operation: 'wait', jobId: '={{ $json.id }}' }),
		name: 'Wait',
	};
	const job = {
		id: '6f1c2f0e-5a3d-4c58-9d0b-2b7e4a91c7d3',
		created_at: '2026-11-30T09:00:00Z',
		status: 'pending',
		endpoint: 'image-to-video',
		estimated_cost_usd: 0.18,
	};
	const { id, nodes } = await n8n.rest.createWorkflow({
		...chain(manualTrigger(), submit, wait),
		pinData: { [submit.name]: [{ json: job }] },
	});
	await editor.openPanel(id, nodes[1].id);
	await editor.showOutputAs('table');
	const panel = await areaOf([editor.outputPanel()], 0);
	const table = await areaOf([editor.outputPanel().locator('table')], 16);
	await save(editor, { ...panel, height: table.y + table.height - panel.y }, 'pinned');
	await editor.close();
}

async function main(): Promise<void> {
	const [installation] = await installN8n([N8N_2], console.log);
	const nodesFolder = await makeNodesFolder();
	const ltx = await LtxServer.start({ jobMs: 1500 });
	const n8n = await N8nInstance.start(installation, { nodesFolder });
	try {
		await n8n.rest.setUpOwner();
		const ltxApi = await n8n.rest.createCredential('LTX API', 'ltxApi', {
			apiKey: ltx.apiKey,
			baseUrl: ltx.apiUrl,
		});
		mkdirSync(join(DOCS, 'panels'), { recursive: true });
		await takePanels(n8n, ltxApi);
		await takeRun(n8n, ltxApi);
		await takePinned(n8n, ltxApi);
	} finally {
		await n8n.remove();
		await ltx.stop();
	}
}

main().catch((error: Error) => {
	console.error(error);
	process.exit(1);
});
