import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ENDPOINTS } from '../../nodes/LtxVideo/endpoints';
import { checkApi } from '../../tools/check-api/checkApi';
import { requestsOf } from '../../tools/check-api/nodeRequests';
import { REPOSITORY } from '../../tools/engine/paths';

const SUMMARY = 'GITHUB_STEP_SUMMARY';
const text = { type: 'string' };

function createOperation(description: string, request: object) {
	const schema: object = { type: 'object', ...request };
	return {
		description,
		requestBody: { content: { 'application/json': { schema } } },
		responses: { 202: { description: 'A job' } },
	};
}

/** Two endpoints as the node and the stand-in have them. */
function createDocument() {
	const extend = {
		required: ['video_uri', 'duration'],
		properties: {
			video_uri: text,
			duration: { type: 'number' },
			prompt: text,
			mode: { $ref: '#/components/schemas/Mode' },
			model: { allOf: [{ type: 'string' }, { enum: ['ltx-2-3-pro'] }] },
			context: { type: 'number' },
		} as Record<string, object>,
		rules: {},
	};
	const hdr = {
		description: 'The job has `result.exr_frames_url` and `result.video_url`.',
		request: {
			required: ['video_uri'],
			properties: {
				video_uri: text,
				output_colorspace: { enum: ['acescg', 'acescct', 'srgb_linear', 'aces2065-1'] },
			},
		},
	};
	return { modes: ['start', 'end'], extend, hdr, more: {} as Record<string, object> };
}
type Parts = ReturnType<typeof createDocument>;

function toOpenApi({ modes, extend, hdr, more }: Parts): string {
	const { rules, ...request } = extend;
	return JSON.stringify({
		openapi: '3.1.0',
		info: { title: 'Videos', version: '1.0.0' },
		paths: {
			'/v2/extend': {
				post: createOperation('Gives `video_url`.', { ...request, ...rules }),
			},
			'/v2/video-to-video-hdr': { post: createOperation(hdr.description, hdr.request) },
			...more,
		},
		components: { schemas: { Mode: { type: 'string', enum: modes } } },
	});
}

const ELSEWHERE = {
	date: '2026-11-25',
	reason: 'The document of this test has two endpoints.',
	differences: [
		...[
			'image-to-video',
			'text-to-video',
			'audio-to-video',
			'retake',
			'video-to-video-reframe',
			'video-upscale',
			'video-alpha-gen',
		].map((path) => `endpoint ${path}: node, stand-in only`),
	],
};

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'check-api-test-'));
	delete process.env[SUMMARY];
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

function wordsFor(source: string, known: unknown = [ELSEWHERE]): string[] {
	return [source, '--known', write('known.json', JSON.stringify(known))];
}

async function check(words: string[]) {
	const lines: string[] = [];
	const exitCode = await checkApi(words, (line) => lines.push(line));
	/** The lines below a heading. */
	const listOf = (heading: RegExp) => {
		const start = lines.findIndex((line) => heading.test(line)) + 1;
		const end = lines.findIndex((line, index) => index >= start && !line.startsWith(' '));
		return lines.slice(start, end < 0 ? undefined : end).map((line) => line.trim());
	};
	return { exitCode, lines, fresh: listOf(/^New differences/), gone: listOf(/are gone/) };
}

async function checkChanged(change: (parts: Parts) => void, known?: unknown) {
	const parts = createDocument();
	change(parts);
	return await check(wordsFor(write('openapi.json', toOpenApi(parts)), known));
}

it('finds no difference where there is none', async () => {
	const { exitCode, lines } = await checkChanged(() => {});
	expect(lines).toEqual([
		'Known differences: 7',
		`  2026-11-25: ${ELSEWHERE.reason}`,
		...ELSEWHERE.differences.map((line) => `    ${line}`),
		'New differences: 0',
		'Known differences that are gone, to be removed from the list: 0',
	]);
	expect(exitCode).toBe(0);
});

it.each<[string, (parts: Parts) => void, string[]]>([
	[
		'a menu value that the API has no more',
		(parts) => (parts.modes = ['end']),
		['extend: mode "start": node, stand-in only'],
	],
	[
		'a value that the menu does not have',
		(parts) => parts.modes.push('middle'),
		['extend: mode "middle": API only'],
	],
	[
		'a default that the API refuses',
		({ extend }) => (extend.properties.duration = { type: 'number', minimum: 6 }),
		['extend: duration 5: node, stand-in only (must be >= 6)'],
	],
	[
		'a new required field',
		({ extend }) => {
			extend.required.push('seed');
			extend.properties.seed = { type: 'integer' };
		},
		['extend: property seed: API only', 'extend: request without seed: node, stand-in only'],
	],
	[
		'a field that is required no more',
		({ extend }) => (extend.required = ['video_uri']),
		['extend: request without duration: API only'],
	],
	[
		'a field that is there no more',
		({ extend }) => delete extend.properties.context,
		['extend: property context: node, stand-in only'],
	],
	[
		'another result key',
		({ hdr }) => (hdr.description = 'Gives `exr_frames_url` and `film_url`.'),
		[
			'video-to-video-hdr: result key film_url: API only',
			'video-to-video-hdr: result key video_url: node, stand-in only',
		],
	],
	[
		'a new endpoint',
		({ more }) => (more['/v2/video-dub'] = { post: createOperation('', {}) }),
		['endpoint video-dub: API only'],
	],
	[
		'a request that only the stand-in takes',
		// As the sample of the node does.
		({ extend }) => (extend.properties.prompt = { type: 'string', pattern: '^The' }),
		['extend: prompt "no such value": stand-in only (must match pattern "^The")'],
	],
	[
		'fields that must go together',
		({ extend }) => (extend.rules = { dependentRequired: { context: ['prompt'] } }),
		[
			'extend: request against "must have property prompt when property context is present": node, stand-in only',
		],
	],
])('tells of %s, and ends with 1', async (_name, change, lines) => {
	const { exitCode, fresh, gone } = await checkChanged(change);
	expect(fresh.sort()).toEqual(lines);
	expect(gone).toEqual([]);
	expect(exitCode).toBe(1);
});

