import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';

import type { IBinaryData } from 'n8n-workflow';

import { detectFileType, HEAD_BYTES } from '../../nodes/LtxVideo/media/fileTypes';
import { Engine, type WorkflowJson } from '../engine/engine';
import packTarball from '../engine/packTarball';
import { REPOSITORY } from '../engine/paths';
import { workflowWith } from '../engine/runNode';
import { ltxToUse } from '../ltx-server/ltxToUse';
import { readMp4 } from '../samples/readMp4';
import { DEMO_KINDS, type DemoKind } from './kinds';

/*
 * npm run demo -- [kind] [file] [prompt]
 *
 * Runs the node in n8n's engine: for an image, the workflow examples/image-to-video.json, whose form
 * is filled in with the image and the prompt; for the other kinds, a workflow with nothing but the
 * node. Without LTX_API_KEY, LTX is a stand-in on this machine.
 */

const WORKFLOW = join(REPOSITORY, 'examples', 'image-to-video.json');
const STAND_IN_JOB_MS = 8_000;

class BadInput extends Error {}

interface Demo {
	kind: DemoKind;
	file?: { path: string; bytes: Buffer };
	prompt?: string;
}

function readFile(path: string, { label, kinds }: NonNullable<DemoKind['file']>): Buffer {
	if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
		throw new BadInput(`No such file: ${path}`);
	}
	const bytes = readFileSync(path);
	const type = detectFileType(bytes.subarray(0, HEAD_BYTES));
	if (!kinds.some(({ takes }) => takes(type))) {
		const types = kinds.map(({ types: known }) => known).join('; ');
		throw new BadInput(`LTX takes no such ${label}: ${path} is ${type.name}, but must be ${types}`);
	}
	return bytes;
}

/** A first word that is no kind belongs to the file: the kind is image then. */
function readArguments(words: string[]): Demo {
	const isNamed = words[0] !== undefined && Object.hasOwn(DEMO_KINDS, words[0]);
	const kind = DEMO_KINDS[isNamed ? words[0] : 'image'];
	const rest = isNamed ? words.slice(1) : [...words];
	const path = kind.file && resolve(rest.shift() ?? kind.file.sample);
	const bytes = kind.file && path && readFile(path, kind.file);
	const prompt = kind.prompt === undefined ? undefined : (rest.shift() ?? kind.prompt);
	if (prompt?.trim() === '') throw new BadInput('The prompt is empty');
	if (rest.length > 0) throw new BadInput(`Too many words: ${rest.join(' ')}`);
	return { kind, prompt, ...(path && bytes && { file: { path, bytes } }) };
}

async function createWorkflow(engine: Engine, { kind, file, prompt }: Demo): Promise<WorkflowJson> {
	const binary =
		file && (await engine.storeFile(file.bytes, basename(file.path), 'application/octet-stream'));
	if (kind !== DEMO_KINDS.image) {
		return workflowWith({
			parameters: { ...kind.parameters, ...(prompt !== undefined && { prompt }) },
			items: [{ ...(binary && { binary: { data: binary } }) }],
		});
	}
	const workflow = JSON.parse(readFileSync(WORKFLOW, 'utf8')) as WorkflowJson;
	workflow.pinData = {
		'On form submission': [{ json: { Prompt: prompt }, binary: { Image: binary as IBinaryData } }],
	};
	return workflow;
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

function showProgress(engine: Engine): () => void {
	const startMs = Date.now();
	let status = 'starting';
	const print = () => {
		const line = `${Math.round((Date.now() - startMs) / 1000)} s: ${status}`;
		if (process.stdout.isTTY) process.stdout.write(`\r${line.padEnd(60)}`);
		else console.log(line);
	};
	engine.onLog(({ message }) => {
		const job = /^LTX job \S+ is (\w+)/.exec(message);
		const next = job ? job[1] : /^LTX accepted/.test(message) ? 'accepted' : undefined;
		if (next === undefined || next === status) return;
		status = next;
		print();
	});
	const timer = process.stdout.isTTY ? setInterval(print, 1000) : undefined;
	return () => {
		clearInterval(timer);
		if (process.stdout.isTTY) process.stdout.write('\n');
	};
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

async function main(words: string[]): Promise<void> {
	const demo = readArguments(words);
	const { kind, file, prompt } = demo;

	packTarball();
	const { ltxApi, standIn } = await ltxToUse({ jobMs: STAND_IN_JOB_MS });
	console.log(
		standIn
			? 'LTX_API_KEY is not set: using the stand-in for the LTX API, which costs nothing.'
			: `Using the LTX API. ${kind.cost}`,
	);
	if (file) console.log(`File:   ${relative(process.cwd(), file.path)}`);
	if (prompt !== undefined) console.log(`Prompt: ${prompt}`);

	const engine = await Engine.start();
	const workflow = await createWorkflow(engine, demo);
	const stopProgress = showProgress(engine);
	const execution = engine.execute(workflow, { ltxApi });
	process.once('SIGINT', () => execution.stop());
	const { data } = await execution.finished;
	stopProgress();
	await standIn?.stop();

	if (data.resultData.error) {
		throw new BadInput(oneLine(data.resultData.error));
	}
	const [{ json, binary }] = data.resultData.runData['LTX Video'][0].data?.main[0] ?? [];
	if (json.storage_uri) console.log(`URI:    ${String(json.storage_uri)} (for 24 hours)`);
	if (json.id) console.log(`Job:    ${String(json.id)} (${String(json.status)})`);
	if (binary) await saveFile(engine, binary.data);
}

main(process.argv.slice(2)).then(
	() => process.exit(0),
	(error: Error) => {
		console.error(`Demo failed: ${error instanceof BadInput ? error.message : error.stack}`);
		process.exit(1);
	},
);
