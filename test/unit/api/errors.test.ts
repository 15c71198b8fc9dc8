import { NodeOperationError } from 'n8n-workflow';

import { errorText } from '../../../nodes/LtxVideo/api/errorTexts';
import {
	asLtxError,
	invalidInput,
	LtxError,
	rethrowWith,
	Stopped,
} from '../../../nodes/LtxVideo/api/errors';
import { NODE } from '../node';

describe('an error from elsewhere', () => {
	it('that is one of ours stays the very same', () => {
		const error = new LtxError('api_error', 'x', { jobId: 'job-1' });

		expect(asLtxError(error, 'invalid_input')).toBe(error);
	});

	it('of n8n keeps its words and what it says to do', () => {
		const error = new NodeOperationError(NODE, 'Node does not have any credentials set', {
			description: 'Choose a credential.',
		});

		expect(asLtxError(error, 'invalid_input')).toMatchObject({
			type: 'invalid_input',
			message: 'Node does not have any credentials set',
			advice: 'Choose a credential.',
		});
	});

	it('of n8n loses the markup of its description, which may hold input', () => {
		const error = new NodeOperationError(NODE, 'No', { description: 'Not <img src=x>' });

		expect(asLtxError(error, 'invalid_input').advice).toBe('Not ‹img src=x>');
	});

	it.each([
		[new Error('one\ntwo <b>'), 'one two ‹b>'],
		['a text', 'a text'],
		[undefined, 'undefined'],
	])('that is %p becomes one of ours, on one line', (thrown, message) => {
		const error = asLtxError(thrown, 'invalid_input');

		expect(error).toBeInstanceOf(LtxError);
		expect(error.message).toBe(message);
		expect(error.advice).toBeUndefined();
	});
});

describe('an error that is passed on with a job id', () => {
	it('is one of ours with the id, wherever it comes from', () => {
		const error = new URIError('URI malformed');

		expect(() => rethrowWith({ jobId: 'job-1' })(error)).toThrow(
			expect.objectContaining({ jobId: 'job-1', type: 'unexpected_answer' }),
		);
	});

	it('is left alone where it only says that the run was stopped', () => {
		const stopped = new Stopped();

		expect(() => rethrowWith({ jobId: 'job-1' })(stopped)).toThrow(stopped);
	});
});

it.each(['constructor', 'toString', '__proto__'])(
	'an error type that every object has as a property is no known type: %s',
	(type) => {
		expect(errorText(type)).toBeUndefined();
	},
);

it('input that makes no sense was sent to nobody', () => {
	expect(invalidInput('Prompt is empty', 'Fill in Prompt.')).toMatchObject({
		name: 'LtxError',
		type: 'invalid_input',
		message: 'Prompt is empty',
		advice: 'Fill in Prompt.',
		wasRefused: true,
		isUnreachable: false,
	});
});

it('keeps every detail that is not replaced', () => {
	const details = { isUnreachable: true, jobId: 'job-1', videoUrl: 'https://s.example/v' };

	expect(new LtxError('api_error', 'x', details).with({ jobId: 'job-2' })).toMatchObject({
		...details,
		jobId: 'job-2',
	});
});

it('input that is quoted loses a signed address', () => {
	expect(invalidInput('No binary field "https://s.example/a?X-Signature=secret"').message).toBe(
		'No binary field "https://s.example/…"',
	);
});
