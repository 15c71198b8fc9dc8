import { GOOD_REQUEST, QUICK } from '../../tools/engine/runNode';
import { answerWith } from '../../tools/ltx-server/faults';
import { PNG } from '../../tools/samples/samples';
import { useLtx } from './useLtx';

/*
 * Words of servers, and names that people and servers give: they are told, and decide nothing.
 */

const ltx = useLtx();

const WAITING = { ...GOOD_REQUEST, options: QUICK };

it.each([
	['a text', 'GPU lost', /The job failed: .*GPU lost/],
	['an object without a type', { message: 'GPU lost' }, /The job failed: .*GPU lost/],
])('a failed job whose error is %s keeps its words', async (_what, given, message) => {
	ltx.server.planJob = () => ({ ends: { status: 'failed' } });
	ltx.server.fail('poll', ({ response, process }) => {
		const body = { ...(process().body as object), status: 'failed', error: given };
		answerWith({ status: 200, body })({ response, process });
	});
	const { error } = await ltx.run({ parameters: WAITING });

	expect(error?.message).toMatch(message);
});

it.each(['started', 'queued', 'running'])(
	'a job of the status %s goes on',
	async (progressStatus) => {
		ltx.server.planJob = () => ({ durationMs: 150, progressStatus });
		const { items: outputs } = await ltx.run({ parameters: WAITING });

		expect(outputs[0].json.status).toBe('completed');
	},
);

describe('"canceled" in somebody else’s words is no Stop', () => {
	it('in the answer to a submit', async () => {
		ltx.server.fail('submit', answerWith({ status: 400, body: { message: 'Job was canceled' } }));
		const { run, error } = await ltx.run({ parameters: WAITING });

		expect(run.status).toBe('error');
		expect(error?.message.replace(/\p{Cf}/gu, '')).toMatch(/Job was canceled/);
	});

	it('as the status of a job', async () => {
		ltx.server.planJob = () => ({ ends: { status: 'canceled' } });
		const { run } = await ltx.run({ parameters: WAITING });

		expect(run.status).toBe('error');
	});

	it('in the name of a binary field', async () => {
		const { run, error } = await ltx.run({
			parameters: { ...WAITING, imageSource: 'binary', imageBinaryProperty: 'canceled_flights' },
		});

		expect(run.status).toBe('error');
		expect(error?.message.replace(/\p{Cf}/gu, '')).toMatch(/no binary field "canceled_flights"/);
	});
});

it.each(['id', 'status', 'result', 'video_url', 'endpoint', 'created_at', 'polls'])(
	'an upload under the API field %s replaces nothing of the job',
	async (apiField) => {
		for (const operation of ['submit', 'submitAndWait']) {
			const files = { file: [{ apiField, binaryProperty: 'data' }] };
			ltx.server.fail('submit', ({ response, process }) => {
				process();
				answerWith({ status: 202, body: { id: 'job-1', created_at: 'today' } })({
					response,
					process,
				});
			});
			ltx.server.fail(
				'poll',
				answerWith({
					status: 200,
					body: {
						id: 'job-1',
						status: 'completed',
						created_at: 'today',
						result: { video_url: 'https://v.example.com/a' },
					},
				}),
				{ times: 99 },
			);
			const { items: outputs } = await ltx.run({
				parameters: {
					resource: 'otherEndpoint',
					operation,
					endpointPath: 'video-next',
					requestBody: '{}',
					files,
					downloadVideo: false,
					options: operation === 'submit' ? {} : QUICK,
				},
				items: [{ binary: { data: await ltx.file(PNG) } }],
			});

			const { json } = outputs[0];
			expect(json).toMatchObject({ id: 'job-1', created_at: 'today', endpoint: 'video-next' });
			// A job that was only submitted has no result yet that could be replaced.
			const isKeyOfJob =
				operation === 'submitAndWait' || !['result', 'video_url', 'polls'].includes(apiField);
			if (isKeyOfJob) expect(String(json[apiField])).not.toMatch(/^ltx:/);
		}
		ltx.server.violations.length = 0;
	},
);
