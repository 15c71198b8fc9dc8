import { chain } from '../../tools/engine/workflow';
import { RELEASES } from '../../tools/n8n/releases';
import {
	ANSWER_FILE,
	ANSWER_JSON,
	ltxVideo,
	postWebhook,
	saveAndActivate,
	webhook,
} from '../../tools/n8n/workflows';
import { until } from '../../tools/until';
import { afterItems, startExecution } from './executions';
import { useN8n } from './useN8n';

const GRACE_SECONDS = 8;
const DONE_WITHIN_GRACE_MS = 3_000;
const ENDLESS_MS = 600_000;

describe.each(RELEASES)('n8n $version that is told to end', (release) => {
	const test = useN8n(release, {
		env: {
			N8N_GRACEFUL_SHUTDOWN_TIMEOUT: String(GRACE_SECONDS),
			N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		},
	});

	/** Lets n8n end, and start again, while an execution waits for a job; gives the execution. */
	async function restartWhileWaiting(jobMs: number): Promise<string> {
		const { n8n, ltx, ltxApi } = test;
		ltx.jobMs = jobMs;
		const waiting = { options: { pollInterval: 0.5, maxWait: 10 } };
		const { id } = await startExecution(test, afterItems(ltxVideo(ltxApi, waiting)));
		await until(() => ltx.count('poll') > 0);
		await n8n.restart();
		return id;
	}

	it('waits for a job that is done within its grace period', async () => {
		const id = await restartWhileWaiting(DONE_WITHIN_GRACE_MS);

		expect((await test.rest.endOf(id)).status).toBe('success');
		expect(test.ltx.jobs).toHaveLength(1);
	});

	it('cuts off an execution that lasts longer; its job stands in the log, for Wait to take up', async () => {
		const { n8n, rest, ltx, ltxApi } = test;
		const id = await restartWhileWaiting(ENDLESS_MS);
		const [job] = ltx.jobs;

		expect((await rest.endOf(id)).status).toBe('crashed');
		expect(n8n.log).toContain(`LTX accepted image-to-video job ${job.id}`);
		ltx.jobMs = 0;
		const wait = { operation: 'wait', jobId: job.id };
		const later = await startExecution(test, afterItems(ltxVideo(ltxApi, wait)));
		expect((await rest.endOf(later.id)).status).toBe('success');
		expect(ltx.jobs).toHaveLength(1);
	});

	it('gets the video of a job that was submitted before', async () => {
		const { n8n, rest, ltx, ltxApi } = test;
		const post = async (path: string) => await postWebhook(n8n.url, path);
		await saveAndActivate(
			rest,
			chain(webhook('submit', ANSWER_JSON), ltxVideo(ltxApi, { operation: 'submit' })),
		);
		const status = { operation: 'getStatus', jobId: '={{ $json.query.job }}', downloadVideo: true };
		await saveAndActivate(rest, chain(webhook('status', ANSWER_FILE), ltxVideo(ltxApi, status)));
		const job = JSON.parse((await post('submit')).toString()) as { id: string };
		expect(job).toMatchObject({ id: ltx.jobs[0].id, status: 'pending' });

		await n8n.restart();
		const answer = await post(`status?job=${job.id}`);
		expect(answer.equals(ltx.video)).toBe(true);
		expect(ltx.jobs).toHaveLength(1);
	});
});
