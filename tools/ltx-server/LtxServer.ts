import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';

import express, { type NextFunction, type Request, type Response } from 'express';

import { listen, type Listening } from './listen';
import { send, type ServerAnswer } from './answer';
import {
	ENDPOINTS,
	ERROR_STATUS,
	errorBody,
	type EndpointPath,
	type ErrorType,
	type ResultFile,
} from './contract';
import type { Fault } from './faults';
import { judge, type FindFile, type StoredFile, type Verdict } from './verdict';

/** The kinds of request that a client makes, in the order in which it makes them. */
export type RequestKind = 'upload' | 'put' | 'submit' | 'poll' | 'download';

export interface SeenRequest {
	kind: RequestKind | 'foreign' | 'unexpected';
	method: string;
	path: string;
	headers: IncomingHttpHeaders;
	/** JSON of a submit; the bytes of a put. */
	body: unknown;
	atMs: number;
}

/** Makes another result of the addresses of a job, by their keys. */
export type MakeResult = (urls: Record<string, string>) => unknown;

/** What becomes of a job. */
export interface JobPlan {
	/** From its acceptance to its end; default: the server's `jobMs`. */
	durationMs?: number;
	/** How it ends; default `completed`. */
	ends?: 'completed' | { failed: { type: string; message: string } } | { status: string };
	/** Replaces the `result` of a completed job; a function makes it of what it would be. */
	result?: unknown;
	/** Replaces the status while the job is on its way; default `pending`, then `processing`. */
	progressStatus?: string;
}

export interface Job {
	id: string;
	endpoint: EndpointPath;
	body: Record<string, unknown>;
	acceptedAtMs: number;
	plan: JobPlan;
}

export interface LtxServerOptions {
	apiKey?: string;
	/** How long jobs take, unless their plan says otherwise. */
	jobMs?: number;
	/** More running jobs than this are refused with 429. */
	maxRunningJobs?: number;
	/** The `Retry-After` of these refusals, in seconds; `none` leaves it out. Default: 1. */
	retryAfterSeconds?: number | 'none';
	/** Served as every finished MP4. */
	video?: Buffer;
	/** 0 lets the system choose. */
	apiPort?: number;
	storagePort?: number;
}

export const SAMPLE_VIDEO = join(__dirname, 'sample.mp4');
const SAMPLE_FRAMES = join(__dirname, 'sample-frames.zip');
/** In H.264, where the API would make ProRes 4444. */
const SAMPLE_MOV = join(__dirname, '..', 'samples', 'video.mov');

const MOST_UPLOAD_BYTES = 200 * 1024 * 1024;

/** Addresses that nobody owns, of which the first stand for files on the web. */
const REACHABLE_HOST = /(^|\.)example(\.com|\.net|\.org)?$/;

/**
 * Stands in for the LTX API: an API host and a storage host of their own, strict about every
 * request, billing each accepted job, moving jobs on by the clock, and able to fail as a script
 * says. What no client of the API should ever send is kept in `violations`. Of the web it knows the
 * hosts below `example.com` and its like, behind which there is any file, and no other.
 */
export class LtxServer {
	readonly requests: SeenRequest[] = [];
	readonly jobs: Job[] = [];
	/** Requests that a correct client never sends; empty after a good test. */
	readonly violations: string[] = [];
	/** By URI: what was uploaded, and what a test puts behind an `https://` address. */
	readonly files = new Map<string, StoredFile>();

	jobMs: number;
	/** May be changed at any time. Jobs that run go on. */
	maxRunningJobs: number;
	retryAfterSeconds: number | 'none';
	/** Submits that were refused since too many jobs were running. */
	refusedAsFull = 0;
	video: Buffer;
	/** Served as the finished frames of a video in HDR. */
	readonly frames = readFileSync(SAMPLE_FRAMES);
	private readonly movie = readFileSync(SAMPLE_MOV);
	/** Decides what becomes of each accepted job, but for one whose sound or video LTX cannot use. */
	planJob: (body: Record<string, unknown>, jobIndex: number) => JobPlan = () => ({});

	readonly apiKey: string;
	private readonly signingSecret = randomUUID();
	private readonly slots = new Map<string, { storageUri: string; token: string; used: boolean }>();
	private readonly faults: Array<{ kind: RequestKind; fault: Fault; skip: number; times: number }> =
		[];
	private readonly hosts: Listening[] = [];
	private readonly jobById = new Map<string, Job>();
	/** Jobs that had not ended when the last submit came. */
	private running: Job[] = [];
	private isDark = false;
	/** Raised to make every URL that was handed out so far expire. */
	private urlGeneration = 0;

