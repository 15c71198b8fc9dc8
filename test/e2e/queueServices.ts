import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { freePorts } from '../../tools/n8n/freePorts';
import { GuardedProcess } from '../../tools/n8n/GuardedProcess';

/** What n8n's queue mode needs: a Redis and a Postgres, empty, on ports of their own. */
export interface QueueServices {
	/** n8n's settings for them; the same for main and workers. */
	env: Record<string, string>;
	/** Ends both and deletes their data. */
	remove(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/** @throws if redis-server or Postgres is not installed */
export async function startQueueServices(): Promise<QueueServices> {
	const [redisPort, postgresPort] = await freePorts(2);
	const [redisFolder, postgresFolder] = ['redis-', 'postgres-'].map((name) =>
		mkdtempSync(join(tmpdir(), name)),
	);
	const processes: GuardedProcess[] = [];
	const remove = async () => {
		await Promise.all(processes.map(async (service) => await service.kill()));
		for (const folder of [redisFolder, postgresFolder]) {
			rmSync(folder, { recursive: true, force: true });
		}
	};
	try {
		const redis = startRedis(redisFolder, redisPort);
		processes.push(redis);
		await redis.printed('Ready to accept connections', START_TIMEOUT_MS);
		const postgres = startPostgres(postgresFolder, postgresPort);
		processes.push(postgres);
		await postgres.printed('ready to accept connections', START_TIMEOUT_MS);
	} catch (error) {
		await remove();
		throw error;
	}
	return {
		env: {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redisPort),
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgresPort),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'n8n',
			// With the default of 2, n8n 1 takes a busy database for one that is gone.
			DB_POSTGRESDB_POOL_SIZE: '10',
			N8N_ENCRYPTION_KEY: 'the-same-for-main-and-workers',
		},
		remove,
	};
}

function startRedis(cwd: string, port: number): GuardedProcess {
	return new GuardedProcess({
		command: program('redis-server', pathFolders()),
		parameters: ['--port', String(port), '--bind', '127.0.0.1', '--save', ''],
		cwd,
		env: process.env,
	});
}

function startPostgres(cwd: string, port: number): GuardedProcess {
	// Debian keeps the server of each major version in a folder of its own.
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian) ? readdirSync(debian) : [];
	const folders = [...versions.map((version) => join(debian, version, 'bin')), ...pathFolders()];
	const user = postgresUser();
	if (user) chownSync(cwd, user.uid, user.gid);
	const data = join(cwd, 'data');
	execFileSync(
		program('initdb', folders),
		['-D', data, '-U', 'n8n', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
		{ cwd, stdio: ['ignore', 'ignore', 'inherit'], ...user },
	);
	return new GuardedProcess({
		command: program('postgres', folders),
		parameters: [
			...['-D', data, '-p', String(port), '-k', cwd],
			...['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'],
		],
		cwd,
		env: process.env,
		...user,
	});
}

/** Postgres refuses to run as root; Debian's package brings a user for it. */
function postgresUser(): { uid: number; gid: number } | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const idOf = (flag: string) =>
		Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
	return { uid: idOf('-u'), gid: idOf('-g') };
}

function pathFolders(): string[] {
	return (process.env.PATH ?? '').split(delimiter);
}

function program(name: string, folders: string[]): string {
	const path = folders
		.map((folder) => join(folder, name))
		.find((candidate) => existsSync(candidate));
	if (path === undefined) {
		throw new Error(`${name} is not installed; queue mode needs redis-server and postgresql`);
	}
	return path;
}
