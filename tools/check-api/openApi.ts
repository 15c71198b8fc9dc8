import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compileErrors, dereference, validate } from '@readme/openapi-parser';

/** What is looked at of a JSON schema. The rest is for ajv. */
export interface Schema {
	properties?: Record<string, Schema>;
	enum?: unknown[];
	const?: unknown;
	allOf?: Schema[];
	anyOf?: Schema[];
	oneOf?: Schema[];
}

/** An endpoint that takes jobs, as the document describes it. */
export interface ApiEndpoint {
	request: Schema;
	resultKeys: string[];
}

interface OpenApiDocument {
	paths?: Record<
		string,
		{
			post?: {
				description?: string;
				requestBody?: { content?: Record<string, { schema?: Schema }> };
			};
		}
	>;
}

const JOB_PATH = /^\/v2\/([^/{}]+)$/;
// The schema of a result is the same for all endpoints and names no key: only the text does.
const RESULT_KEY = /\b[a-z0-9_]+_url\b/g;
const FETCH_LIMIT_MS = 60_000;

async function readFile(path: string): Promise<OpenApiDocument> {
	// A document from elsewhere must not make the parser read files or addresses.
	const options = { resolve: { external: false }, dereference: { circular: 'ignore' as const } };
	const result = await validate(path, options);
	if (!result.valid) throw new Error(compileErrors(result));
	return (await dereference(path, options)) as OpenApiDocument;
}

/** The parser refuses addresses of the own machine and wants a file name that ends in .yml. */
async function readUrl(url: string): Promise<OpenApiDocument> {
	const answer = await fetch(url, { signal: AbortSignal.timeout(FETCH_LIMIT_MS) });
	if (!answer.ok) throw new Error(`The answer is ${answer.status} ${answer.statusText}`);
	const folder = await mkdtemp(join(tmpdir(), 'check-api-'));
	try {
		const path = join(folder, 'openapi.yml');
		await writeFile(path, await answer.text());
		return await readFile(path);
	} finally {
		await rm(folder, { recursive: true });
	}
}

/**
 * The endpoints of an OpenAPI document, by their path below /v2/.
 *
 * @param source a file or an http(s) address, JSON or YAML
 */
export async function readEndpoints(source: string): Promise<Map<string, ApiEndpoint>> {
	const read = /^https?:\/\//.test(source) ? readUrl : readFile;
	const { paths = {} } = await read(source);
	const endpoints = Object.entries(paths).flatMap(([path, { post }]) => {
		const name = JOB_PATH.exec(path)?.[1];
		if (name === undefined || !post) return [];
		const request = post.requestBody?.content?.['application/json']?.schema;
		if (!request) throw new Error(`${path} has no schema for a JSON request`);
		return [[name, { request, resultKeys: post.description?.match(RESULT_KEY) ?? [] }] as const];
	});
	if (endpoints.length === 0) throw new Error('There is no endpoint below /v2/');
	return new Map(endpoints);
}
