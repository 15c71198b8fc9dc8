import { randomBytes } from 'node:crypto';

import { FileTooLargeError } from 'n8n-core';

import { GOOD_REQUEST, QUICK } from '../../tools/engine/runNode';
import { gzipped } from '../../tools/ltx-server/faults';
import { movieOf } from '../../tools/samples/movie';
import { PNG } from '../../tools/samples/samples';
import { REQUESTS } from './requests';
import { useLtx } from './useLtx';

/*
 * What n8n's own storage of files can do to a run.
 */

const WAITING = { ...GOOD_REQUEST, options: QUICK };
const FROM_FILE = { ...GOOD_REQUEST, operation: 'submit', imageSource: 'binary' };

function systemError(code: string, syscall: string): Error {
	return Object.assign(new Error(`${code}: it failed, ${syscall}`), { code, syscall });
}

describe('files on disk', () => {
	const ltx = useLtx();
	afterEach(() => ltx.engine.holdUpStorage(() => 0));

	it.each<[string, Error, RegExp]>([
		['is full', systemError('ENOSPC', 'write'), /there is no disk space left/],
		['may not be written', systemError('EACCES', 'open'), /n8n has no right/],
		['is an object store that fails', new Error('Request to S3 failed: denied'), /S3 failed/],
	])('are not fetched again when the storage %s', async (_name, error, words) => {
		ltx.engine.holdUpStorage(() => {
			throw error;
		});
		const result = await ltx.run({ parameters: WAITING });
		expect(result.error?.message).toMatch(words);
		expect(result.error?.message).toContain(ltx.server.jobs[0].id);
		expect(ltx.server.count('download')).toBe(1);
		const continued = await ltx.run({
			parameters: WAITING,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(continued.items[0].json.error).toMatchObject({
			type: 'download_failed',
			job_id: ltx.server.jobs[1].id,
			video_url: expect.any(String),
		});
	});

	it('that are too large for the database of n8n are told with the way out', async () => {
		ltx.engine.holdUpStorage(() => {
			throw new FileTooLargeError({ fileSizeMb: 900, maxFileSizeMb: 512, fileId: 'c0ffee' });
		});
		const { parameters } = REQUESTS.videoToVideoHdr;
		const { error } = await ltx.run({
			parameters: { resource: 'videoToVideoHdr', ...parameters, options: QUICK },
		});
		expect(error?.message).toMatch(
			/n8n could not keep the finished file: .*900 MB exceeds .*512 MB/,
		);
		expect(error?.description).toMatch(
			/^Raise N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE .*as Result File, choose Video\./,
		);
		expect(ltx.server.count('download')).toBe(1);
	});

	it('are missed at once when n8n has removed them', async () => {
		const file = await ltx.file(PNG);
		const gone = { ...file, id: `${String(file.id)}-gone` };
		const { error } = await ltx.run({ parameters: FROM_FILE, items: [{ binary: { data: gone } }] });
		expect(error?.message).toMatch(/^The binary field "data" cannot be read.*gone/);
		expect(ltx.server.requests).toEqual([]);
	});

	it('may come compressed though nobody asked, and be longer so', async () => {
		ltx.server.video = movieOf({ contentBytes: 0 });
		ltx.server.video = Buffer.concat([ltx.server.video, randomBytes(100_000)]);
		ltx.server.fail('download', gzipped);
		const { items, error } = await ltx.run({ parameters: WAITING });
		expect(error).toBeUndefined();
		expect(await ltx.engine.readFile(items[0].binary!.data)).toEqual(ltx.server.video);
		expect(ltx.server.count('download')).toBe(1);
	});

	it('may be waited for as long as nobody waits', async () => {
		const { error } = await ltx.run({
			parameters: { ...WAITING, options: { ...QUICK, maxWait: 99_999_999 } },
		});
		expect(error).toBeUndefined();
		expect(ltx.server.count('download')).toBe(1);
	});

	it('may be given by an expression that yields the file itself', async () => {
		const { error } = await ltx.run({
			parameters: { ...FROM_FILE, imageBinaryProperty: '={{ $binary.photo }}' },
			items: [{ binary: { photo: await ltx.file(PNG) } }],
		});
		expect(error).toBeUndefined();
		expect(ltx.server.count('put')).toBe(1);
	});

	it('are looked at side by side, and not after Stop', async () => {
		const film = movieOf({ contentBytes: 3_000_000 });
		const count = 12;
		const binary = { video: await ltx.file(film) };
		const { stop, finished } = ltx.start({
			parameters: {
				resource: 'retake',
				...REQUESTS.retake.parameters,
				videoSource: 'binary',
				videoBinaryProperty: 'video',
				operation: 'submit',
				options: { maxConcurrency: 2 },
			},
			items: Array.from({ length: count }, () => ({ binary })),
		});
		const startMs = Date.now();
		stop();
		const { run } = await finished;
		expect(run.status).toBe('canceled');
		expect(Date.now() - startMs).toBeLessThan(1_000);
		expect(ltx.server.requests).toEqual([]);
	});
});

describe('files in memory', () => {
	const ltx = useLtx({ binaryMode: 'default' });

	it('may have line breaks in their base64', async () => {
		const file = await ltx.file(PNG);
		const data = file.data.replace(/(.{76})/g, '$1\n');
		const { error } = await ltx.run({
			parameters: FROM_FILE,
			items: [{ binary: { data: { ...file, data } } }],
		});
		expect(error).toBeUndefined();
		const [put] = ltx.server.of('put');
		expect(Number(put.headers['content-length'])).toBe(PNG.length);
		expect((put.body as Buffer).equals(PNG)).toBe(true);
	});
});
