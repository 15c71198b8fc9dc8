import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { invalidInput, Stopped } from '../api/errors';
import { isRecord } from '../api/json';
import { cleanText } from '../api/redact';
import type { ByteStream } from './byteStreams';
import { detectFileType, HEAD_BYTES, type FileType } from './fileTypes';
import { AUDIO, type MediaKind } from './kinds';
import { readMediaFacts, type MediaFacts } from './movieHeader';
import { describeStorageFault } from './storageFaults';

/** What n8n's helpers do with the files of items. */
export type FileHelpers = Pick<
	IExecuteFunctions['helpers'],
	'assertBinaryData' | 'getBinaryStream' | 'getBinaryMetadata'
>;

/** A file of an item that was looked at and may be sent. */
export interface InspectedFile {
	mimeType: string;
	sizeBytes: number;
	/** Its bytes from the start: a stream, or a buffer where n8n keeps files in memory. */
	open(): Promise<ByteStream | Buffer>;
	/** What its header tells; read once, when first asked for. */
	readFacts(): Promise<MediaFacts>;
	/** How the field that holds it is called in messages. */
	field: string;
	/** Its file name. */
	name: string | undefined;
	/**
	 * The last part of the id under which n8n keeps it, since n8n moves files from one folder to another when an
	 * execution ends; `undefined` where it keeps files in memory.
	 */
	storedId: string | undefined;
}

/** The name of a binary field, or the file itself, as an expression may give it. */
export type FileSource = string | IBinaryData;

/** Where to look for files. */
export interface FileOwner {
	helpers: FileHelpers;
	index: number;
	/** Names of the binary fields that the input item has. */
	binaryFields: string[];
	stop: AbortSignal;
}

const MEBIBYTE = 1024 * 1024;

const LOST_FILE_ADVICE =
	'n8n may have removed the file with its execution. Run the workflow again from where the file comes from.';

/** Rounded up: one byte more than the limit must not read like the limit. */
function describeSize(bytes: number): string {
	return `${(Math.ceil((bytes / MEBIBYTE) * 10) / 10).toFixed(1)} MiB`;
}

/** The bytes of a stream: all of them, or the chunks that hold the first `enough`. */
async function readBytes(stream: ByteStream, enough = Infinity): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of stream) {
		chunks.push(chunk as Buffer);
		length += (chunk as Buffer).length;
		if (length >= enough) break;
	}
	return Buffer.concat(chunks);
}

function findBinary({ helpers, index, binaryFields }: FileOwner, source: FileSource): IBinaryData {
	if (typeof source !== 'string') return source;
	try {
		return helpers.assertBinaryData(index, source);
	} catch {
		const present =
			binaryFields.length > 0
				? `it has: ${binaryFields.map((field) => `"${field}"`).join(', ')}`
				: 'it has no binary data at all';
		throw invalidInput(
			`The input item has no binary field "${source}"; ${present}`,
			'Choose the field that holds the file, or let the node before this one output a file.',
		);
	}
}

/** True for what n8n keeps of a file in an item. */
export function isBinaryData(value: unknown): value is IBinaryData {
	if (!isRecord(value) || typeof value.mimeType !== 'string') return false;
	// In expressions, n8n leaves out the data of files that it keeps elsewhere.
	return typeof value.data === 'string' || typeof value.id === 'string';
}

/** What n8n keeps on disk or elsewhere, or in the item as base64. */
async function look({ helpers }: FileOwner, { id, data }: IBinaryData) {
	if (id === undefined) {
		// With line breaks, as some nodes write it, the text says nothing about its length.
		const open = async () => Buffer.from(data, 'base64');
		const bytes = await open();
		return { sizeBytes: bytes.length, head: Buffer.from(bytes.subarray(0, HEAD_BYTES)), open };
	}
	const [{ fileSize }, head] = await Promise.all([
		helpers.getBinaryMetadata(id),
		helpers.getBinaryStream(id, HEAD_BYTES).then((stream) => readBytes(stream, HEAD_BYTES)),
	]);
	return { sizeBytes: fileSize, head, open: async () => await helpers.getBinaryStream(id) };
}

