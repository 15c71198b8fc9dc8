import { isCompleted, isFailed, isInProgress, type Job } from '../../../nodes/LtxVideo/api/job';

const WORDS = ['pending', 'processing', 'queued', 'running', 'in_progress', 'starting'];

it.each([
	...WORDS.map((status): [string, object] => [status, { isInProgress: true }]),
	['completed', { isCompleted: true }],
	['failed', { isFailed: true }],
	['archived', {}],
	['', {}],
])('the status %p means %j', (status, expected) => {
	const job: Job = { id: 'a', status };
	const seen = {
		isInProgress: isInProgress(job),
		isCompleted: isCompleted(job),
		isFailed: isFailed(job),
	};

	expect(seen).toEqual({ isInProgress: false, isCompleted: false, isFailed: false, ...expected });
});
