import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ProcessOptions {
	command: string;
	parameters: string[];
	cwd: string;
	env: NodeJS.ProcessEnv;
	/** Whom the process runs as; default: whoever runs this one. */
	uid?: number;
	gid?: number;
	/** Gets each line that is printed. */
	onLine?: (line: string) => void;
}

/** A server and its helpers in a process group of their own, with everything they print. */
export class GuardedProcess {
	/** All that was printed so far. */
	output = '';
	/** Settles with the exit code when the process has ended and nothing of its group is left. */
	readonly ended: Promise<number | null>;
	private readonly child: ChildProcessWithoutNullStreams;
	private readonly listeners = new Set<() => void>();
	private hasEnded = false;

	constructor({ cwd, env, onLine, ...guarded }: ProcessOptions) {
		this.child = spawn(process.execPath, [join(__dirname, 'guard.mjs'), JSON.stringify(guarded)], {
			cwd,
			env,
			detached: true,
			stdio: ['pipe', 'pipe', 'pipe'],
		});
		for (const input of [this.child.stdout, this.child.stderr]) {
			input.setEncoding('utf8').on('data', (text: string) => {
				this.output += text;
				this.tell();
			});
			if (onLine) createInterface({ input }).on('line', onLine);
		}
		// The guard's death closes this pipe; nobody writes to it.
		this.child.stdin.on('error', () => {});
		this.ended = new Promise((resolve) => {
			this.child.once('close', (code) => {
				this.signal('SIGKILL');
				this.hasEnded = true;
				this.tell();
				resolve(code);
			});
		});
	}

	/**
	 * Waits until `text` was printed.
	 * @throws with the last lines of the output if the process ends before, or after `timeoutMs`
	 */
	async printed(text: string, timeoutMs: number): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			const settle = (failure?: string) => {
				clearTimeout(timer);
				this.listeners.delete(check);
				if (failure === undefined) resolve();
				else reject(new Error(`${failure}:\n${this.output.split('\n').slice(-40).join('\n')}`));
			};
			const check = () => {
				if (this.output.includes(text)) settle();
				else if (this.hasEnded) settle(`The process ended and never printed "${text}"`);
			};
			const timer = setTimeout(
				() => settle(`The process did not print "${text}" in ${timeoutMs / 1000} s`),
				timeoutMs,
			);
			this.listeners.add(check);
			check();
		});
	}

	/** Asks the whole group to end, and kills it if it is still there after `graceMs`. */
	async stop(signal: NodeJS.Signals = 'SIGTERM', graceMs = 20_000): Promise<void> {
		this.signal(signal);
		const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
		await this.ended;
		clearTimeout(timer);
	}

	/** `kill -9`: no chance to put anything in order. */
	async kill(): Promise<void> {
		this.signal('SIGKILL');
		await this.ended;
	}

	private signal(signal: NodeJS.Signals): void {
		if (this.child.pid === undefined) return;
		try {
			process.kill(-this.child.pid, signal);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
	}

	private tell(): void {
		for (const listener of [...this.listeners]) listener();
	}
}
