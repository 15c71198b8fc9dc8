import { detectFileType } from '../../nodes/LtxVideo/api/fileTypes';
import { Engine, type WorkflowJson } from '../engine/engine';
import packTarball from '../engine/packTarball';
import { REPOSITORY } from '../engine/paths';
import { LtxServer } from '../ltx-server/LtxServer';
import { readMp4 } from '../support/mp4';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';

/*
 * npm run demo -- [image] [prompt]
 *
 * Runs examples/image-to-video.json in n8n's engine. The form that starts the workflow is filled
 * in with the image and the prompt. Without LTX_API_KEY, LTX is a stand-in on this machine.
 */

const SAMPLE_IMAGE = join(REPOSITORY, 'examples', 'lighthouse.png');
const SAMPLE_PROMPT = 'Waves roll in below the lighthouse, its light turns slowly, wind and gulls';
const WORKFLOW = join(REPOSITORY, 'examples', 'image-to-video.json');
const STAND_IN_JOB_MS = 8_000;

class BadInput extends Error {}

function readImage(path: string): Buffer {
	if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
		throw new BadInput(`No such file: ${path}`);
	}
	const image = readFileSync(path);
	const { mimeType, name } = detectFileType(image);
	if (!mimeType.startsWith('image/')) throw new BadInput(`Not an image: ${path} is ${name}`);
	return image;
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

async function main([imageArgument, promptArgument]: string[]): Promise<void> {
	const imagePath = resolve(imageArgument ?? SAMPLE_IMAGE);
	const image = readImage(imagePath);
	const prompt = promptArgument ?? SAMPLE_PROMPT;
	if (prompt.trim() === '') throw new BadInput('The prompt is empty');

	packTarball();
	const realKey = process.env.LTX_API_KEY;
	const standIn = realKey ? undefined : await LtxServer.start({ jobMs: STAND_IN_JOB_MS });
	const ltxApi = standIn
		? { apiKey: standIn.apiKey, baseUrl: standIn.apiUrl }
		: { apiKey: realKey as string, baseUrl: process.env.LTX_BASE_URL ?? 'https://api.ltx.io' };
	console.log(
		standIn
			? 'LTX_API_KEY is not set: using the stand-in for the LTX API, which costs nothing.'
			: 'Using the LTX API. 6 s of 720p video with ltx-2-3-fast cost about USD 0.18.',
	);
	console.log(`Image:  ${relative(process.cwd(), imagePath)}\nPrompt: ${prompt}`);

	const engine = await Engine.start();
	const workflow = JSON.parse(readFileSync(WORKFLOW, 'utf8')) as WorkflowJson;
	const upload = await engine.storeFile(image, basename(imagePath), 'application/octet-stream');
	workflow.pinData = {
		'On form submission': [{ json: { Prompt: prompt }, binary: { Image: upload } }],
	};
	const stopProgress = showProgress(engine);
	const execution = engine.execute(workflow, { ltxApi });
	process.once('SIGINT', () => execution.stop());
	const { data } = await execution.finished;
	stopProgress();
	await standIn?.stop();

	if (data.resultData.error) {
		throw new BadInput(oneLine(data.resultData.error));
	}
	const [item] = data.resultData.runData['LTX Video'][0].data?.main[0] ?? [];
	const video = await engine.readFile(item.binary!.data);
	const folder = join(REPOSITORY, 'out');
	mkdirSync(folder, { recursive: true });
	const path = join(folder, item.binary!.data.fileName as string);
	writeFileSync(path, video);
	const { durationSeconds } = readMp4(video);
	console.log(`Job:    ${String(item.json.id)} (${String(item.json.status)})`);
	console.log(
		`Video:  ${relative(process.cwd(), path)} (${durationSeconds.toFixed(1)} s, ${video.length} bytes)`,
	);
}

main(process.argv.slice(2)).then(
	() => process.exit(0),
	(error: Error) => {
		console.error(`Demo failed: ${error instanceof BadInput ? error.message : error.stack}`);
		process.exit(1);
	},
);
