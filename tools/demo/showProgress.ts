import type { LogLine } from '../engine/engine';

/** Long enough to cover the line before. */
const LINE_LENGTH = 60;

/**
 * Shows what becomes of a job, and whatever n8n's log warns of: in a terminal on one line that
 * changes every second, elsewhere a line every ten.
 * @returns what ends it
 */
export function showProgress(
	onLog: (listener: (line: LogLine) => void) => void,
	output: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
): () => void {
	const { isTTY } = output;
	const startMs = Date.now();
	let status = 'starting';
	const write = (text: string, end: string) => {
		const line = `${Math.round((Date.now() - startMs) / 1000)} s: ${text}`;
		output.write(isTTY ? `\r${line.padEnd(LINE_LENGTH)}${end}` : `${line}\n`);
	};
	const writeStatus = () => write(status, '');
	onLog(({ level, message }) => {
		if (level === 'warn') write(message, '\n');
		const job = /^LTX job \S+ is (\w+)/.exec(message);
		const next = job ? job[1] : /^LTX accepted/.test(message) ? 'accepted' : status;
		if (next === status) return;
		status = next;
		writeStatus();
	});
	const timer = setInterval(writeStatus, isTTY ? 1_000 : 10_000);
	return () => {
		clearInterval(timer);
		if (isTTY) output.write('\n');
	};
}
