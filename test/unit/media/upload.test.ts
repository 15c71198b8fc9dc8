import { Readable } from 'node:stream';

import { LtxError } from '../../../nodes/LtxVideo/api/errors';
import type { InspectedFile } from '../../../nodes/LtxVideo/media/inspect';
import { uploadFile } from '../../../nodes/LtxVideo/media/upload';
import { createFakeClock } from '../fakeClock';

const MEBIBYTE = 1024 * 1024;
const MINUTE_MS = 60_000;

const SLOT = { upload_url: 'https://storage.example.com/1', storage_uri: 'ltx://uploads/1' };

/** How long a single try to send a file of this size may take. */
async function limitMsOf(sizeBytes: number): Promise<number> {
	let limitMs = 0;
	const helpers = {
		httpRequest: async ({ timeout }: { timeout: number }) => {
			limitMs = timeout;
			return { statusCode: 200 };
		},
	};
	const client = { createUpload: async () => SLOT };
	const file: InspectedFile = {
		mimeType: 'video/mp4',
		sizeBytes,
		open: async () => Readable.from([Buffer.alloc(1)]),
		readFacts: async () => ({}),
		field: 'The binary field "data"',
		name: 'a.mp4',
		storedId: undefined,
	};
	const limits = { clock: createFakeClock(), stop: new AbortController().signal };
	await uploadFile(helpers as never, client as never, file, limits);
	return limitMs;
}

it('tells after half a minute that LTX was never reached', async () => {
	const clock = createFakeClock();
	const unreachable = new LtxError('network_error', 'Upload could not reach LTX', {
		isPassing: true,
		isUnreachable: true,
	});
	const upload = async (wasReached: boolean) => {
		const client = {
			wasReached: () => wasReached,
			createUpload: async () => await Promise.reject(unreachable),
		};
		const startMs = clock.nowMs();
		const file = { sizeBytes: 1 } as InspectedFile;
		const limits = { clock, stop: new AbortController().signal };
		await expect(uploadFile({} as never, client as never, file, limits)).rejects.toThrow(
			unreachable.message,
		);
		return clock.nowMs() - startMs;
	};

	expect(await upload(false)).toBeLessThanOrEqual(30_000);
	expect(await upload(true)).toBeGreaterThan(4 * MINUTE_MS);
});

it('gives a small file the five minutes in which it may be sent again', async () => {
	expect(await limitMsOf(MEBIBYTE)).toBe(5 * MINUTE_MS);
});

it('gives a large file the time that a slow line needs', async () => {
	expect(await limitMsOf(200 * MEBIBYTE)).toBeGreaterThan(50 * MINUTE_MS);
});