/**
 * Finds a file in the item's binary data and checks that it may be of one of the `kinds`. Nothing
 * is sent.
 *
 * @throws {LtxError} `invalid_input` that names what was found
 */
export async function inspectFile(
	owner: FileOwner,
	source: FileSource,
	kinds: readonly MediaKind[],
): Promise<InspectedFile> {
	const binary = findBinary(owner, source);
	const field = typeof source === 'string' ? `The binary field "${source}"` : 'The file';
	const { sizeBytes, head, open } = await look(owner, binary).catch((error: unknown) => {
		const reason = describeStorageFault(error) ?? cleanText(String((error as Error).message));
		throw invalidInput(`${field} cannot be read from n8n's storage: ${reason}`, LOST_FILE_ADVICE);
	});
	if (sizeBytes === 0 || head.length === 0) throw invalidInput(`${field} is empty (0 bytes)`);
	const detected = detectFileType(head.subarray(0, HEAD_BYTES));
	let facts: Promise<MediaFacts> | undefined;
	const readFacts = async () => await (facts ??= readFactsOf(detected, open, owner.stop));
	const type = await refineType(detected, kinds, binary.mimeType, readFacts);
	if (owner.stop.aborted) throw new Stopped();
	const kind = kinds.find(({ takes }) => takes(type));
	if (!kind) {
		throw invalidInput(
			`${field} holds ${type.name}, but LTX takes ${kinds.map(({ types }) => types).join('; ')}`,
			`Convert the file first, for example to ${kinds.map(({ commonest }) => commonest).join(', ')}. The type is told by the content, not by the file name.`,
		);
	}
	if (sizeBytes > kind.largestMebibytes * MEBIBYTE) {
		throw invalidInput(
			`${field} holds ${type.name} of ${describeSize(sizeBytes)}, but LTX takes at most ${kind.largestMebibytes} MiB`,
			kind.tooLargeAdvice,
		);
	}
	const { fileName: name, id } = binary;
	const storedId = id?.slice(id.lastIndexOf('/') + 1);
	return { field, mimeType: type.mimeType, sizeBytes, open, readFacts, name, storedId };
}

const BOXED_TYPES = ['video/mp4', 'video/quicktime', 'audio/mp4'];

/** Others would be read to their end in search of a header that they cannot have. */
async function readFactsOf(
	{ mimeType }: FileType,
	open: InspectedFile['open'],
	stop: AbortSignal,
): Promise<MediaFacts> {
	return BOXED_TYPES.includes(mimeType) ? await readMediaFacts(await open(), stop) : {};
}

/**
 * The label counts where the bytes do not tell. Sound in an MP4 container often has the brand of a
 * video: where sound is welcome, the header decides, which may stand at the end of the file.
 */
async function refineType(
	type: FileType,
	kinds: readonly MediaKind[],
	label: string,
	readFacts: InspectedFile['readFacts'],
): Promise<FileType> {
	const isLabelled = /^(video|audio)\//i.test(label);
	if (type.medium === 'unknown') return isLabelled ? { ...type, mimeType: label } : type;
	if (type.medium !== 'container' || !kinds.includes(AUDIO)) return type;
	const { hasPicture } = await readFacts();
	if (hasPicture === true) return { ...type, medium: 'video' };
	const isSound = hasPicture === false || /^audio\//i.test(label) || kinds.length === 1;
	if (!isSound) return type;
	const mimeType = type.mimeType.replace(/^video\/(mp4|quicktime)$/, 'audio/mp4');
	return {
		...type,
		medium: 'audio',
		mimeType: mimeType.replace('video/', 'audio/'),
		name: 'sound',
	};
}

/** All bytes of a file. Only for images that were checked, which are small. */
export async function readFile(file: InspectedFile): Promise<Buffer> {
	const source = await file.open();
	return Buffer.isBuffer(source) ? source : await readBytes(source);
}