describe('known differences', () => {
	const known = {
		date: '2026-11-26',
		reason: 'Not out yet.',
		differences: ['extend: mode "middle": API only'],
	};

	it('are told with reason and date, and are no failure', async () => {
		const { exitCode, lines } = await checkChanged(
			({ modes }) => modes.push('middle'),
			[ELSEWHERE, known],
		);
		expect(exitCode).toBe(0);
		expect(lines).toContain('  2026-11-26: Not out yet.');
		expect(lines).toContain('    extend: mode "middle": API only');
	});

	it('are a failure when they are gone', async () => {
		const { exitCode, fresh, gone } = await checkChanged(() => {}, [ELSEWHERE, known]);
		expect(exitCode).toBe(1);
		expect(fresh).toEqual([]);
		expect(gone).toEqual(known.differences);
	});

	it.each(['date', 'reason', 'differences'])('need %s', async (key) => {
		const { exitCode, lines } = await checkChanged(() => {}, [{ ...known, [key]: undefined }]);
		expect(exitCode).toBe(2);
		expect(lines).toEqual([expect.stringContaining(key)]);
	});
});

describe('what cannot be checked ends with 2 and one clear line', () => {
	it.each<[string, () => string[], RegExp]>([
		[
			'a file that is not there',
			() => ['nowhere.yml'],
			/^Not checked: .*nowhere\.yml.*no such file/,
		],
		[
			'a file that is no OpenAPI document',
			() => [join(REPOSITORY, 'package.json')],
			/^Not checked: .*not a valid API definition/,
		],
		[
			'a document without endpoints',
			() => [
				write(
					'empty.json',
					'{"openapi":"3.1.0","info":{"title":"","version":""},"paths":{"/v1/upload":{}}}',
				),
			],
			/^Not checked: There is no endpoint below \/v2\/$/,
		],
		['no file at all', () => [], /^Not checked: Name one OpenAPI file or URL$/],
		['two files', () => ['a.yml', 'b.yml'], /^Not checked: Name one OpenAPI file or URL$/],
	])('%s', async (_name, words, line) => {
		const { exitCode, lines } = await check(words());
		expect(lines).toEqual([expect.stringMatching(line)]);
		expect(exitCode).toBe(2);
	});
});

it('reads an address, and tells of an answer that is no document', async () => {
	const server = createServer((request, response) => {
		response.statusCode = request.url === '/openapi' ? 200 : 404;
		response.end(toOpenApi(createDocument()));
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	try {
		const { exitCode } = await check(wordsFor(`http://127.0.0.1:${port}/openapi`));
		expect(exitCode).toBe(0);
		const missing = await check(wordsFor(`http://127.0.0.1:${port}/nothing`));
		expect(missing).toMatchObject({
			exitCode: 2,
			lines: ['Not checked: The answer is 404 Not Found'],
		});
	} finally {
		server.close();
	}
});

it('does not follow a document to other files', async () => {
	const secret = write('secret.json', '{"enum":["secret"]}');
	const { exitCode, lines } = await checkChanged(({ extend }) => {
		extend.properties.mode = { $ref: secret };
	});
	expect(exitCode).toBe(2);
	expect(lines).toEqual([expect.stringMatching(/^Not checked: can't resolve reference/)]);
});

it('writes what it finds into the summary of a workflow, where no name can end the list', async () => {
	process.env[SUMMARY] = join(folder, 'summary.md');
	const { lines } = await checkChanged(({ extend }) => {
		extend.properties['a\n~~~~\n<b>'] = text;
	});
	const summary = readFileSync(process.env[SUMMARY], 'utf8');
	expect(summary).toBe(`~~~~\n${lines.join('\n')}\n~~~~\n`);
	expect(lines).toContain('  extend: property "a\\n~~~~\\n<b>": API only');
});

it('ends as a program with the exit code', () => {
	const source = write('openapi.json', toOpenApi({ ...createDocument(), modes: ['end'] }));
	const tsx = join(REPOSITORY, 'node_modules', 'tsx', 'dist', 'cli.mjs');
	const { status, stdout } = spawnSync(
		process.execPath,
		[tsx, join('tools', 'check-api', 'cli.ts'), ...wordsFor(source)],
		{ cwd: REPOSITORY, encoding: 'utf8' },
	);
	expect(stdout).toContain('New differences: 1\n  extend: mode "start": node, stand-in only\n');
	expect(status).toBe(1);
}, 60_000);

it.each(Object.keys(ENDPOINTS).filter((resource) => resource !== 'otherEndpoint'))(
	'%s has requests to check',
	(resource) => {
		expect(requestsOf(ENDPOINTS[resource]).length).toBeGreaterThan(1);
	},
);

it('a place in the new frame is an anchor, or parts of the frame', () => {
	const places = requestsOf(ENDPOINTS.videoToVideoReframe).map(({ placement }) => placement);

	expect(places).toContainEqual({ anchor: 'top_left' });
	expect(places).toContainEqual({ x: 0, y: 0, width: 1, height: 1 });
});
