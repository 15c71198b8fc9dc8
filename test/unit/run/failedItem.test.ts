import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { LtxError, type LtxErrorDetails } from '../../../nodes/LtxVideo/api/errors';
import type { PaidJobs } from '../../../nodes/LtxVideo/operations/paidJobs';
import { toFailedItem, toNodeError, toStoppedError } from '../../../nodes/LtxVideo/run/failedItem';
import { NODE } from '../node';

const SIGNED_URL = 'https://storage.example/v.mp4?X-Signature=secret';

function failure(details: LtxErrorDetails = {}, message = 'The download failed'): LtxError {
	return new LtxError('download_failed', message, details);
}

const EVERYTHING: LtxErrorDetails = {
	advice: 'Fetch the file with Get Status.',
	httpStatus: 503,
	requestId: 'req-7',
	jobId: 'job-1',
	videoUrl: SIGNED_URL,
	retryAfterMs: 1_000,
	isPassing: true,
};

const paid = (jobIds: string[], lost: number[] = [], more: Partial<PaidJobs> = {}) =>
	({
		isToolCall: false,
		replacedJobIds: () => [],
		forgottenJobIds: () => [],
		paidJobIds: () => jobIds,
		failedJobIds: () => [],
		lostItems: () => lost,
		...more,
	}) as unknown as PaidJobs;

describe('the item of a failure', () => {
	it('has the keys error and message and no other, so that n8n keeps its content', () => {
		expect(toFailedItem(failure(EVERYTHING), 'image-to-video', 4)).toEqual({
			json: {
				error: {
					type: 'download_failed',
					message: 'The download failed (job job-1)',
					endpoint: 'image-to-video',
					job_id: 'job-1',
					http_status: 503,
					request_id: 'req-7',
					video_url: SIGNED_URL,
				},
				message: 'The download failed (job job-1)',
			},
			pairedItem: { item: 4 },
		});
	});

	it('leaves out what is not known, keys and all', () => {
		const { json } = toFailedItem(failure(), 'image-to-video', 0);

		expect(Object.keys(json.error as object)).toEqual(['type', 'message', 'endpoint']);
	});

	it('leaves item.error unset, for which n8n would wipe the json', () => {
		expect(toFailedItem(failure(EVERYTHING), 'image-to-video', 0)).not.toHaveProperty('error');
	});

	it.each(['20', 'job'])('names the job id even where the words hold it by chance: %s', (jobId) => {
		const { json } = toFailedItem(
			failure({ jobId }, 'The job is pending after 20 minutes'),
			'image-to-video',
			0,
		);

		expect(json.message).toBe(`The job is pending after 20 minutes (job ${jobId})`);
	});

	it('keeps a hostile job id as data and shows it harmless', () => {
		const jobId = 'a\n<script>';

		const { json } = toFailedItem(failure({ jobId }), 'image-to-video', 0);

		expect(json).toMatchObject({ error: { job_id: jobId } });
		expect(json.message).toBe('The download failed (job a ‹script>)');
	});
});

describe('the error that ends the node', () => {
	it.each([
		['NodeApiError', NodeApiError, EVERYTHING],
		['NodeOperationError', NodeOperationError, { ...EVERYTHING, httpStatus: undefined }],
	])('is a %s by whether there was an answer', (_name, Kind, details) => {
		const error = toNodeError(NODE, failure(details), 4, paid(['job-0', 'job-1']));

		expect(error).toBeInstanceOf(Kind);
		expect(error.context.itemIndex).toBe(4);
		expect(error.node).toBe(NODE);
		expect(error.message).toBe('The download failed (job job-1)');
		expect(error.description).toBe(
			'Fetch the file with Get Status. Request ID: req-7. Jobs already submitted in this run: job-0, job-1. To go on, retry this execution in the list of executions: it takes up those whose request was not edited, and pays for none of them twice. A new run pays for all of them again.',
		);
	});

	it('has the HTTP status where there was an answer', () => {
		expect(toNodeError(NODE, failure(EVERYTHING), 0, paid([]))).toMatchObject({ httpCode: '503' });
	});

	it.each([503, undefined])('never holds the URL of the file (HTTP status %p)', (httpStatus) => {
		const error = toNodeError(NODE, failure({ ...EVERYTHING, httpStatus }), 0, paid(['job-1']));
		const everything = JSON.stringify([
			error,
			error.message,
			error.description,
			error.messages,
			error.cause,
			error.stack,
		]);

		expect(everything).not.toContain('secret');
	});

	it.each([
		['ECONNRESET', 503],
		['ECONNRESET', undefined],
		['ENOENT', undefined],
		['ETIMEDOUT', 408],
	])(
		'keeps a message that holds %s, which n8n would replace (HTTP status %p)',
		(code, httpStatus) => {
			const message = `The prompt "${code}" is refused`;

			expect(toNodeError(NODE, failure({ httpStatus }, message), 0, paid([])).message).toBe(
				message,
			);
		},
	);

	it.each<[string, LtxError, PaidJobs, string]>([
		[
			'input that was refused',
			new LtxError('invalid_input', 'Prompt is empty'),
			paid([]),
			'Correct the input. Nothing was charged.',
		],
		['another failure', failure(), paid([]), 'Nothing was charged.'],
		[
			'one after a job that failed',
			failure(),
			paid([], [], { failedJobIds: () => ['job-0'] }),
			'Jobs already submitted in this run: job-0.',
		],
		['a job of another run', failure({ jobId: 'job-0' }), paid([]), ''],
		['jobs that LTX has forgotten', failure({ isUnknownJob: true }), paid([]), ''],
		[
			'a lost answer',
			failure(),
			paid([], [2]),
			'The answer to the submit of item 2 was lost: its job may be running and charged. A Retry in the list of executions, or a new run, submits it again.',
		],
		[
			'a call of a tool',
			failure(),
			paid(['job-0'], [], { isToolCall: true }),
			'Jobs already submitted in this run: job-0. Take them up with the operation Wait: another call pays for new ones.',
		],
	])('says what is paid after %s', (_what, error, jobs, description) => {
		expect(toNodeError(NODE, error, 0, jobs).description ?? '').toBe(description);
	});

	it('is no Stop, whatever words a server or a file name holds', () => {
		const { message } = toNodeError(NODE, failure({}, 'Field "canceled_flights"'), 0, paid([]));

		expect(message).not.toContain('canceled');
		expect(message.replace(/\p{Cf}/gu, '')).toBe('Field "canceled_flights"');
	});

	it('shows hostile job ids harmless, since n8n shows descriptions as HTML', () => {
		const { description } = toNodeError(NODE, failure(), 0, paid(['<img src=x>', 'b\nc']));

		expect(description).toMatch(
			/^Jobs already submitted in this run: ‹img src=x>, b c\. To go on,/,
		);
	});
});

describe('the error of an execution that was stopped', () => {
	it('is known to n8n by its word, and names the jobs that go on', () => {
		const error = toStoppedError(NODE, paid(['job-0', '<b>']));

		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toContain('canceled');
		expect(error.description).toMatch(/charged.*Wait: job-0, ‹b>\.$/);
	});

	it('says so where no job was submitted', () => {
		expect(toStoppedError(NODE, paid([])).description).toBe('No job was submitted.');
	});
});
