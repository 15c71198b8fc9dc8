import type { IBinaryData, INodeParameters } from 'n8n-workflow';

import {
	credentialsFor,
	GOOD_REQUEST,
	QUICK,
	resultOf,
	startNode,
	workflowWith,
} from '../../tools/engine/runNode';
import { chain, manualTrigger, node } from '../../tools/engine/workflow';
import { answerWith, apiError, processThenReset, type Fault } from '../../tools/ltx-server/faults';
import type { ErrorType } from '../../tools/ltx-server/contract';
import { PNG } from '../../tools/samples/samples';
import { useLtx } from './useLtx';

/*
 * Advice never costs money: where a run has paid for jobs, no error sends anybody into a new run without
 * saying that it pays for them again, and that a Retry does not.
 */

const ltx = useLtx();

const REFUSALS: ErrorType[] = [
	'invalid_request_error',
	'authentication_error',
	'insufficient_funds_error',
	'permission_error',
	'not_found_error',
	'content_filtered_error',
];

interface Failure {
	/** What goes wrong with the item, once the items before it are submitted. */
	fault?: () => void;
	parameters?: INodeParameters;
}

const submitFails = (fault: Fault): Failure => ({
	fault: () => ltx.server.fail('submit', fault),
});

const FAILURES: Record<string, Failure> = {
	...Object.fromEntries(
		REFUSALS.map((type) => [`refused with ${type}`, submitFails(apiError(type))]),
	),
	'refused by a gateway': submitFails(answerWith({ status: 403, body: '<html>' })),
	'refused without words': submitFails(answerWith({ status: 413 })),
	'on a full server for a day': submitFails(apiError('rate_limit_error', 'Full', 86_400)),
	'whose job failed': {
		fault: () => {
			const failed = { type: 'api_error', message: 'GPU lost' };
			ltx.server.planJob = () => ({ ends: { failed } });
		},
	},
	'whose job has an odd end': {
		fault: () => (ltx.server.planJob = () => ({ ends: { status: 'archived' } })),
	},
	'whose job has no file': { fault: () => (ltx.server.planJob = () => ({ result: {} })) },
	'that is late': { fault: () => (ltx.server.jobMs = 60_000) },
	'whose file cannot be had': {
		fault: () => ltx.server.fail('download', answerWith({ status: 410 }), { times: 9 }),
	},
	'whose upload is refused': {
		fault: () => ltx.server.fail('put', answerWith({ status: 403 }), { times: 9 }),
		parameters: { imageSource: 'binary', resolution: '1280x720' },
	},
};

/** Of an item that fails after as many items as `paidItems` were done. */
async function descriptionAfter(paidItems: number, { fault, parameters }: Failure) {
	const binary: Record<string, IBinaryData> = { data: await ltx.file(PNG) };
	const failing = paidItems;
	ltx.server.planJob = (_body, index) => {
		// All of the script comes after the last of the items before.
		if (index === failing - 1) setImmediate(() => fault?.());
		return {};
	};
	if (failing === 0) fault?.();
	const { error } = await ltx.run({
		parameters: {
			...GOOD_REQUEST,
			...parameters,
			options: { ...QUICK, maxWait: 0.01, maxConcurrency: 1 },
		},
		items: Array.from({ length: paidItems + 1 }, () => ({ binary })),
	});
	return `${error?.message} ${error?.description}`;
}

const SENDS_INTO_A_NEW_RUN = /\brun (it |this |the \w+ )?again\b|Nothing was (charged|submitted)/i;

describe.each(Object.entries(FAILURES))('an item %s', (_what, failure) => {
	it('after paid ones tells how to go on without paying for them again', async () => {
		const told = await descriptionAfter(2, failure);

		expect(ltx.server.jobs.length).toBeGreaterThanOrEqual(2);
		for (const { id } of ltx.server.jobs) expect(told).toContain(id);
		expect(told).toMatch(
			/retry this execution .*none of them twice\. A new run pays for all of them/,
		);
		expect(told).not.toMatch(SENDS_INTO_A_NEW_RUN);
	});

	it('alone says whether anything was charged', async () => {
		const told = await descriptionAfter(0, failure);

		const [job] = ltx.server.jobs;
		expect(/Nothing was charged/.test(told)).toBe(job === undefined);
		if (job) expect(told).toContain(job.id);
	});
});

it('402 at the seventh of ten items leads to a Retry that pays for the last four alone', async () => {
	ltx.server.fail('submit', apiError('insufficient_funds_error'), { skip: 6 });
	const told = await ltx.run({
		parameters: { ...GOOD_REQUEST, options: { ...QUICK, maxConcurrency: 1 } },
		items: Array.from({ length: 10 }, () => ({})),
	});

	expect(told.error?.message).toMatch(/Not enough LTX credits/);
	expect(told.error?.description).toMatch(/^Add credits in .*To go on, retry this execution/);
	expect(ltx.server.jobs).toHaveLength(6);
});

