/*
 * node guard.mjs <JSON of { command, parameters, uid, gid }>
 *
 * Runs a command in the process group that this process leads. When whoever started it dies, in
 * whatever way, its end of the stdin pipe closes, and the whole group is killed: no test run that
 * was broken off leaves an n8n, a database or one of their helpers behind.
 */
import { spawn } from 'node:child_process';

const { command, parameters, ...user } = JSON.parse(process.argv[2]);
const child = spawn(command, parameters, { ...user, stdio: ['ignore', 'inherit', 'inherit'] });

// Signals go to the whole group; this process ends with the command, not before it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
process.stdin.on('close', () => process.kill(-process.pid, 'SIGKILL')).resume();
child.once('error', (error) => {
	console.error(`${command}: ${error.message}`);
	process.exit(127);
});
child.once('exit', (code) => process.exit(code ?? 1));
