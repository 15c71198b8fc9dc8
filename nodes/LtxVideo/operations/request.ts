import { invalidInput, Stopped } from '../api/errors';
import type { Draft, Endpoint } from '../endpoints/endpoint';
import type { BodyValue } from '../endpoints/fields/field';
import { readImageSize } from '../media/imageSize';
import { inspectFile, readFile, type FileSource, type InspectedFile } from '../media/inspect';
import { uploadFile } from '../media/upload';
import type { Item } from './item';

// LTX keeps a file for 24 hours, and a job needs it for a while.
const UPLOAD_KEPT_MS = 23 * 60 * 60_000;

/** A request that was checked and can be sent. */
export interface PreparedRequest extends Draft {
	/** The files to upload, by API field. */
	files: Map<string, { source: FileSource; file: InspectedFile }>;
}

/** What the fields put into the request, by API field. */
export function readFields({
	endpoint,
	parameter,
	additionalField,
}: Pick<Item, 'parameter' | 'additionalField'> & { endpoint: Endpoint }): Record<
	string,
	BodyValue
> {
	const values: Record<string, BodyValue> = {};
	for (const { properties, isAdditional, read } of endpoint.fields) {
		const given = read(isAdditional ? additionalField : parameter);
		for (const [apiName, value] of Object.entries(given)) {
			const earlier: BodyValue | undefined = values[apiName];
			// An empty one may hold the place of a file.
			if (earlier?.is === 'plain' && earlier.value !== '' && earlier.value !== null) {
				throw invalidInput(
					`${properties[0].displayName} gives ${apiName}, which has a value already`,
					'Remove one of the two.',
				);
			}
			values[apiName] = value;
		}
	}
	return values;
}

/** The size of the two in the orientation of the image; a square counts as landscape. */
async function matchImage(
	{ imageField, landscape, portrait, isOrLandscape }: Extract<BodyValue, { is: 'sizeOfImage' }>,
	files: Map<string, InspectedFile>,
): Promise<string> {
	const file = files.get(imageField);
	if (!file && isOrLandscape) return landscape;
	if (!file) {
		throw invalidInput(
			'A resolution that follows the image needs an image from a binary field',
			'Choose Binary File as the source of the image, or a resolution with an orientation.',
		);
	}
	const size = readImageSize(await readFile(file), file.mimeType);
	if (!size) {
		throw invalidInput(
			`${file.field} holds an image whose width and height cannot be read`,
			'Choose a resolution with an orientation, or save the image again.',
		);
	}
	return size.height > size.width ? portrait : landscape;
}

/**
 * Reads and checks every field of the endpoint and every file. Nothing is sent.
 *
 * @throws {LtxError} `invalid_input`
 */
export async function prepareRequest(item: Item): Promise<PreparedRequest> {
	const { alwaysSent, findGap } = item.endpoint;
	const values = readFields(item);
	const gap = findGap?.(values);
	if (gap) throw invalidInput(gap);
	const body: PreparedRequest['body'] = {};
	const inspected = new Map<string, InspectedFile>();
	const files: PreparedRequest['files'] = new Map();
	// A length that is missing costs an estimate, but with a limit the whole run.
	const owner = { ...item, isLengthNeeded: item.option('maxCostUsd') !== undefined };
	for (const [apiName, value] of Object.entries(values)) {
		if (value.is !== 'file') continue;
		const { source, kinds, asIs } = value;
		const file = await inspectFile(owner, source, kinds).catch((error: unknown) => {
			// LTX itself looks at what it gets as it is.
			if (asIs === undefined || error instanceof Stopped) throw error;
		});
		if (file) inspected.set(apiName, file);
		if (asIs !== undefined) body[apiName] = asIs;
		else if (file) files.set(apiName, { source, file });
	}
	for (const [apiName, value] of Object.entries(values)) {
		if (value.is === 'plain') body[apiName] = value.value;
		if (value.is === 'sizeOfImage') body[apiName] = await matchImage(value, inspected);
	}
	return {
		body: { ...body, ...alwaysSent },
		files,
		factsOf: (apiName) => inspected.get(apiName)?.facts ?? {},
	};
}

/** A request as it is sent. */
export interface UploadedRequest {
	body: Record<string, unknown>;
	/** By API field. */
	uploadedUris: Record<string, string>;
}

async function uploadNow(
	item: Item,
	{ body, files }: PreparedRequest,
): Promise<UploadedRequest & { atMs: number }> {
	const atMs = item.clock.nowMs();
	// A file that stands in two fields is uploaded once.
	const uriBySource = new Map<FileSource, string>();
	const uploadedUris: Record<string, string> = {};
	for (const [apiName, { source, file }] of files) {
		const uri =
			uriBySource.get(source) ??
			(await uploadFile(item.helpers, item.client, file, item)).storage_uri;
		uriBySource.set(source, uri);
		uploadedUris[apiName] = uri;
	}
	return { body: { ...body, ...uploadedUris }, uploadedUris, atMs };
}

/**
 * Uploads the files and puts their addresses into the request.
 *
 * @returns what gives the request, with files uploaded anew where LTX may not have them any more
 */
export async function uploadFiles(
	item: Item,
	prepared: PreparedRequest,
): Promise<{ fresh(): Promise<UploadedRequest> }> {
	let uploaded = await uploadNow(item, prepared);
	return {
		async fresh() {
			if (item.clock.nowMs() - uploaded.atMs > UPLOAD_KEPT_MS) {
				uploaded = await uploadNow(item, prepared);
			}
			return uploaded;
		},
	};
}
