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

const LIST = 'in the list of executions';

/** How to go on without paying twice for jobs of this run. */
function describeWayOn({ isToolCall, isSubWorkflow }: PaidJobs): string {
	if (isToolCall) {
		return 'Take them up with the operation Wait: another call pays for new ones.';
	}
	const [execution, paysAgain] = isSubWorkflow
		? ['the execution of this sub-workflow', 'A new run, or a Retry of the workflow above it,']
		: ['this execution', 'A new run'];
	return `To go on, retry ${execution} ${LIST}: it takes up those whose request was not edited, and pays for none of them twice. ${paysAgain} pays for all of them again.`;
}

/** What the run, and the execution before it, have paid for, and how to go on without paying for it again. */
function describePaid(
	error: LtxError,
	paid: PaidJobs,
	{ isSamples = false, executionJobIds = [] }: Surroundings,
): string | undefined {
	const isAnyLost = paid.lostItems().length > 0;
	const paidJobIds = paid.paidJobIds();
	const jobIds = [...paidJobIds, ...paid.failedJobIds()];
	const forgotten = paid.forgottenJobIds();
	const before = executionJobIds.filter((jobId) => !forgotten.includes(jobId));
	const replaced = paid.replacedJobIds().filter((jobId) => !jobIds.includes(jobId));
	const parts = [
		isAnyLost && !paid.isToolCall && `A Retry ${LIST}, or a new run, submits it again.`,
		replaced.length > 0 && `Paid before, for requests that were edited since: ${listed(replaced)}.`,
		jobIds.length > 0 && `Jobs already submitted in this run: ${listed(jobIds)}.`,
		paidJobIds.length > 0 && describeWayOn(paid),
		jobIds.length === 0 &&
			before.length > 0 &&
			!paid.isToolCall &&
			`Jobs submitted before in this execution: ${listed(before)}. Its Retry ${LIST} does not pay for them again; a new run does.`,
	].filter(Boolean);
	if (parts.length > 0) return parts.join(' ');
	// A job that is not of this run was paid for in another.
	const isOfOthers = error.jobId !== undefined || error.isUnknownJob;
	return isSamples || isOfOthers || isAnyLost ? undefined : 'Nothing was charged.';
}

/** What an error tells of beside its run. */
interface Surroundings {
	/** Whether nobody asked for anything that is charged. */
	isSamples?: boolean;
	/** Jobs that the execution has submitted, also in other nodes and other runs of a loop. */
	executionJobIds?: string[];
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
	paid: PaidJobs,
	surroundings: Surroundings = {},
): NodeApiError | NodeOperationError {
	const message = toLine(error).replace(STOP_WORD, 'cancel\u2060ed');
	const description = [
		error.advice ?? (error.type === 'invalid_input' ? BASE_ADVICE : undefined),
		error.requestId && `Request ID: ${error.requestId}.`,
		describeLost(paid),
		describePaid(error, paid, surroundings),
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
