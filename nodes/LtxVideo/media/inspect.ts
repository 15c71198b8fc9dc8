import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { invalidInput, Stopped } from '../api/errors';
import { isRecord } from '../api/json';
import { cleanText } from '../api/redact';
import { adviseOn } from './advice';
import type { ByteStream } from './byteStreams';
import { readMediaFacts } from './facts/facts';
import type { MediaFacts, MediaFile } from './facts/mediaFile';
import { detectFileType, HEAD_BYTES, type FileType } from './fileTypes';
import { AUDIO, type MediaKind } from './kinds';
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
	/** What it tells of its length and picture. */
	facts: MediaFacts;
	/** How the field that holds it is called in messages. */
	field: string;
	/** Its file name. */
	name: string | undefined;
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
	/** Whether a length is worth it that a file is fetched to its end from other storage than a disk. */
	isLengthNeeded?: boolean;
}

/** Most files tell all that they have to tell in as many bytes. */
const VIEW_BYTES = 256 * 1024;

const MEBIBYTE = 1024 * 1024;

const LOST_FILE_ADVICE =
	'n8n may have removed the file with its execution. It must come from the node before once more.';

/** Where n8n keeps the files of an item in the binary mode "combined". */
export const FILES_IN_JSON = '_files';

/** Rounded up: one byte more than the limit must not read like the limit. */
function describeSize(bytes: number): string {
	return `${(Math.ceil((bytes / MEBIBYTE) * 10) / 10).toFixed(1)} MiB`;
}

/** Bytes of a stream from `start` on; those before are let go. */
async function readBytes(stream: ByteStream, start = 0, length = Infinity): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let position = -start;
	for await (const chunk of stream) {
		const bytes = chunk as Buffer;
		if (position + bytes.length > 0) chunks.push(bytes.subarray(Math.max(0, -position)));
		position += bytes.length;
		if (position >= length) break;
	}
	return Buffer.concat(chunks).subarray(0, length);
}

function hasContent({ id, data }: Partial<IBinaryData>): boolean {
	return typeof id === 'string' || typeof data === 'string';
}

/** n8n's `$binary` leaves out what a file holds that has no id. The item itself has it. */
function findTwin({ helpers, index, binaryFields }: FileOwner, file: IBinaryData): IBinaryData {
	const twins = binaryFields
		.map((field): IBinaryData => helpers.assertBinaryData(index, field))
		.filter((twin) => Object.entries(file).every(([key, value]) => value === twin[key]));
	if (twins.length > 0 && twins.every(({ data }) => data === twins[0].data)) return twins[0];
	throw invalidInput(
		'The expression gives a file without its content',
		'Enter the name of the binary field instead.',
	);
}

function findBinary(owner: FileOwner, source: FileSource): IBinaryData {
	if (typeof source !== 'string') return hasContent(source) ? source : findTwin(owner, source);
	const { helpers, index, binaryFields } = owner;
	// In n8n's binary mode "combined", files stand in the json, and their names are paths.
	for (const name of [source, `${FILES_IN_JSON}.${source}`]) {
		try {
			return helpers.assertBinaryData(index, name);
		} catch {
			// Looked for under the next name.
		}
	}
	const present =
		binaryFields.length > 0
			? `it has: ${binaryFields.map((field) => `"${field}"`).join(', ')}`
			: 'it has no binary data at all';
	throw invalidInput(
		`The input item has no binary field "${source}"; ${present}`,
		'Choose the field that holds the file, or let the node before this one output a file.',
	);
}

/** True for what n8n keeps of a file in an item. */
export function isBinaryData(value: unknown): value is IBinaryData {
	return isRecord(value) && typeof value.mimeType === 'string';
}

/** What n8n keeps on disk or elsewhere, or in the item as base64. */
async function look({ helpers }: FileOwner, { id, data }: IBinaryData) {
	if (id === undefined) {
		// With line breaks, as some nodes write it, the text says nothing about its length.
		const open = async () => Buffer.from(data, 'base64');
		const bytes = await open();
		return { sizeBytes: bytes.length, head: bytes.subarray(0, VIEW_BYTES), open };
	}
	const [{ fileSize }, head] = await Promise.all([
		helpers.getBinaryMetadata(id),
		helpers.getBinaryStream(id, VIEW_BYTES).then((stream) => readBytes(stream, 0, VIEW_BYTES)),
	]);
	return { sizeBytes: fileSize, head, open: async () => await helpers.getBinaryStream(id) };
}

/** Reads a part of a file, through all that stands before it: n8n's storage cannot seek. */
async function readPart(
	open: InspectedFile['open'],
	stop: AbortSignal,
	start: number,
	length: number,
): Promise<Buffer> {
	const source = await open();
	if (Buffer.isBuffer(source)) return source.subarray(start, start + length);
	const end = () => source.destroy();
	if (stop.aborted) end();
	stop.addEventListener('abort', end, { once: true });
	try {
		return await readBytes(source, start, length);
	} finally {
		stop.removeEventListener('abort', end);
		source.destroy();
	}
}

const isInMemoryOrOnDisk = ({ id }: IBinaryData) => id === undefined || id.startsWith('filesystem');

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
	const file: MediaFile = { sizeBytes, head };
	if (owner.isLengthNeeded || isInMemoryOrOnDisk(binary)) {
		file.readOn = async (...part) => await readPart(open, owner.stop, ...part);
	}
	const facts = await readMediaFacts(detected.mimeType, file);
	const type = refineType(detected, kinds, binary.mimeType, facts);
	if (owner.stop.aborted) throw new Stopped();
	const kind = kinds.find(({ takes }) => takes(type));
	if (!kind) {
		throw invalidInput(
			`${field} holds ${type.name}, but LTX takes ${kinds.map(({ types }) => types).join('; ')}`,
			adviseOn(type, kinds),
		);
	}
	if (sizeBytes > kind.largestMebibytes * MEBIBYTE) {
		throw invalidInput(
			`${field} holds ${type.name} of ${describeSize(sizeBytes)}, but LTX takes at most ${kind.largestMebibytes} MiB`,
			kind.tooLargeAdvice,
		);
	}
	return { field, mimeType: type.mimeType, sizeBytes, open, facts, name: binary.fileName };
}

/**
 * The label counts where the bytes do not tell. Sound in the container of a video is sound; where it
 * does not tell what it holds, and sound is welcome, the label or the field decides.
 */
function refineType(
	type: FileType,
	kinds: readonly MediaKind[],
	label: string,
	{ hasPicture }: MediaFacts,
): FileType {
	const isLabelled = /^(video|audio)\//i.test(label);
	if (type.medium === 'unknown') return isLabelled ? { ...type, mimeType: label } : type;
	if (type.medium !== 'container') return type;
	if (hasPicture === true) return { ...type, medium: 'video' };
	const mayBeSound = kinds.includes(AUDIO) && (kinds.length === 1 || /^audio\//i.test(label));
	if (hasPicture !== false && !mayBeSound) return type;
	const mimeType = type.mimeType.replace(/^video\/(mp4|quicktime)$/, 'audio/mp4');
	return {
		...type,
		medium: 'audio',
		mimeType: mimeType.replace('video/', 'audio/'),
		name: 'sound',
	};
}

/** All bytes of a file. Only for small ones. */
export async function readFile(file: InspectedFile): Promise<Buffer> {
	const source = await file.open();
	return Buffer.isBuffer(source) ? source : await readBytes(source);
}
