import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

import type { IBinaryData } from 'n8n-workflow';

import { ENDPOINTS } from '../../nodes/LtxVideo/endpoints';
import { Engine, type WorkflowJson } from '../engine/engine';
import packTarball from '../engine/packTarball';
import { REPOSITORY } from '../engine/paths';
import { workflowWith } from '../engine/runNode';
import { ltxToUse } from '../ltx-server/ltxToUse';
import { readMp4 } from '../samples/readMp4';
import { BadInput, type Demo } from './arguments';
import { showProgress } from './showProgress';

const STAND_IN_JOB_MS = 8_000;

async function createWorkflow(engine: Engine, { kind, file, prompt }: Demo): Promise<WorkflowJson> {
	const content = file?.content;
	const data =
		file &&
		Buffer.isBuffer(content) &&
		(await engine.storeFile(content, basename(file.path), 'application/octet-stream'));
	const urlField = kind.file?.urlField;
	const asText = typeof content === 'string' && {
		[`${urlField}Source`]: 'url',
		[`${urlField}Uri`]: content,
	};
	return workflowWith({
		parameters: { ...kind.parameters, ...(prompt !== undefined && { prompt }), ...asText },
		items: [{ ...(data && { binary: { data } }) }],
	});
}

/** A node error on one line. */
function oneLine({
	message,
	description,
}: {
	message: string;
	description?: string | null;
}): string {
	return [message, description].filter(Boolean).join('. ');
}

async function saveFile(engine: Engine, binary: IBinaryData): Promise<void> {
	const bytes = await engine.readFile(binary);
	const folder = join(REPOSITORY, 'out');
	mkdirSync(folder, { recursive: true });
	const path = join(folder, binary.fileName as string);
	writeFileSync(path, bytes);
	const facts = [`${bytes.length} bytes`];
	if (binary.fileExtension === 'mp4') {
		facts.unshift(`${readMp4(bytes).durationSeconds.toFixed(1)} s`);
	}
	console.log(`Result: ${relative(process.cwd(), path)} (${facts.join(', ')})`);
}

/**
 * Runs the node as the user asked, and tells how that goes.
 * @throws {BadInput} with the node's own words where it fails
 */
export async function makeVideo(demo: Demo): Promise<void> {
	const { kind, file, prompt, isNeutralPrompt } = demo;
	console.log('Building the package');
	packTarball();
	const { ltxApi, standIn } = await ltxToUse({ jobMs: STAND_IN_JOB_MS });
	console.log(
		standIn
			? 'LTX_API_KEY is not set: using a stand-in for LTX, which costs nothing and always gives the same video.'
			: `Using the LTX API. ${ENDPOINTS[String(kind.parameters.resource)]?.description ?? 'Uploads are free.'}`,
	);
	if (file) console.log(`File:   ${relative(process.cwd(), file.path)}`);
	if (prompt !== undefined) {
		console.log(
			`Prompt: ${prompt}${isNeutralPrompt ? ' (give one of your own after the file)' : ''}`,
		);
	}

	const engine = await Engine.start();
	const workflow = await createWorkflow(engine, demo);
	const stopProgress = showProgress((listener) => engine.onLog(listener), process.stdout);
	const execution = engine.execute(workflow, { ltxApi });
	process.once('SIGINT', () => execution.stop());
	const { data } = await execution.finished;
	stopProgress();
	await standIn?.stop();

	if (data.resultData.error) {
		throw new BadInput(oneLine(data.resultData.error));
	}
	const [finished, failed] = data.resultData.runData['LTX Video'][0].data?.main ?? [];
	// The workflow for an image does not end with an error: it has a page for it.
	if (failed?.[0]) throw new BadInput(String(failed[0].json.message));
	const [{ json, binary }] = finished ?? [];
	if (json.storage_uri) console.log(`URI:    ${String(json.storage_uri)} (for 24 hours)`);
	if (json.id) console.log(`Job:    ${String(json.id)} (${String(json.status)})`);
	for (const file of Object.values(binary ?? {})) await saveFile(engine, file);
}
