import { setTimeout } from 'node:timers/promises';

import type { INode } from 'n8n-workflow';

import type { LtxServer } from '../../tools/ltx-server/LtxServer';
import { until } from '../../tools/until';
import { afterItems, startExecution } from './executions';
import type { N8nTest } from './useN8n';

/** Parameters for a wait that does not end by itself. */
export const STOPPABLE = { options: { pollInterval: 0.1, maxWait: 10 } };

/** Stops an execution that waits for a job, and expects that LTX hears no more of it. */
export async function expectStopEndsAll(
	{ n8n, rest, ltx }: Pick<N8nTest, 'n8n' | 'rest' | 'ltx'>,
	ltxVideo: INode,
): Promise<void> {
	ltx.jobMs = 600_000;
	const { id } = await startExecution({ n8n, rest }, afterItems(ltxVideo));
	await until(() => ltx.count('poll') >= 3);
	await rest.stopExecution(id);
	expect((await rest.endOf(id)).status).toBe('canceled');
	await expectSilence(ltx);
}

/** Expects that LTX hears no more of its only job, once Stop was pressed. */
export async function expectSilence(ltx: LtxServer): Promise<void> {
	// A request that was on its way when Stop came may still arrive.
	await setTimeout(1500);
	const polls = ltx.count('poll');
	await setTimeout(2000);
	expect(ltx.count('poll')).toBe(polls);
	expect(ltx.count('submit')).toBe(1);
}
