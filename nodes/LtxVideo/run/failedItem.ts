import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';

import { LtxError } from '../api/errors';
import { cleanText } from '../api/redact';
import type { Ledger } from '../operations/ledger';

const BASE_ADVICE = 'Correct the input and run again. Nothing was sent.';

/** One line: what happened, and to which job. */
function toLine({ message, jobId }: LtxError): string {
	return jobId === undefined ? message : `${message} (job ${cleanText(jobId)})`;
}

/**
 * The json of an item that failed while the node is set to continue. n8n sends an item to the error
 * output, with its content intact, only if its json has no other keys than these two.
 */
export function toFailedItem(
	error: LtxError,
	endpoint: string,
	itemIndex: number,
): INodeExecutionData {
	const message = toLine(error);
	const optional: IDataObject = {
		job_id: error.jobId,
		http_status: error.httpStatus,
		request_id: error.requestId,
		video_url: error.videoUrl,
	};
	const present = Object.entries(optional).filter(([, value]) => value !== undefined);
	return {
		json: {
			error: { type: error.type, message, endpoint, ...Object.fromEntries(present) },
			message,
		},
		pairedItem: { item: itemIndex },
	};
}

/** What a run has paid for or may have paid for. */
type Paid = Pick<Ledger, 'acceptedJobIds' | 'lostItems'>;

function describeLost(paid: Paid): string | undefined {
	const items = paid.lostItems();
	return items.length > 0
		? `The answer to the submit of item ${items.join(', ')} was lost: its job may be running and charged.`
		: undefined;
}

/**
 * The error that ends the node.
 *
 * @param paid so that no job is lost, whichever item's error is told
 */
export function toNodeError(
	node: INode,
	error: LtxError,
	itemIndex: number,
	paid: Paid,
): NodeApiError | NodeOperationError {
	const message = toLine(error);
	const jobIds = paid.acceptedJobIds();
	const description = [
		error.advice ?? (error.type === 'invalid_input' ? BASE_ADVICE : undefined),
		error.requestId && `Request ID: ${error.requestId}.`,
		describeLost(paid),
		jobIds.length > 0 && `Jobs already submitted in this run: ${jobIds.map(cleanText).join(', ')}.`,
	]
		.filter(Boolean)
		.join(' ');
	const hasAnswer = error.httpStatus !== undefined;
	const nodeError = hasAnswer
		? new NodeApiError(
				node,
				{ type: error.type, message },
				{ message, description, itemIndex, httpCode: String(error.httpStatus) },
			)
		: new NodeOperationError(node, message, { description, itemIndex, type: error.type });
	// n8n replaces a message in which it finds the name of a network fault, whatever it is about.
	nodeError.message = message;
	return nodeError;
}

/** The error that n8n shows for an execution that was stopped. It knows it by "canceled". */
export function toStoppedError(node: INode, paid: Paid): NodeOperationError {
	const jobIds = paid.acceptedJobIds().map(cleanText).join(', ');
	const description = [
		jobIds &&
			`LTX cannot cancel jobs: those already submitted go on and are charged. Take them up with the operation Wait: ${jobIds}.`,
		describeLost(paid),
	]
		.filter(Boolean)
		.join(' ');
	return new NodeOperationError(node, 'The execution was canceled', {
		description: description || 'No job was submitted.',
	});
}
