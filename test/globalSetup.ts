import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import packTarball from '../tools/engine/packTarball';

/** Packs the package, and makes a folder in which every test file has its n8n. */
export default function globalSetup(): void {
	packTarball();
	process.env.N8N_ENGINES_FOLDER = mkdtempSync(join(tmpdir(), 'ltx-tests-'));
}