it('a lost answer after paid jobs says that a Retry submits that item again', async () => {
	ltx.server.fail('submit', processThenReset, { skip: 1 });
	const { error } = await ltx.run({
		parameters: { ...GOOD_REQUEST, operation: 'submit', options: { maxConcurrency: 1 } },
		items: [{}, {}],
	});

	expect(error?.description).toMatch(/a Retry in the list of executions, does submit it again/);
	expect(error?.description).not.toMatch(SENDS_INTO_A_NEW_RUN);
});

it('a lost answer beside the error of another item says that a Retry submits that item again', async () => {
	const later = (ms: number, fault: Fault): Fault => {
		return (exchange) => void setTimeout(() => fault(exchange), ms);
	};
	ltx.server.fail('submit', later(300, processThenReset));
	ltx.server.fail('submit', later(50, apiError('insufficient_funds_error')));
	const { error } = await ltx.run({
		parameters: { ...GOOD_REQUEST, operation: 'submit' },
		items: [{}, {}],
	});

	expect(error?.message).toMatch(/Not enough LTX credits/);
	expect(error?.description).toMatch(
		/item 0 was lost: its job may be running and charged\. A Retry in the list of executions, or a new run, submits it again/,
	);
});

it('what goes on without paying twice is said of requests that are not edited alone', async () => {
	ltx.server.fail('submit', apiError('content_filtered_error', 'unsafe'), { skip: 1 });
	const { error } = await ltx.run({
		parameters: { ...GOOD_REQUEST, operation: 'submit', options: { maxConcurrency: 1 } },
		items: [{}, {}],
	});

	expect(error?.description).toMatch(/^Change the prompt/);
	expect(error?.description).toMatch(/takes up those whose request was not edited, and pays/);
});

it('an edited request that is not through names the job that was paid before', async () => {
	ltx.server.jobMs = 60_000;
	const withPrompt = (prompt: string) => ({
		parameters: { ...GOOD_REQUEST, prompt, options: { pollInterval: 0.02, maxWait: 0.005 } },
	});
	const failed = startNode(ltx.engine, ltx.server, withPrompt('before'));
	await failed.finished;
	ltx.server.fail('submit', processThenReset);
	const retried = await ltx.engine.retry(
		workflowWith(withPrompt('after')),
		credentialsFor(ltx.server),
		failed,
	);
	const { error } = resultOf(await retried.finished);

	expect(error?.message).toMatch(/was lost/);
	expect(error?.description).toContain(
		`Paid before, for requests that were edited since: ${ltx.server.jobs[0].id}.`,
	);
});

describe('where an execution has paid before, in another node or run of a loop', () => {
	const LTX = 'n8n-nodes-ltx-video.ltxVideo';
	const submitThen = (parameters: INodeParameters) => {
		const submit = { ...GOOD_REQUEST, operation: 'submit', options: {} };
		const nodes = [node('Start', LTX, 1, submit), node('LTX Video', LTX, 1, parameters)];
		return { ...chain(manualTrigger('Items'), ...nodes), pinData: { Items: [{ json: {} }] } };
	};

	it.each<[string, INodeParameters]>([
		['input that makes no sense', { operation: 'wait', jobId: '={{ $json.jobId }}' }],
		['a job that is late', { operation: 'wait', jobId: '={{ $json.id }}', options: QUICK }],
		['a submit that is refused', { ...GOOD_REQUEST, imageUri: 'none' }],
	])('%s does not send into a new run', async (_what, parameters) => {
		ltx.server.jobMs = 60_000;
		const json = submitThen({ ...parameters, options: { pollInterval: 0.02, maxWait: 0.005 } });
		const run = await ltx.engine.execute(json, credentialsFor(ltx.server)).finished;
		const description = resultOf(run).error?.description;

		expect(description).not.toMatch(SENDS_INTO_A_NEW_RUN);
		expect(description).toContain(
			`Jobs submitted before in this execution: ${ltx.server.jobs[0].id}. Its Retry in the list of executions does not pay for them again; a new run does.`,
		);
	});
});

it('in a sub-workflow, the Retry that pays nothing twice is its own', async () => {
	ltx.server.fail('submit', apiError('insufficient_funds_error'), { skip: 1 });
	const json = workflowWith({
		parameters: { ...GOOD_REQUEST, operation: 'submit', options: { maxConcurrency: 1 } },
		items: [{}, {}],
	});
	const mode = 'integrated';
	const run = await ltx.engine.execute(json, credentialsFor(ltx.server), { mode }).finished;

	expect(resultOf(run).error?.description).toMatch(
		/retry the execution of this sub-workflow .*\. A new run, or a Retry of the workflow above it, pays for all of them again/,
	);
});
