import { randomBytes } from 'node:crypto';

import { LtxServer } from '../ltx-server/LtxServer';
import { inputOfParent } from './ownProcess';
import { JOB_LENGTH, type ServerInput, type ServerMessage } from './remoteServer';

/** Random bytes after the beginning of the sample, so that it still is an MP4 by its bytes. */
function videoOf(sample: Buffer, sizeBytes: number): Buffer {
	return Buffer.concat([sample, randomBytes(sizeBytes - sample.length)]);
}

function tell(message: ServerMessage): void {
	process.send?.(message);
}

async function main(): Promise<void> {
	const { videoBytes, ...options } = inputOfParent<ServerInput>();
	const server = await LtxServer.start(options);
	if (videoBytes !== undefined) server.video = videoOf(server.video, videoBytes);
	server.planJob = ({ prompt }) => {
		const [, ms] = JOB_LENGTH.exec(String(prompt)) ?? [];
		return ms === undefined ? {} : { durationMs: Number(ms) };
	};
	process.on('message', () => {
		const { violations, requests, jobs, refusedAsFull } = server;
		tell({
			violations,
			requests: requests.map(({ kind, path, atMs }) => ({ kind, path, atMs })),
			accepted: jobs.map(({ body }) => String(body.prompt)),
			refusedAsFull,
		});
	});
	process.once('disconnect', () => process.exit(0));
	const { apiKey, apiUrl, storageUrl } = server;
	tell({ apiKey, apiUrl, storageUrl });
}

void main();
