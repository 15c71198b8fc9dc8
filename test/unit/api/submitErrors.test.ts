import {
	errorOfSubmitAnswer,
	errorOfSubmitFault,
	LOST_ADVICE,
} from '../../../nodes/LtxVideo/api/submitErrors';

const OWN = { type: 'error', error: { type: 'api_error', message: 'Oh' } };

// What decides whether a job is paid twice.
it.each([
	[429, '', { wasRefused: true, isPassing: true }],
	[500, OWN, { wasRefused: true, isPassing: true, type: 'api_error' }],
	[503, OWN, { wasRefused: true, isPassing: true }],
	[529, OWN, { wasRefused: true, isPassing: true }],
	[400, OWN, { wasRefused: true, isPassing: false }],
	[404, '', { wasRefused: true, isPassing: false, isUnknownJob: false }],
	[408, '', { wasRefused: true, isPassing: false }],
	[302, '', { wasRefused: false, isPassing: false, type: 'unexpected_answer' }],
	[500, '', { wasRefused: false, isPassing: false, type: 'answer_lost' }],
	[500, { error: { type: 'api_error' } }, { wasRefused: false, type: 'answer_lost' }],
	[502, OWN, { wasRefused: false, isPassing: false, type: 'answer_lost' }],
	[504, OWN, { wasRefused: false, isPassing: false, type: 'answer_lost' }],
	[200, '<html>', { wasRefused: false, isPassing: false, type: 'answer_lost' }],
])('a submit that is answered by %i %j fails as %j', (status, body, error) => {
	expect(errorOfSubmitAnswer({ status, headers: {}, body })).toMatchObject(error);
});

it.each([
	['ECONNREFUSED', { wasRefused: true, isPassing: false, type: 'network_error' }],
	['ENOTFOUND', { wasRefused: true, isPassing: false, type: 'network_error' }],
	['ECONNRESET', { wasRefused: false, isPassing: false, type: 'answer_lost' }],
	['ETIMEDOUT', { wasRefused: false, isPassing: false, type: 'answer_lost' }],
])('a submit that is not answered for %s fails as %j', (code, error) => {
	expect(errorOfSubmitFault({ code })).toMatchObject(error);
});

it('a submit that was lost says why, what to do, and under which request ID LTX knows it', () => {
	const answer = { status: 502, headers: { 'x-request-id': 'req-7' }, body: '<html>' };

	expect(errorOfSubmitAnswer(answer)).toMatchObject({
		message:
			"The answer to the submit was lost (HTTP 502 with a web page, not the API's answer), so the job may be running",
		advice: LOST_ADVICE,
		httpStatus: 502,
		requestId: 'req-7',
	});
	expect(LOST_ADVICE).toMatch(/does not submit it again.*console\.ltx\.io.*Retry in the list/);
});

it('a submit that never left says so, and what to look at', () => {
	expect(errorOfSubmitFault({ code: 'ENOTFOUND' })).toMatchObject({
		message: 'Submit could not reach LTX: the host name was not found; nothing was sent',
		advice: expect.stringMatching(/^Check the network and the base URL/) as unknown,
	});
});

it('a submit that was redirected says that no later try submits it', () => {
	for (const status of [300, 302, 399]) {
		expect(errorOfSubmitAnswer({ status, headers: {}, body: '' })).toMatchObject({
			message: expect.stringMatching(/^Submit got an unexpected answer/) as unknown,
			advice: expect.stringMatching(
				/base URL.*Retry On Fail does not submit this item again, a Retry of the execution does\.$/,
			) as unknown,
		});
	}
});
