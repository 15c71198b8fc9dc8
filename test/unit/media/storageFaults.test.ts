import { describeStorageFault } from '../../../nodes/LtxVideo/media/storageFaults';

const fault = (code: string, syscall?: string) =>
	Object.assign(new Error(`${code}: no`), { code, syscall });

it.each([
	['ENOSPC', 'write', /disk space/],
	['EDQUOT', 'write', /quota/],
	['EACCES', 'open', /no right/],
	['EPERM', 'open', /no right/],
	['EROFS', 'open', /read-only/],
	['ENOENT', 'open', /gone/],
	['ENOTDIR', 'mkdir', /not a folder/],
	['EISDIR', 'open', /a folder where/],
	['EMFILE', 'open', /too many files/],
	['EIO', 'read', /disk gave an error/],
	['ENOSPC', undefined, /disk space/],
])('%s of %s is told in words without the code', (code, syscall, words) => {
	expect(describeStorageFault(fault(code, syscall))).toMatch(words);
	expect(describeStorageFault(fault(code, syscall))).not.toContain(code);
});

it.each([
	['the cause of an error', { message: 'n8n failed', cause: fault('ENOSPC') }],
	['the first of several errors', { errors: [fault('ENOSPC'), fault('EIO')] }],
	['the cause of a cause', { cause: { cause: fault('ENOSPC') } }],
])('is found as %s', (_what, error) => {
	expect(describeStorageFault(error)).toMatch(/disk space/);
});

it('is a file that n8n has removed, by the words of n8n', () => {
	expect(describeStorageFault(new Error('File not found'))).toBe('the file is gone');
	expect(describeStorageFault(new Error('File not found: a.png'))).toBeUndefined();
});

it.each<[string, unknown]>([
	['a port that is taken', fault('EACCES', 'bind')],
	['a port that nobody may have', fault('EACCES', 'listen')],
	['a connection that was refused', fault('ECONNREFUSED', 'connect')],
	['a connection that a firewall does not allow', fault('EACCES', 'connect')],
	['a socket that has no room', fault('EMFILE', 'connect')],
	['a host that is not found', fault('ENOENT', 'getaddrinfo')],
	['an error without a code', new Error('no')],
	['no error at all', undefined],
])('is not %s', (_what, error) => {
	expect(describeStorageFault(error)).toBeUndefined();
});