	apiUrl = '';
	storageUrl = '';

	private constructor(options: LtxServerOptions) {
		this.apiKey = options.apiKey ?? 'stand-in-key-0123456789';
		this.jobMs = options.jobMs ?? 50;
		this.maxRunningJobs = options.maxRunningJobs ?? Infinity;
		this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
		this.video = options.video ?? readFileSync(SAMPLE_VIDEO);
	}

	static async start(options: LtxServerOptions = {}): Promise<LtxServer> {
		const server = new LtxServer(options);
		server.apiUrl = await server.listen(server.apiApp(), options.apiPort);
		server.storageUrl = await server.listen(server.storageApp(), options.storagePort);
		return server;
	}

	async stop(): Promise<void> {
		for (const host of this.hosts) await host.stop();
	}

	/** Cuts all connections, and answers nobody: to the server, its client has died. */
	goDark(): void {
		this.isDark = true;
		for (const host of this.hosts) host.cutConnections();
	}

	/** Goes on where `goDark` came. */
	comeBack(): void {
		this.isDark = false;
	}

	/** Lets the next `times` requests of a kind go wrong, after `skip` that do not. */
	fail(kind: RequestKind, fault: Fault, { skip = 0, times = 1 } = {}): void {
		this.faults.push({ kind, fault, skip, times });
	}

	count(kind: SeenRequest['kind']): number {
		return this.requests.filter((request) => request.kind === kind).length;
	}

	of(kind: SeenRequest['kind']): SeenRequest[] {
		return this.requests.filter((request) => request.kind === kind);
	}

	/** Jobs that were accepted and did not fail. */
	get billedJobs(): number {
		return this.jobs.filter(({ plan }) => !isFailure(plan)).length;
	}

	/** Every URL that was handed out so far is refused with 403 from now on. */
	expireUrls(): void {
		this.urlGeneration++;
	}

	/** From now on the API does not know any job that it has accepted. */
	forgetJobs(): void {
		for (const job of this.jobs) job.acceptedAtMs = -Infinity;
	}

	/** An address on another host than the API's, to which no key may go. */
	get foreignUrl(): string {
		return `${this.storageUrl}/foreign`;
	}

	private async listen(app: express.Express, port?: number): Promise<string> {
		const listening = await listen((request, response) => {
			if (this.isDark) request.destroy();
			else app(request, response);
		}, port);
		this.hosts.push(listening);
		return listening.url;
	}

	private apiApp(): express.Express {
		const app = express();
		app.disable('x-powered-by');
		app.use(express.raw({ type: () => true, limit: '32mb' }));
		app.post('/v1/upload', (request, response) =>
			this.handle('upload', request, response, () => this.createUpload(request)),
		);
		app.post('/v2/:endpoint', this.judge, (request, response) =>
			this.handle('submit', request, response, () =>
				this.submit(request, response.locals.verdict as Verdict | undefined),
			),
		);
		app.get('/v2/:endpoint/:id', (request, response) =>
			this.handle('poll', request, response, () => this.getJob(request)),
		);
		app.use((request, response) => this.refuseUnexpected('API', request, response));
		return app;
	}

	private storageApp(): express.Express {
		const app = express();
		app.disable('x-powered-by');
		// By its announced length, before any of it is read.
		app.put('/uploads/:slot', (request, response, next) => {
			const tooLarge = { status: 413, body: '<Error>EntityTooLarge</Error>' };
			const isTooLarge = Number(request.headers['content-length']) > MOST_UPLOAD_BYTES;
			if (isTooLarge) this.handle('put', request, response, () => tooLarge);
			else next();
		});
		app.use(express.raw({ type: () => true, limit: MOST_UPLOAD_BYTES }));
		app.put('/uploads/:slot', (request, response) =>
			this.handle('put', request, response, () => this.put(request)),
		);
		app.get('/results/:id.:extension', (request, response) =>
			this.handle('download', request, response, () => this.download(request)),
		);
		app.all('/foreign', (request, response) => {
			this.note('foreign', request);
			if (JSON.stringify(request.headers).includes(this.apiKey)) {
				this.violations.push(`the key was sent to a foreign host: ${request.method}`);
			}
			send(response, { status: 200, body: {} });
		});
		app.use((request, response) => this.refuseUnexpected('storage', request, response));
		return app;
	}

	private note(kind: SeenRequest['kind'], request: Request): void {
		const { method, originalUrl: path, headers } = request;
		const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
		const body = kind === 'submit' ? parseJson(raw) : raw;
		this.requests.push({ kind, method, path, headers, body, atMs: Date.now() });
	}

