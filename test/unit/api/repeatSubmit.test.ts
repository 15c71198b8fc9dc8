import { errorOfSubmitAnswer, errorOfSubmitFault } from '../../../nodes/LtxVideo/api/repeatSubmit';

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
