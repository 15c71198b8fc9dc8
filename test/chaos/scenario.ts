import fc from 'fast-check';
import type { INode } from 'n8n-workflow';

import {
	answerWith,
	apiError,
	delayed,
	malformedJson,
	processThenReset,
	processThenSilence,
	proxyPage,
	redirect,
	resetBefore,
	retryAtDate,
	silence,
	slowDrip,
	stalled,
	truncated,
	wrongLength,
	type Fault,
} from '../../tools/ltx-server/faults';
import type { JobPlan, RequestKind } from '../../tools/ltx-server/LtxServer';
import { REQUESTS } from '../engine/requests';

/** Every way in which the network and the API can go wrong, by name. */
export const FAULTS: Record<string, (foreignUrl: string) => Fault> = {
	'400': () => apiError('invalid_request_error'),
	'401': () => apiError('authentication_error'),
	'402': () => apiError('insufficient_funds_error'),
	'403': () => apiError('permission_error'),
	'404': () => apiError('not_found_error'),
	'422': () => apiError('content_filtered_error'),
	'429 concurrency, Retry-After in seconds': () => apiError('concurrency_limit_error', 'full', 0),
	'429 concurrency, Retry-After as a date': () =>
		apiError('concurrency_limit_error', 'full', new Date(Date.now() + 300).toUTCString()),
	'429 queue, without Retry-After': () => apiError('rate_limit_error'),
	'429 queue, Retry-After of a day': () => apiError('rate_limit_error', 'full', 86_400),
	'503, Retry-After by another clock': () => retryAtDate(200, 3_600_000),
	'500': () => apiError('api_error'),
	'503': () => apiError('service_unavailable_error'),
	'529': () => apiError('overloaded_error'),
	'502 page': () => proxyPage(502),
	'504 page': () => proxyPage(504),
	'malformed JSON': () => malformedJson,
	'empty 200': () => answerWith({ status: 200 }),
	'reset before': () => resetBefore,
	'done, then reset': () => processThenReset,
	'done, then silence': () => processThenSilence,
	silence: () => silence,
	stalled: () => stalled,
	truncated: () => truncated,
	'wrong length': () => wrongLength,
	late: () => delayed(60),
	'slow drip': () => slowDrip(5, 20),
	redirect: (foreignUrl) => redirect(foreignUrl),
};

/** Faults in which a job is accepted, but its id never reaches the node. */
const LOSING = ['done, then reset', 'truncated', 'wrong length'];

export interface Scenario {
	/** Key of `REQUESTS`. */
	resource: string;
	operation: 'submit' | 'submitAndWait';
	onError: NonNullable<INode['onError']>;
	/** 1 is Retry On Fail switched off. */
	tries: number;
	items: Array<{ isBinary: boolean; plan: JobPlan }>;
	maxConcurrency: number;
	maxWaitMs: number;
	onTimeout: 'error' | 'returnJob';
	faults: Array<{ kind: RequestKind; name: string; skip: number; times: number }>;
	/** When the Stop button is pressed, if at all. */
	stopAfterMs?: number;
	/** When the process of n8n is killed, if at all. */
	killAfterMs?: number;
	/** When every address that the storage gave out expires, if at all. */
	expireAfterMs?: number;
	/** When the API forgets its jobs, as it does after 24 hours, if at all. */
	forgetAfterMs?: number;
	/** How often a failed execution is retried from n8n's list. */
	retries: number;
}

export function losesTheId(scenario: Scenario): boolean {
	return scenario.faults.some(({ kind, name }) => kind === 'submit' && LOSING.includes(name));
}

const plan: fc.Arbitrary<JobPlan> = fc.record({
	durationMs: fc.integer({ min: 0, max: 150 }),
	ends: fc.oneof(
		{ weight: 6, arbitrary: fc.constant('completed' as const) },
		{
			weight: 1,
			arbitrary: fc.constant({ failed: { type: 'api_error', message: 'GPU lost' } }),
		},
		{ weight: 1, arbitrary: fc.constant({ status: 'archived' }) },
	),
});

const fault = fc.record({
	kind: fc.constantFrom<RequestKind>(
		'submit',
		'submit',
		'poll',
		'poll',
		'upload',
		'put',
		'download',
	),
	name: fc.constantFrom(...Object.keys(FAULTS)),
	skip: fc.integer({ min: 0, max: 3 }),
	times: fc.integer({ min: 1, max: 2 }),
});

const rarely = (max: number) =>
	fc.option(fc.integer({ min: 0, max }), { nil: undefined, freq: 3 }) as fc.Arbitrary<
		number | undefined
	>;

export const scenarios: fc.Arbitrary<Scenario> = fc.record({
	resource: fc.constantFrom(...Object.keys(REQUESTS)),
	operation: fc.constantFrom('submit', 'submitAndWait', 'submitAndWait'),
	onError: fc.constantFrom<Scenario['onError']>(
		'stopWorkflow',
		'continueRegularOutput',
		'continueErrorOutput',
	),
	tries: fc.integer({ min: 1, max: 3 }),
	items: fc.array(fc.record({ isBinary: fc.boolean(), plan }), { minLength: 1, maxLength: 4 }),
	maxConcurrency: fc.integer({ min: 1, max: 4 }),
	maxWaitMs: fc.integer({ min: 300, max: 900 }),
	onTimeout: fc.constantFrom('error', 'returnJob'),
	faults: fc.array(fault, { maxLength: 4 }),
	stopAfterMs: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined, freq: 2 }),
	killAfterMs: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined, freq: 9 }),
	expireAfterMs: rarely(300),
	forgetAfterMs: rarely(300),
	retries: fc.integer({ min: 0, max: 3 }),
});