	private refuseUnexpected(host: string, request: Request, response: Response): void {
		this.note('unexpected', request);
		this.violations.push(`${host} host: ${request.method} ${request.originalUrl}`);
		send(response, { status: 404, body: errorBody('not_found_error', 'no such path') });
	}

	private handle(
		kind: RequestKind,
		request: Request,
		response: Response,
		process: () => ServerAnswer,
	): void {
		this.note(kind, request);
		const isStorage = kind === 'put' || kind === 'download';
		if (isStorage && request.headers.authorization !== undefined) {
			this.violations.push(`the key was sent to the storage host: ${request.method}`);
		}
		const processTraced = (): ServerAnswer => {
			const answer = process();
			const trace = { 'x-request-id': randomUUID() };
			return isStorage ? answer : { ...answer, headers: { ...trace, ...answer.headers } };
		};
		for (const scripted of this.faults) {
			if (scripted.kind !== kind || scripted.times === 0) continue;
			if (scripted.skip > 0) {
				scripted.skip--;
				continue;
			}
			scripted.times--;
			scripted.fault({ response, process: processTraced });
			return;
		}
		send(response, processTraced());
	}

	private refusal(type: ErrorType, message: string, headers = {}): ServerAnswer {
		return { status: ERROR_STATUS[type], headers, body: errorBody(type, message) };
	}

	private refuseKey(request: Request): ServerAnswer | undefined {
		return request.headers.authorization === `Bearer ${this.apiKey}`
			? undefined
			: this.refusal('authentication_error', 'Invalid API key');
	}

	private createUpload(request: Request): ServerAnswer {
		const refused = this.refuseKey(request);
		if (refused) return refused;
		if ((request.body as Buffer | undefined)?.length) {
			this.violations.push('POST /v1/upload takes no body');
		}
		const slot = randomUUID();
		const token = randomUUID();
		const storageUri = `ltx://uploads/${slot}`;
		this.slots.set(slot, { storageUri, token, used: false });
		return {
			status: 200,
			body: {
				upload_url: `${this.storageUrl}/uploads/${slot}?X-Signature=${this.sign(slot)}`,
				storage_uri: storageUri,
				expires_at: new Date(Date.now() + 3_600_000).toISOString(),
				required_headers: { 'x-upload-token': token },
			},
		};
	}

	private put(request: Request): ServerAnswer {
		const name = String(request.params.slot);
		const slot = this.slots.get(name);
		const isSigned = request.query['X-Signature'] === this.sign(name);
		if (!slot || !isSigned || slot.used)
			return { status: 403, body: '<Error>AccessDenied</Error>' };
		const { 'x-upload-token': token, 'content-type': contentType } = request.headers;
		if (token !== slot.token || !contentType) {
			this.violations.push('a put lacks a required header');
			return { status: 400, body: '<Error>MissingHeader</Error>' };
		}
		if (request.headers['content-length'] === undefined) {
			this.violations.push('a put has no Content-Length');
			return { status: 411, body: '<Error>MissingContentLength</Error>' };
		}
		slot.used = true;
		this.files.set(slot.storageUri, { bytes: request.body as Buffer, contentType });
		return { status: 200 };
	}

	/**
	 * Reads the files of a request, which takes a moment, before anything is done about it: so the
	 * request is noted, goes wrong or becomes a job at one time.
	 */
	private readonly judge = async (
		request: Request,
		response: Response,
		next: NextFunction,
	): Promise<void> => {
		const endpoint = String(request.params.endpoint);
		if (Object.hasOwn(ENDPOINTS, endpoint)) {
			const json = parseJson(request.body as Buffer);
			response.locals.verdict = await judge(endpoint as EndpointPath, json, this.findFile);
		}
		next();
	};

	private readonly findFile: FindFile = (uri) => {
		const stored = this.files.get(uri);
		if (stored) return stored;
		if (!URL.canParse(uri)) return undefined;
		const { protocol, hostname, origin, pathname, searchParams } = new URL(uri);
		if (protocol === 'https:' && REACHABLE_HOST.test(hostname)) return 'unknown';
		if (origin !== this.storageUrl) return undefined;
		const result = /^\/results\/([^/]+)\.(\w+)$/.exec(pathname);
		return result
			? this.findResult(result[1], result[2], searchParams.get('X-Signature'))
			: undefined;
	};

