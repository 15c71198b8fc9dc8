import { median, rounded, type Figure } from '../figures';
import { answerParent, runInOwnProcess } from '../ownProcess';
import { startRemoteServer, type RemoteServer } from '../remoteServer';
import type { Direction, NodeName, ProbeInput } from './fileMemoryProbe';

const RUNS = 3;
const VIDEO_BYTES = 200e6;
const IMAGE_BYTES = 14e6;

async function peaksOf(
	{ apiKey, apiUrl }: RemoteServer,
	direction: Direction,
	node: NodeName,
	fileBytes: number,
) {
	const input: ProbeInput = { apiKey, apiUrl, direction, node, fileBytes };
	return await runInOwnProcess<number>('groups/fileMemoryProbe', input);
}

/** Peak memory of our node over that of n8n's HTTP Request node, each in its own process. */
async function compare(name: string, direction: Direction, fileBytes: number): Promise<Figure> {
	const isDownload = direction === 'download';
	const server = await startRemoteServer(isDownload ? { videoBytes: fileBytes } : {});
	const peaks: Record<NodeName, number[]> = { ltx: [], http: [] };
	for (let run = 0; run < RUNS; run++) {
		peaks.ltx.push(await peaksOf(server, direction, 'ltx', fileBytes));
		peaks.http.push(await peaksOf(server, direction, 'http', fileBytes));
	}
	await server.seen();
	await server.stop();
	const toMegabytes = (values: number[]) => values.map((bytes) => rounded(bytes / 1e6));
	return {
		name,
		measured: median(peaks.ltx) / median(peaks.http),
		atMost: 1.1,
		details: { ltxMB: toMegabytes(peaks.ltx), httpRequestMB: toMegabytes(peaks.http) },
	};
}

answerParent(async () => [
	await compare('peak memory, 200 MB video out ÷ HTTP Request node', 'download', VIDEO_BYTES),
	await compare('peak memory, 14 MB image in ÷ HTTP Request node', 'uploadImage', IMAGE_BYTES),
	await compare('peak memory, 200 MB video in ÷ HTTP Request node', 'uploadVideo', VIDEO_BYTES),
]);
