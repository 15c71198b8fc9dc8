import { join } from 'node:path';

export const REPOSITORY = join(__dirname, '..', '..');

/** Below node_modules, so that the unpacked package finds n8n-workflow as it does in n8n. */
export const TARBALL_FOLDER = join(REPOSITORY, 'node_modules', '.cache', 'n8n-nodes-ltx-video');

/** The package as a user gets it. */
export const INSTALLED_PACKAGE = join(TARBALL_FOLDER, 'package');

/** n8n's own nodes. */
export const N8N_NODES_BASE = join(REPOSITORY, 'node_modules', 'n8n-nodes-base');
