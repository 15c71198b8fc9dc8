/**
 * A job as the API reports it. Fields that are not listed here are kept as they came.
 * Source: `GET /v2/{endpoint}/{id}` of the LTX API, July 2026.
 */
export interface Job {
	id: string;
	status: string;
	created_at?: string;
	completed_at?: string;
	/** On completed jobs: label → URL. */
	result?: unknown;
	/** On failed jobs. */
	error?: unknown;
	[field: string]: unknown;
}

export interface FailedJob extends Job {
	status: 'failed';
	error?: { type?: unknown; message?: unknown } | null;
}

export interface CompletedJob extends Job {
	status: 'completed';
}

// The first two are documented; the others are plain synonyms that cost nothing to accept.
const IN_PROGRESS = [
	'pending',
	'processing',
	'queued',
	'running',
	'in_progress',
	'starting',
	'started',
];

export function isInProgress(job: Job): boolean {
	return IN_PROGRESS.includes(job.status);
}

export function isCompleted(job: Job): job is CompletedJob {
	return job.status === 'completed';
}

export function isFailed(job: Job): job is FailedJob {
	return job.status === 'failed';
}

/** What the API says of a job at the moment it accepts it. */
export interface AcceptedJob {
	id: string;
	created_at?: string;
}

/** Where one file can be put, once, within an hour. */
export interface UploadSlot {
	upload_url: string;
	storage_uri: string;
	/** When `upload_url` expires; the file itself is kept for 24 hours. */
	expires_at?: string;
	required_headers?: Record<string, string> | null;
}
