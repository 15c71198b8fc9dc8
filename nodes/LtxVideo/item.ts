import type { IBinaryData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { LtxClient } from './api/client';
import type { Clock } from './api/clock';
import type { Endpoint } from './api/endpoints';
import type { LedgerEntry } from './ledger';

/** One input item, as the operations see it. */
export interface Item {
	index: number;
	endpoint: Endpoint;
	client: LtxClient;
	helpers: IExecuteFunctions['helpers'];
	clock: Clock;
	/** Aborted when the execution is stopped, or when another item's error ends the node. */
	stop: AbortSignal;
	/** A parameter with its expressions resolved; `undefined` where it is not set. */
	parameter(name: string): unknown;
	/** Names of the binary fields that the input item has. */
	binaryFields: string[];
	/** The item's place in the ledger. */
	submit: {
		entry(): LedgerEntry | undefined;
		record(entry: LedgerEntry): void;
		forget(): void;
	};
	/** Writes a line to n8n's log. */
	log(level: 'info' | 'debug', message: string): void;
}

export interface ItemResult {
	json: IDataObject;
	binary?: Record<string, IBinaryData>;
}

/**
 * What a node operation does with one item, in two steps: first the input is read and checked,
 * without sending anything; the function that this gives then does the work.
 *
 * All items take the first step before any takes the second: a mistake in the last item ends the
 * run before the first job is paid for.
 */
export type Operation = (item: Item) => Promise<() => Promise<ItemResult>>;