	private submit(request: Request, verdict: Verdict | undefined): ServerAnswer {
		const refused = this.refuseKey(request);
		if (refused) return refused;
		const endpoint = String(request.params.endpoint) as EndpointPath;
		if (!verdict) {
			this.violations.push(`submit to an unknown endpoint: ${endpoint}`);
			return this.refusal('not_found_error', 'No such endpoint');
		}
		if ('refusal' in verdict) return this.refusal('invalid_request_error', verdict.refusal);
		const { body, failure } = verdict;
		const now = Date.now();
		this.running = this.running.filter((job) => now < this.endOf(job));
		if (this.running.length >= this.maxRunningJobs) {
			this.refusedAsFull++;
			const { retryAfterSeconds } = this;
			return this.refusal('concurrency_limit_error', 'Too many concurrent generations', {
				...(retryAfterSeconds !== 'none' && { 'Retry-After': String(retryAfterSeconds) }),
			});
		}
		const planned = this.planJob(body, this.jobs.length);
		const plan: JobPlan =
			failure === undefined
				? planned
				: { ...planned, ends: { failed: { type: 'invalid_request_error', message: failure } } };
		const id = randomUUID();
		const job: Job = { id, endpoint, body, acceptedAtMs: now, plan };
		this.jobs.push(job);
		this.jobById.set(id, job);
		this.running.push(job);
		return { status: 202, body: { id, created_at: new Date(now).toISOString() } };
	}

	private endOf({ acceptedAtMs, plan }: Job): number {
		return acceptedAtMs + (plan.durationMs ?? this.jobMs);
	}

	private getJob(request: Request): ServerAnswer {
		const refused = this.refuseKey(request);
		if (refused) return refused;
		const { endpoint, id } = request.params;
		const job = this.jobById.get(String(id));
		if (!job || job.endpoint !== endpoint || job.acceptedAtMs === -Infinity) {
			return this.refusal('not_found_error', 'Job not found');
		}
		const created_at = new Date(job.acceptedAtMs).toISOString();
		const endMs = this.endOf(job);
		const now = Date.now();
		if (now < endMs) {
			const isQueued = now < job.acceptedAtMs + (endMs - job.acceptedAtMs) / 3;
			const status = job.plan.progressStatus ?? (isQueued ? 'pending' : 'processing');
			return { status: 200, body: { id, status, created_at } };
		}
		const ended = { id, created_at, completed_at: new Date(endMs).toISOString() };
		const { ends = 'completed' } = job.plan;
		if (ends === 'completed') {
			return { status: 200, body: { ...ended, status: 'completed', result: this.resultOf(job) } };
		}
		if ('failed' in ends) {
			return { status: 200, body: { ...ended, status: 'failed', error: ends.failed } };
		}
		return { status: 200, body: { ...ended, status: ends.status } };
	}

	private resultOf({ id, endpoint, plan }: Job): unknown {
		const signature = this.sign(`${id}:${this.urlGeneration}`);
		const urls = ENDPOINTS[endpoint].results.map(({ key, extension }) => [
			key,
			`${this.storageUrl}/results/${id}.${extension}?X-Signature=${signature}&X-Expires=3600`,
		]);
		const usual = Object.fromEntries(urls) as Record<string, string>;
		if (typeof plan.result === 'function') return (plan.result as MakeResult)(usual);
		return 'result' in plan ? plan.result : usual;
	}

	private findResult(id: string, extension: string, signature: unknown): StoredFile | undefined {
		if (signature !== this.sign(`${id}:${this.urlGeneration}`)) return undefined;
		const job = this.jobById.get(id) as Job;
		const result = ENDPOINTS[job.endpoint].results.find((file) => file.extension === extension);
		return result && { bytes: this.bytesOf(result), contentType: result.contentType };
	}

	private bytesOf({ extension }: ResultFile): Buffer {
		return { mp4: this.video, zip: this.frames, mov: this.movie }[extension];
	}

	private download({ params, query }: Request): ServerAnswer {
		const result = this.findResult(
			String(params.id),
			String(params.extension),
			query['X-Signature'],
		);
		return result
			? { status: 200, headers: { 'Content-Type': result.contentType }, body: result.bytes }
			: { status: 403, body: '<Error>Request has expired</Error>' };
	}

	private sign(text: string): string {
		return createHmac('sha256', this.signingSecret).update(text).digest('hex');
	}
}

function isFailure({ ends }: JobPlan): boolean {
	return typeof ends === 'object' && 'failed' in ends;
}

function parseJson(bytes: Buffer): unknown {
	try {
		return JSON.parse(bytes.toString('utf8'));
	} catch {
		return undefined;
	}
}
