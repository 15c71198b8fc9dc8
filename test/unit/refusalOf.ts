import { LtxError } from '../../nodes/LtxVideo/api/errors';

/** The error with which `read` refuses a value. */
export function refusalOf(read: () => unknown): LtxError {
	try {
		read();
	} catch (error) {
		expect(error).toBeInstanceOf(LtxError);
		expect(error).toMatchObject({ type: 'invalid_input', isPassing: false, wasRefused: true });
		return error as LtxError;
	}
	throw new Error('It was not refused');
}
