import { randomBytes } from 'node:crypto';

import { Engine } from '../../engine/engine';
import { GOOD_REQUEST } from '../../engine/runNode';
import { LtxServer } from '../../ltx-server/LtxServer';
import { PNG, sample } from '../../samples/samples';
import { until } from '../../until';
import { answerParent, inputOfParent } from '../ownProcess';
import { peakRssDuring } from '../peakMemory';
import { runHttpRequest, runLtx } from '../runs';

export type Direction = 'download' | 'uploadImage' | 'uploadVideo';
export type NodeName = 'ltx' | 'http';

export interface ProbeInput {
	apiKey: string;
	apiUrl: string;
	direction: Direction;
	node: NodeName;
	fileBytes: number;
}

type Server = Pick<ProbeInput, 'apiKey' | 'apiUrl'>;

async function callApi(
	{ apiKey, apiUrl }: Server,
	method: 'GET' | 'POST',
	path: string,
	body?: object,
): Promise<Record<string, unknown>> {
	const response = await fetch(`${apiUrl}${path}`, {
		method,
		headers: { authorization: `Bearer ${apiKey}` },
		...(body && { body: JSON.stringify(body) }),
	});
	return (await response.json()) as Record<string, unknown>;
}

/** A job that has ended, so that nothing but its file is left to fetch. */
async function finishedJob(server: Server): Promise<{ jobId: string; url: string }> {
	const { imageUri, prompt, model, duration, resolution } = GOOD_REQUEST;
	const body = { image_uri: imageUri, prompt, model, duration, resolution };
	const { id } = await callApi(server, 'POST', '/v2/image-to-video', body);
	const result = await until(async () => {
		const job = await callApi(server, 'GET', `/v2/image-to-video/${String(id)}`);
		return job.result as { video_url: string } | undefined;
	}, 5);
	return { jobId: String(id), url: result.video_url };
}

async function download(engine: Engine, server: Server, node: NodeName) {
	const { jobId, url } = await finishedJob(server);
	if (node === 'ltx') {
		const parameters = { operation: 'wait', jobId };
		return async () => await runLtx(engine, server, { parameters });
	}
	const parameters = { url, options: { response: { response: { responseFormat: 'file' } } } };
	return async () => await runHttpRequest(engine, { parameters });
}

async function upload(
	engine: Engine,
	server: Server,
	{ direction, node, sizeBytes }: { direction: Direction; node: NodeName; sizeBytes: number },
) {
	const isImage = direction === 'uploadImage';
	const file = await engine.storeFile(
		fileOf(isImage ? PNG : sample('video.mov'), sizeBytes),
		'file',
		'application/octet-stream',
	);
	const items = [{ binary: { data: file } }];
	if (node === 'ltx') {
		const parameters = isImage
			? { operation: 'submit', imageSource: 'binary' }
			: { resource: 'file', operation: 'upload', binaryProperty: 'data' };
		return async () => await runLtx(engine, server, { parameters, items });
	}
	const slot = await callApi(server, 'POST', '/v1/upload');
	const headers = Object.entries(slot.required_headers as Record<string, string>);
	const parameters = {
		method: 'PUT',
		url: slot.upload_url as string,
		sendHeaders: true,
		headerParameters: { parameters: headers.map(([name, value]) => ({ name, value })) },
		sendBody: true,
		contentType: 'binaryData',
		inputDataFieldName: 'data',
	};
	return async () => await runHttpRequest(engine, { parameters, items });
}

/** A file by its beginning, of any size. */
function fileOf(beginning: Buffer, sizeBytes: number): Buffer {
	return Buffer.concat([beginning, randomBytes(Math.max(0, sizeBytes - beginning.length))]);
}

/** Sends a small file first, so that code is loaded before anything is counted. */
async function warmUp(engine: Engine, direction: Direction, node: NodeName): Promise<void> {
	const server = await LtxServer.start();
	const work =
		direction === 'download'
			? await download(engine, server, node)
			: await upload(engine, server, { direction, node, sizeBytes: 0 });
	await work();
	await server.stop();
}

/** Bytes that resident memory rises by while one node moves one large file. */
async function probe(): Promise<number> {
	const { direction, node, fileBytes, ...server } = inputOfParent<ProbeInput>();
	const engine = await Engine.start('filesystem');
	await warmUp(engine, direction, node);
	const work =
		direction === 'download'
			? await download(engine, server, node)
			: await upload(engine, server, { direction, node, sizeBytes: fileBytes });
	return await peakRssDuring(work);
}

answerParent(probe);
