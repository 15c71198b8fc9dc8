import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';

import { LtxError } from '../api/errors';
import { cleanText } from '../api/redact';
import type { PaidJobs } from '../operations/paidJobs';

const BASE_ADVICE = 'Correct the input.';

// n8n takes an execution for stopped where the message holds this word, whoever wrote it. A sign that
// nobody sees parts it.
const STOP_WORD = /canceled/g;

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

const listed = (jobIds: string[]) => jobIds.map(cleanText).join(', ');

function describeLost(paid: PaidJobs): string | undefined {
	const items = paid.lostItems();
	return items.length > 0
		? `The answer to the submit of item ${items.join(', ')} was lost: its job may be running and charged.`
		: undefined;
}

/** What the run has paid for so far, and how to go on without paying for it again. */
function describePaid(error: LtxError, paid: PaidJobs, isSamples: boolean): string | undefined {
	const jobIds = [...paid.paidJobIds(), ...paid.failedJobIds()];
	const wayOn = paid.isToolCall
		? 'Take them up with the operation Wait: another call pays for new ones.'
		: 'To go on, retry this execution in the list of executions: it takes them up and pays for none of them twice. A new run pays for all of them again.';
	if (jobIds.length > 0) {
		const isAnyPaid = paid.paidJobIds().length > 0;
		return `Jobs already submitted in this run: ${listed(jobIds)}.${isAnyPaid ? ` ${wayOn}` : ''}`;
	}
	// A job that is not of this run was paid for in another.
	const isOfOthers = error.jobId !== undefined || error.isUnknownJob;
	const isNothingPaid = !isSamples && !isOfOthers && paid.lostItems().length === 0;
	return isNothingPaid ? 'Nothing was charged.' : undefined;
}

/**
 * The error that ends the node.
 *
 * @param paid so that no job is lost, whichever item's error is told
 * @param isSamples whether nobody asked for anything that is charged
 */
export function toNodeError(
	node: INode,
	error: LtxError,
	itemIndex: number,
	paid: PaidJobs,
	isSamples = false,
): NodeApiError | NodeOperationError {
	const message = toLine(error).replace(STOP_WORD, 'cancel\u2060ed');
	const description = [
		error.advice ?? (error.type === 'invalid_input' ? BASE_ADVICE : undefined),
		error.requestId && `Request ID: ${error.requestId}.`,
		describeLost(paid),
		describePaid(error, paid, isSamples),
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
export function toStoppedError(node: INode, paid: PaidJobs): NodeOperationError {
	const jobIds = listed(paid.paidJobIds());
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
