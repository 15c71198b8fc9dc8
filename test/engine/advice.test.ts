import type { IBinaryData, INodeParameters } from 'n8n-workflow';

import { GOOD_REQUEST, QUICK } from '../../tools/engine/runNode';
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
