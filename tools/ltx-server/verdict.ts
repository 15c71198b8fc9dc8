import { ENDPOINTS, FILE_FIELDS, type EndpointPath, type FileWay } from './contract';
import { readMedia } from './mediaFacts';

export interface StoredFile {
	bytes: Buffer;
	contentType: string;
}

/** What there is at an address: a file, or `unknown` where one counts as there but cannot be had. */
export type FindFile = (uri: string) => StoredFile | 'unknown' | undefined;

/** What the API makes of a request by its content: no job, or one that may be bound to fail. */
export type Verdict = { refusal: string } | { body: Record<string, unknown>; failure?: string };

const MEBIBYTE = 1024 * 1024;
/** What the documentation names, and what may be in WAV or OGG: anything but PCM. */
const CODECS = ['avc', 'hevc', 'mp3', 'aac', 'vorbis', 'opus', 'ulaw', 'alaw'];
const DATA_URI = /^data:([^;]+);base64,/;

function wayOf(uri: string): FileWay {
	if (uri.startsWith('data:')) return 'data';
	return uri.startsWith('ltx:') ? 'upload' : 'url';
}

function fileOfDataUri(uri: string): StoredFile {
	const [head, contentType] = DATA_URI.exec(uri) as RegExpExecArray;
	return { contentType, bytes: Buffer.from(uri.slice(head.length), 'base64') };
}

/**
 * Judges a request as the API does: by its fields, by whether its files are there and how large they
 * are, and last, as part of the job, by what is in a sound or a video. An image is not looked into.
 */
export async function judge(
	path: EndpointPath,
	json: unknown,
	findFile: FindFile,
): Promise<Verdict> {
	const endpoint = ENDPOINTS[path];
	const parsed = endpoint.parse(json);
	if ('refusal' in parsed) return parsed;
	const { body } = parsed;
	let failure: string | undefined;
	for (const [field, kind] of Object.entries(FILE_FIELDS)) {
		const uri = body[field];
		if (typeof uri !== 'string') continue;
		const way = wayOf(uri);
		const file = way === 'data' ? fileOfDataUri(uri) : findFile(uri);
		if (file === undefined) return { refusal: `${field}: the file could not be fetched` };
		const size = way === 'data' ? uri.length : file === 'unknown' ? 0 : file.bytes.length;
		const mostMebibytes = endpoint.mostMebibytes(kind, way);
		if (size > mostMebibytes * MEBIBYTE) {
			return { refusal: `${field}: larger than ${mostMebibytes} MB` };
		}
		if (file !== 'unknown' && !file.contentType.startsWith(`${kind}/`)) {
			return { refusal: `${field}: ${file.contentType} is no ${kind}` };
		}
		if (kind === 'image') continue;
		const facts = file === 'unknown' ? {} : await readMedia(kind, file.bytes);
		const reason =
			facts === undefined || (facts.codec !== undefined && !CODECS.includes(facts.codec))
				? `unsupported format${facts?.codec === undefined ? '' : `: ${facts.codec}`}`
				: endpoint.failureOf(body, facts);
		failure ??= reason && `${field}: ${reason}`;
	}
	return { body, failure };
}
