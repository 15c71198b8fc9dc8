/** The groups of figures, in the order in which they are shown. */
export const GROUPS = {
	/** How late a finished job is noticed, and what watching it costs in requests. */
	lag: { script: 'completionLag', isMostlyWaiting: true },
	/** How close many items come to the time that the server needs. */
	throughput: { script: 'throughput', isMostlyWaiting: true },
	/** What becomes of many items on an account that takes few jobs at a time. */
	limit: { script: 'limit', isMostlyWaiting: false },
	/** What a large file costs in memory. */
	memory: { script: 'fileMemory', isMostlyWaiting: false },
	/** How fast the node rests after Stop. */
	stop: { script: 'stop', isMostlyWaiting: false },
	/** What a thousand waiting jobs cost n8n's process. */
	thousand: { script: 'thousandJobs', isMostlyWaiting: false },
} as const;

export type GroupName = keyof typeof GROUPS;
