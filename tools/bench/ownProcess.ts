import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { REPOSITORY } from '../engine/paths';

const BENCH = join(REPOSITORY, 'tools', 'bench');

export interface OwnProcess {
	child: ChildProcess;
	/** Settles when the process has ended and its n8n folder is gone. */
	ended: Promise<number | null>;
}

/** Starts a script of the bench in a process of its own, with an n8n folder of its own. */
export function startProcess(script: string, input: unknown): OwnProcess {
	const userFolder = mkdtempSync(join(tmpdir(), 'n8n-bench-'));
	const child = fork(join(BENCH, `${script}.ts`), [JSON.stringify(input ?? null)], {
		cwd: REPOSITORY,
		env: { ...process.env, N8N_USER_FOLDER: userFolder },
		// Keeps what lets this process run TypeScript; garbage must not be taken for memory in use.
		execArgv: [...process.execArgv.filter((flag) => flag !== '--expose-gc'), '--expose-gc'],
	});
	const ended = new Promise<number | null>((resolve) => {
		child.once('exit', (code) => {
			rmSync(userFolder, { recursive: true, force: true });
			resolve(code);
		});
	});
	return { child, ended };
}

/** Runs a script that calls `answerParent` and gives what it measured. */
export async function runInOwnProcess<T>(script: string, input?: unknown): Promise<T> {
	const { child, ended } = startProcess(script, input);
	const answers: T[] = [];
	child.on('message', (message: T) => answers.push(message));
	const code = await ended;
	if (answers.length !== 1) throw new Error(`${script} ended with ${code} and without a result`);
	return answers[0];
}

/** In the child: the input that the parent gave. */
export function inputOfParent<T>(): T {
	return JSON.parse(process.argv[2]) as T;
}

/** In the child: does the work, sends its result to the parent, and ends the process. */
export function answerParent<T>(work: () => Promise<T>): void {
	work().then(
		(result) => process.send?.(result, () => process.exit(0)),
		(error: unknown) => {
			console.error(error);
			process.exit(1);
		},
	);
}
