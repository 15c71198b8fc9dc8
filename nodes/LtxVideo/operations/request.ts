import { isRecord } from '../api/answers';
import { invalidInput } from '../api/errors';
import type { FieldValue, ImageMatch } from '../endpoints/fields/kinds';
import { readImageSize } from '../media/imageSize';
import { checkFile, readFile, uploadFile, type Upload } from '../media/upload';
import { isMediaInput } from '../media/kinds';
import type { Item } from './item';

const LIMIT_ADVICE = 'Cut or convert the file first. Nothing was sent.';

/** A request that was checked and can be sent. */
export interface PreparedRequest {
	/** The values for the API. Files of the item stand in it by the name of their binary field. */
	body: Record<string, FieldValue>;
	/** The files to upload, by binary field. */
	uploads: Map<string, Upload>;
}

function readFields(item: Item): PreparedRequest['body'] {
	const additional = item.collection('additionalFields');
	const body: PreparedRequest['body'] = {};
	for (const field of item.endpoint.fields) {
		const value = field.read(
			field.isAdditional ? (name) => additional[name] : (name) => item.parameter(name),
		);
		if (value !== undefined) body[field.apiName] = value;
	}
	return body;
}

async function checkUploads(
	item: Item,
	body: PreparedRequest['body'],
): Promise<Map<string, Upload>> {
	const { helpers, index, binaryFields } = item;
	const uploads = new Map<string, Upload>();
	for (const value of Object.values(body)) {
		if (!isMediaInput(value) || !('binaryProperty' in value)) continue;
		const { binaryProperty, kind, limit } = value;
		const upload = await checkFile(helpers, index, binaryProperty, binaryFields, [kind]);
		const problem = limit?.(await upload.readFacts());
		if (problem) throw invalidInput(`${upload.field} holds a file that ${problem}`, LIMIT_ADVICE);
		uploads.set(binaryProperty, upload);
	}
	return uploads;
}

function isImageMatch(value: FieldValue): value is ImageMatch {
	return isRecord(value) && 'imageField' in value;
}

/** The size of the two in the orientation of the image; a square counts as landscape. */
async function matchImage(
	{ imageField, landscape, portrait }: ImageMatch,
	{ body, uploads }: PreparedRequest,
): Promise<string> {
	const image = body[imageField];
	const upload =
		isMediaInput(image) && 'binaryProperty' in image
			? uploads.get(image.binaryProperty)
			: undefined;
	if (!upload) {
		throw invalidInput(
			'A resolution that follows the image needs an image from a binary field',
			'Choose Binary File as the source of the image, or a resolution with an orientation.',
		);
	}
	const size = readImageSize(await readFile(upload), upload.mimeType);
	if (!size) {
		throw invalidInput(
			`${upload.field} holds an image whose width and height cannot be read`,
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
	const body = readFields(item);
	for (const rule of item.endpoint.rules ?? []) {
		const conflict = rule(body);
		if (conflict) throw invalidInput(conflict);
	}
	const uploads = await checkUploads(item, body);
	for (const [apiName, value] of Object.entries(body)) {
		if (isImageMatch(value)) body[apiName] = await matchImage(value, { body, uploads });
	}
	return { body, uploads };
}

/** Uploads the files and puts addresses where files stood. */
export async function resolveMedia(
	item: Item,
	{ body, uploads }: PreparedRequest,
): Promise<{ body: Record<string, unknown>; uploadedUris: Record<string, string> }> {
	const uriByField = new Map<string, string>();
	for (const [field, upload] of uploads) {
		const slot = await uploadFile(item.helpers, item.client, upload, item);
		uriByField.set(field, slot.storage_uri);
	}
	const uploadedUris: Record<string, string> = {};
	const resolved: Record<string, unknown> = {};
	for (const [apiName, value] of Object.entries(body)) {
		if (!isMediaInput(value)) {
			resolved[apiName] = value;
		} else if ('uri' in value) {
			resolved[apiName] = value.uri;
		} else {
			const uri = uriByField.get(value.binaryProperty) as string;
			resolved[apiName] = uri;
			uploadedUris[apiName] = uri;
		}
	}
	return { body: resolved, uploadedUris };
}
