import 'reflect-metadata';

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// n8n reads these when its modules are loaded: import this file before any of them.
if (process.env.N8N_USER_FOLDER === undefined) {
	const folder = mkdtempSync(join(process.env.N8N_ENGINES_FOLDER ?? tmpdir(), 'n8n-engine-'));
	process.env.N8N_USER_FOLDER = folder;
	// Under jest, which tells nobody of its end, all folders go with the one that holds them.
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
process.env.N8N_ENCRYPTION_KEY ??= 'only-for-tests';
process.env.N8N_DEFAULT_BINARY_DATA_MODE ??= 'filesystem';
