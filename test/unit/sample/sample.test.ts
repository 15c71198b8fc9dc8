import { WorkflowExecuteModeList } from 'n8n-workflow';

import {
	ALL_RESULTS,
	anyResult,
	MP4_RESULT,
	zipResult,
} from '../../../nodes/LtxVideo/media/resultFile';
import {
	createSample,
	finishSample,
	isOfEditor,
	isSampleId,
	keepSampleFile,
	SAMPLE_OPTIONS,
	sampleUri,
	wantsSample,
} from '../../../nodes/LtxVideo/sample/sample';
import { createFakeContext } from '../fakeContext';
import { refusalOf } from '../refusalOf';

describe('an execution of the editor', () => {
	const modes = [...WorkflowExecuteModeList, 'a mode of tomorrow'];

	it('is one of the mode manual, and no other', () => {
		const ofEditor = modes.filter((mode) => isOfEditor(createFakeContext({ mode })));

		expect(ofEditor).toEqual(['manual']);
	});

	it('is the Retry of one, and of no other', () => {
		const ofEditor = modes.filter((source) =>
			isOfEditor(createFakeContext({ mode: 'retry', source })),
		);

		expect(ofEditor).toEqual(['manual']);
	});

	it.each<[string, object]>([
		['n8n does not tell', { getMode: () => 'retry' }],
		['n8n has kept nothing', { getMode: () => 'retry', getExecutionContext: () => undefined }],
	])('is no Retry of which %s how it began', (_what, context) => {
		expect(isOfEditor(context as Parameters<typeof isOfEditor>[0])).toBe(false);
	});

	it('is one whose tool a worker calls in the name of a webhook', () => {
		const ofEditor = modes.filter((source) =>
			isOfEditor(createFakeContext({ mode: 'webhook', source })),
		);

		expect(ofEditor).toEqual(['manual']);
	});

	it('is no other execution, though it was begun by one of the editor', () => {
		expect(isOfEditor(createFakeContext({ mode: 'integrated', source: 'manual' }))).toBe(false);
	});
});

it('says which executions that the editor begins make real videos all the same', () => {
	const editor = SAMPLE_OPTIONS.find(({ value }) => value === 'editor');

	expect(editor?.description).toMatch(/evaluations and sub-workflows make real videos/);
});

describe('a sample is wanted', () => {
	const wanted = (chosen: unknown) =>
		[true, false].map((isEditor) => wantsSample(() => chosen, isEditor));

	it.each<[unknown, boolean[]]>([
		[undefined, [false, false]],
		['never', [false, false]],
		['editor', [true, false]],
		[' editor ', [true, false]],
		['in the editor', [true, false]],
		['Always', [true, true]],
		['always', [true, true]],
	])('with %p in the editor and elsewhere: %p', (chosen, expected) => {
		expect(wanted(chosen)).toEqual(expected);
	});

	it.each([null, '', 'yes', true, 7])('by no other word, such as %p', (chosen) => {
		const { message } = refusalOf(() => wantsSample(() => chosen, true));

		expect(message).toMatch(/^Sample Instead of Video /);
	});
});

const ID = 'sample-6f1c2f0e-5a3d-4c58-9d0b-2b7e4a91c7d3';

describe('a sample', () => {
	it('begins as a job that LTX has accepted', () => {
		const sample = createSample();

		expect(sample).toEqual({
			id: expect.stringMatching(/^sample-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as unknown,
			created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
			sample: true,
		});
		expect(createSample().id).not.toBe(sample.id);
	});

	it('is known by its id, wherever that comes from', () => {
		expect([createSample().id, ID, '6f1c2f0e', 'resample-1'].map(isSampleId)).toEqual([
			true,
			true,
			false,
			false,
		]);
	});

	it.each([
		[MP4_RESULT, { video_url: 'video' }],
		[
			zipResult('exr_frames_url', ['video_url']),
			{ exr_frames_url: 'exr_frames', video_url: 'video' },
		],
		[anyResult('matte_url'), { matte_url: 'matte' }],
		[ALL_RESULTS, { video_url: 'video' }],
	])('ends with addresses that lead nowhere: %j', (result, files) => {
		const created_at = '2026-11-30T12:00:00.000Z';

		expect(finishSample({ id: ID, created_at }, result)).toEqual({
			id: ID,
			status: 'completed',
			created_at,
			completed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
			result: Object.fromEntries(
				Object.entries(files).map(([key, file]) => [key, `https://sample.invalid/${ID}/${file}`]),
			),
			sample: true,
		});
	});

	it('stays one segment of an address whatever its id holds', () => {
		const { result } = finishSample({ id: 'sample-../x?' }, MP4_RESULT);

		expect(result).toEqual({ video_url: 'https://sample.invalid/sample-..%2Fx%3F/video' });
	});

	it('has a time also where nobody knows when it began', () => {
		expect(finishSample({ id: ID }, MP4_RESULT).created_at).toMatch(/^\d{4}-\d\d-\d\dT/);
	});

	it('has an address for each file of its request', () => {
		expect(sampleUri(ID, 'image_uri')).toBe(`ltx://sample.invalid/${ID}/image_uri`);
	});
});

describe('the file of a sample', () => {
	it('is told apart from others of its job', async () => {
		const prepareBinaryData = jest.fn().mockResolvedValue({});

		await keepSampleFile({ prepareBinaryData }, ALL_RESULTS, 'sale', '-video');

		expect(prepareBinaryData).toHaveBeenCalledWith(
			expect.any(Buffer),
			'sale-video.mp4',
			'video/mp4',
		);
	});

	it.each([
		[MP4_RESULT, 'sale.mp4', 'video/mp4', 'ftyp', 4],
		[zipResult('exr_frames_url'), 'sale.zip', 'application/zip', 'PK', 0],
		[anyResult('matte_url'), 'sale.mp4', 'video/mp4', 'ftyp', 4],
	])('is what may come for %j, named like a real one', async (result, name, type, word, place) => {
		const prepareBinaryData = jest.fn().mockResolvedValue({ mimeType: type });

		await keepSampleFile({ prepareBinaryData }, result, 'sale');

		const [bytes, ...given] = prepareBinaryData.mock.calls[0] as [Buffer, string, string];
		expect(given).toEqual([name, type]);
		expect(bytes.indexOf(word)).toBe(place);
	});

	it('is missed in words, where n8n cannot keep it', async () => {
		const full = Object.assign(new Error('write failed'), { code: 'ENOSPC' });
		const keep = keepSampleFile(
			{ prepareBinaryData: jest.fn().mockRejectedValue(full) },
			MP4_RESULT,
			'sale',
		);

		await expect(keep).rejects.toMatchObject({
			type: 'download_failed',
			message: 'n8n could not keep the sample: there is no disk space left',
			advice: 'Check the storage of n8n.',
		});
	});
});
