import type { IBinaryData, IRun } from 'n8n-workflow';

import { Engine, type LogLine } from '../../tools/engine/engine';
import { LtxServer, type LtxServerOptions } from '../../tools/ltx-server/LtxServer';
import { resultOf, startNode, type NodeResult, type NodeRun } from '../../tools/engine/runNode';

export interface LtxTest {
	engine: Engine;
	server: LtxServer;
	/** Log lines of this test. */
	log(): LogLine[];
	/** Runs the node to its end. */
	run(run?: NodeRun): Promise<NodeResult>;
	/** Starts the node; `stop` is the Stop button. */
	start(run?: NodeRun): { finished: Promise<NodeResult>; stop(): void };
	/** A file as the node before would give it. The label is wrong on purpose. */
	file(bytes: Buffer): Promise<IBinaryData>;
	/** Several of them, by binary field. */
	files(bytes: Record<string, Buffer>): Promise<Record<string, IBinaryData>>;
}

const SIGNATURE = 'X-Signature';

/** No key anywhere, no signed address in a text or a log line: checked after every run. */
export function expectNoLeak(run: IRun, server: LtxServer, log: LogLine[]): void {
	const everything = JSON.stringify([run, log], (_name, value: unknown) =>
		value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value,
	);
	expect(everything).not.toContain(server.apiKey);
	const { error, runData } = run.data.resultData;
	const errors = [
		error,
		...Object.values(runData)
			.flat()
			.map((data) => data.error),
	];
	const texts = errors.map((entry) => [entry?.message, entry?.description, entry?.stack]);
	const messages = Object.values(runData)
		.flatMap((runs) => runs.flatMap((data) => data.data?.main.flat() ?? []))
		.map((item) => [item?.json.message, (item?.json.error as { message?: string })?.message]);
	expect(JSON.stringify([texts, messages, log])).not.toContain(SIGNATURE);
}

/**
 * The engine for a test file and a fresh stand-in for each test. After each test, everything that
 * the stand-in saw must have been a request that it expects.
 */
export function useLtx(options: LtxServerOptions & { binaryMode?: 'filesystem' | 'default' } = {}) {
	const test = {} as LtxTest;
	let firstLine = 0;

	beforeAll(async () => {
		test.engine = await Engine.start(options.binaryMode);
	});

	beforeEach(async () => {
		const { engine } = test;
		const server = await LtxServer.start(options);
		firstLine = engine.logLines.length;
		test.server = server;
		test.log = () => engine.logLines.slice(firstLine);
		test.start = (run = {}) => {
			const execution = startNode(engine, server, run);
			return {
				stop: () => execution.stop(),
				finished: execution.finished.then((finished) => {
					expectNoLeak(finished, server, test.log());
					return resultOf(finished);
				}),
			};
		};
		test.run = async (run) => await test.start(run).finished;
		test.file = async (bytes) => await engine.storeFile(bytes, 'notes.txt', 'text/plain');
		test.files = async (files) => {
			const stored = Object.entries(files).map(
				async ([name, bytes]) => [name, await test.file(bytes)] as const,
			);
			return Object.fromEntries(await Promise.all(stored));
		};
	});

	afterEach(async () => {
		expect(test.server.violations).toEqual([]);
		await test.server.stop();
	});

	return test;
}

/** Resolves as soon as `condition` holds; checks often. */
export async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await pause(5);
}

export async function pause(ms: number): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, ms));
}
