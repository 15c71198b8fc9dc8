import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { freePorts } from './freePorts';
import { GuardedProcess } from './GuardedProcess';
import type { N8nInstallation } from './install';
import { N8nClient } from './N8nClient';

export interface N8nOptions {
	/** A `nodes` folder with installed packages, of which n8n gets a copy. */
	nodesFolder?: string;
	/** Further settings of n8n. */
	env?: Record<string, string>;
	/** Default: any free one. */
	port?: number;
	/** Gets each line of n8n's log. */
	onLogLine?: (line: string) => void;
	/** `main` serves the editor, webhooks and triggers; a `worker` takes executions from the queue. */
	role?: 'main' | 'worker';
}

/** Long enough for a first start on a busy machine, which fills the database. */
const START_TIMEOUT_MS = 180_000;

const PASSED_ON = ['PATH', 'LANG', 'TMPDIR', 'TEMP', 'TMP', 'TZ', 'SystemRoot'];

/** Nothing that n8n would fetch from, or tell to, hosts that have no part here. */
const QUIET = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
};

/**
 * The default of n8n 2, and what n8n 1 asks for in its log. Without it, n8n 1 saves first that an
 * execution is over and then its data, and who looks in between sees the data of before.
 */
const SAVED_AT_ONCE = { DB_SQLITE_POOL_SIZE: '3' };

/** A complete n8n with a user folder of its own, which `remove` deletes. */
export class N8nInstance {
	readonly url: string;
	/** n8n's REST API; of use after `setUpOwner`. A worker has none. */
	readonly rest: N8nClient;
	private process?: GuardedProcess;
	private earlierLog = '';

	private constructor(
		private readonly installation: N8nInstallation,
		/** What n8n calls its user folder; `.n8n` is in it. */
		readonly userFolder: string,
		private readonly options: N8nOptions,
		private readonly port: number,
		private readonly otherPorts: number[],
	) {
		this.url = `http://127.0.0.1:${port}`;
		this.rest = new N8nClient(this.url, installation.version.startsWith('1.'));
	}

	/** Starts n8n in a fresh user folder and waits until it is ready. */
	static async start(
		installation: N8nInstallation,
		options: N8nOptions = {},
	): Promise<N8nInstance> {
		const n8n = await N8nInstance.create(installation, options);
		try {
			await n8n.start();
		} catch (error) {
			await n8n.remove();
			throw error;
		}
		return n8n;
	}

	/** Makes a fresh user folder for an n8n that `start` starts. */
	static async create(
		installation: N8nInstallation,
		options: N8nOptions = {},
	): Promise<N8nInstance> {
		const [port, ...otherPorts] = await freePorts(3);
		const userFolder = mkdtempSync(join(tmpdir(), 'n8n-user-'));
		const n8n = new N8nInstance(
			installation,
			userFolder,
			options,
			options.port ?? port,
			otherPorts,
		);
		mkdirSync(n8n.nodesFolder, { recursive: true });
		if (options.nodesFolder) cpSync(options.nodesFolder, n8n.nodesFolder, { recursive: true });
		return n8n;
	}

	/** Where n8n loads community packages from. */
	get nodesFolder(): string {
		return join(this.userFolder, '.n8n', 'nodes');
	}

	/** All that n8n has printed, over all its starts. */
	get log(): string {
		return this.earlierLog + (this.process?.output ?? '');
	}

	/**
	 * Starts n8n, also again after `stop` or `kill`: user folder, port and settings are the same.
	 * @throws with the end of the log when it does not get ready
	 */
	async start(): Promise<void> {
		const { installation, userFolder, port, otherPorts } = this;
		const { role = 'main', env, onLogLine } = this.options;
		const [brokerPort, healthPort] = otherPorts;
		const inherited = PASSED_ON.map((name) => [name, process.env[name]]);
		this.earlierLog = this.log;
		this.process = new GuardedProcess({
			command: join(installation.nodeFolder, 'node'),
			parameters: [installation.cli, role === 'main' ? 'start' : 'worker'],
			cwd: userFolder,
			onLine: onLogLine,
			env: {
				...Object.fromEntries(inherited),
				PATH: [installation.nodeFolder, process.env.PATH].join(delimiter),
				HOME: userFolder,
				N8N_USER_FOLDER: userFolder,
				N8N_HOST: '127.0.0.1',
				N8N_LISTEN_ADDRESS: '127.0.0.1',
				N8N_PORT: String(port),
				N8N_RUNNERS_BROKER_PORT: String(brokerPort),
				QUEUE_HEALTH_CHECK_PORT: String(healthPort),
				N8N_SECURE_COOKIE: 'false',
				...QUIET,
				...SAVED_AT_ONCE,
				...env,
			},
		});
		const readyLine = role === 'main' ? 'Editor is now accessible via' : 'n8n worker is now ready';
		await this.process.printed(readyLine, START_TIMEOUT_MS);
	}

	/** Ends n8n as its service manager would; it may finish what it is doing. */
	async stop(): Promise<void> {
		await this.process?.stop();
	}

	/** `kill -9` of n8n and its helpers. */
	async kill(): Promise<void> {
		await this.process?.kill();
	}

	async restart(): Promise<void> {
		await this.stop();
		await this.start();
	}

	/** Ends n8n and deletes its user folder. */
	async remove(): Promise<void> {
		await this.kill();
		rmSync(this.userFolder, { recursive: true, force: true });
	}
}
