/** A published n8n that the node is tried in. */
export interface N8nRelease {
	version: string;
	/** npm overrides that its installation needs. */
	overrides?: Record<string, string>;
}

/** The newest n8n 2 that could be installed when this was last raised. */
export const N8N_2: N8nRelease = { version: '2.40.7' };

/** The last n8n 1. It takes xlsx from a web address, which not every network lets through. */
export const N8N_1: N8nRelease = { version: '1.123.81', overrides: { xlsx: '0.18.5' } };

export const RELEASES = [N8N_2, N8N_1];

/** A Node.js that both run on: n8n 2.36 and newer want 24, n8n 1.123 takes up to 24. */
export const NODE_VERSION = '24.21.0';

/** What both keep their data in. Its compiled part is made once and given to both. */
export const SQLITE_VERSION = '5.1.7';
