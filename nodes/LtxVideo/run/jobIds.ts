import type { IWorkflowDataProxyData } from 'n8n-workflow';

/** In the data of an execution, which stay after Stop, a time-out and a failure. */
const KEY = 'ltx_job_ids';
// n8n takes no longer value.
const MOST_CHARACTERS = 512;
const SEPARATOR = ', ';

/** The ids of jobs in the custom data of the execution, whichever node and run has put them there. */
export function shownJobIds({ $execution }: IWorkflowDataProxyData): string[] {
	try {
		const shown = String($execution.customData.get(KEY) ?? '');
		return shown.split(SEPARATOR).filter((id) => id !== '');
	} catch {
		// There is none outside an execution.
		return [];
	}
}

/**
 * Puts the id of an accepted job into the custom data of the execution. The latest ids stay where
 * not all fit: older jobs are more likely to be done. A run never fails for want of this.
 */
export function showJobId(dataProxy: IWorkflowDataProxyData, jobId: string): void {
	try {
		const { customData } = dataProxy.$execution;
		const ids = [...shownJobIds(dataProxy).filter((id) => id !== jobId), jobId];
		while (ids.length > 1 && ids.join(SEPARATOR).length > MOST_CHARACTERS) ids.shift();
		customData.set(KEY, ids.join(SEPARATOR).slice(0, MOST_CHARACTERS));
	} catch {
		// There is none outside an execution, and n8n refuses some values in manual ones.
	}
}
