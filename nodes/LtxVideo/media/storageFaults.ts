import { causesOf } from '../api/networkFaults';

// What a file system says. A network can be denied too, but names its own call then.
const WORDS_BY_CODE = new Map([
	['ENOSPC', 'there is no disk space left'],
	['EDQUOT', 'the disk quota is used up'],
	['EACCES', 'n8n has no right to its folder of files'],
	['EPERM', 'n8n has no right to its folder of files'],
	['EROFS', 'the disk is read-only'],
	['ENOENT', 'the file or its folder is gone'],
	['ENOTDIR', 'the folder of files is not a folder'],
	['EISDIR', 'there is a folder where the file should be'],
	['EMFILE', 'too many files are open'],
	['EIO', 'the disk gave an error'],
]);
const NETWORK_SYSCALLS = ['connect', 'getaddrinfo', 'bind', 'listen'];

// What n8n says of a file that it has removed.
const GONE = 'File not found';

/** Why n8n could not read or keep a file, in words; `undefined` where its storage is not to blame. */
export function describeStorageFault(error: unknown): string | undefined {
	for (const { code, message, syscall } of causesOf(error)) {
		if (message === GONE) return 'the file is gone';
		const words = WORDS_BY_CODE.get(String(code));
		if (words !== undefined && !NETWORK_SYSCALLS.includes(String(syscall))) return words;
	}
	return undefined;
}
