import { median, rounded, type Figure } from '../figures';
import { answerParent, runInOwnProcess } from '../support/ownProcess';
import { startRemoteServer, type RemoteServer } from '../support/remoteServer';
import type { Direction, NodeName, ProbeInput } from './fileMemoryProbe';

const RUNS = 3;
const VIDEO_BYTES = 200e6;
const IMAGE_BYTES = 14e6;

async function peaksOf(server: RemoteServer, direction: Direction, node: NodeName) {
	const { apiKey, apiUrl } = server;
	const input: ProbeInput = { apiKey, apiUrl, direction, node, imageBytes: IMAGE_BYTES };
	return await runInOwnProcess<number>('groups/fileMemoryProbe', input);
}

/** Peak memory of our node over that of n8n's HTTP Request node, each in its own process. */
async function compare(name: string, direction: Direction, input = {}): Promise<Figure> {
	const server = await startRemoteServer(input);
	const peaks: Record<NodeName, number[]> = { ltx: [], http: [] };
	for (let run = 0; run < RUNS; run++) {
		peaks.ltx.push(await peaksOf(server, direction, 'ltx'));
		peaks.http.push(await peaksOf(server, direction, 'http'));
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
	await compare('peak memory, 200 MB video out ÷ HTTP Request node', 'download', {
		videoBytes: VIDEO_BYTES,
	}),
	await compare('peak memory, 14 MB image in ÷ HTTP Request node', 'upload'),
]);
