import type { IBinaryData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { LtxClient } from '../api/client';
import type { Clock } from '../api/clock';
import type { LtxError } from '../api/errors';
import type { ItemEndpoint } from '../endpoints/endpoint';
import type { ReadParameter } from '../endpoints/fields/field';
import type { Price } from '../endpoints/catalog/prices';
import type { AcceptedEntry, SubmitEntry } from './paidJobs';

/** One input item, as every operation sees it. */
export interface BaseItem {
	index: number;
	client: LtxClient;
	helpers: IExecuteFunctions['helpers'];
	clock: Clock;
	/** Aborted when the execution is stopped, or when another item's error ends the node. */
	stop: AbortSignal;
	/** Reads a top-level parameter. */
	parameter: ReadParameter;
	/** Reads a field of the collection Additional Fields. */
	additionalField: ReadParameter;
	/** Reads a field of the collection Options. */
	option: ReadParameter;
	/** Whether the execution was started in n8n's editor, or is the Retry of one that was. */
	isOfEditor: boolean;
	/** Names of the binary fields that the input item has. */
	binaryFields: string[];
	/** Writes a line to n8n's log. */
	log(level: 'warn' | 'info' | 'debug', message: string): void;
	/** Tells n8n's log that a request is made again. */
	onRepeat(error: LtxError): void;
}

/** The items of a run that submit with the same account, as one of them sees it. */
export interface Line {
	/**
	 * Submits a job when it is the item's turn, until it is accepted or refused for good.
	 *
	 * @param attempt sends one submit
	 * @param maxWaitMs how long the line may stand still
	 * @throws what the last submit threw, or that of an item before it
	 */
	submit<T>(attempt: () => Promise<T>, maxWaitMs: number): Promise<T>;
	/** Watches a job to its end, after which there may be room for another. */
	watch<T>(wait: () => Promise<T>): Promise<T>;
}

/** One input item, as the operations on jobs see it. */
export interface Item extends BaseItem {
	endpoint: ItemEndpoint;
	/** Hash of the parameters that make up the request, before their expressions are resolved. */
	asWritten: string;
	line: Line;
	/** What was paid for the item. */
	paid: {
		entry(): SubmitEntry | undefined;
		/** @param asSent hash of the request as it comes out */
		inherit(asSent: string): AcceptedEntry | undefined;
		replacedJobId(): string | undefined;
		record(entry: SubmitEntry): void;
		release(): void;
		/** What an earlier try of this execution gave for the item, its files included. */
		finished(): ItemResult | undefined;
		finish(result: ItemResult): void;
	};
}

/** What an item's work costs, for work that submits a job. */
export interface Cost {
	price: Price;
	/** What the user allows for all items of the run, if there is a limit. */
	maxUsd: number | undefined;
	/** It counts, but nothing is to be submitted any more. */
	isPaid?: boolean;
}

/** What is left to do for an item whose input was checked. */
export interface Work {
	/**
	 * Asks for a job that the retried execution had submitted, before this run submits anything.
	 * @throws {LtxError} `isUnknownJob` where LTX does not know it any more
	 */
	confirm?(): Promise<void>;
	run(): Promise<ItemResult>;
	cost?: Cost;
}

export interface ItemResult {
	json: IDataObject;
	binary?: Record<string, IBinaryData>;
	/** Whether an earlier try had submitted the job. */
	isTakenUp?: boolean;
	/** A job of the retried execution that was paid for a request which was edited since. */
	replacedJobId?: string;
	/** Of a sample that was asked for: what a video would cost. */
	priceOfReal?: Price;
	/** Whether the job was not done in time. */
	isUnfinished?: boolean;
}

/**
 * What a node operation does with one item, in two steps: first the input is read and checked,
 * without sending anything; the work that this gives is then run.
 *
 * All items take the first step before any takes the second: a mistake in the last item, or a sum
 * that is too high, ends the run before the first job is paid for.
 */
export type Operation<T extends BaseItem = Item> = (item: T) => Promise<Work>;
