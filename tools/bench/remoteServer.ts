import { once } from 'node:events';

import type { LtxServerOptions, SeenRequest } from '../ltx-server/LtxServer';
import { startProcess } from './ownProcess';

export type ServerInput = Omit<LtxServerOptions, 'video'> & {
	/** Size of the finished video; default: the sample as it is. */
	videoBytes?: number;
};

interface Addresses {
	apiKey: string;
	apiUrl: string;
	storageUrl: string;
}

export interface Seen {
	requests: Array<Pick<SeenRequest, 'kind' | 'path' | 'atMs'>>;
	/** The prompts of accepted jobs, in their order. */
	accepted: string[];
	refusedAsFull: number;
	violations: string[];
}

export type ServerMessage = Addresses | Seen;

/** In a prompt: how long its job takes. */
export const JOB_LENGTH = /\[(\d+) ms\]/;

/** A prompt whose job takes this long at the bench's stand-in. */
export function promptOf(jobMs: number): string {
	return `Waves roll in [${jobMs} ms]`;
}

/** The stand-in in a process of its own, so that its work and memory are not the node's. */
export interface RemoteServer extends Addresses {
	/** What the stand-in has seen so far. @throws if it saw what no client should send */
	seen(): Promise<Seen>;
	stop(): Promise<void>;
}

export async function startRemoteServer(input: ServerInput = {}): Promise<RemoteServer> {
	const { child, ended } = startProcess('ltxServerProcess', input);
	const [addresses] = (await once(child, 'message')) as [Addresses];
	return {
		...addresses,
		async seen() {
			child.send('seen');
			const [seen] = (await once(child, 'message')) as [Seen];
			if (seen.violations.length > 0) throw new Error(seen.violations.join('\n'));
			return seen;
		},
		async stop() {
			child.disconnect();
			await ended;
		},
	};
}
