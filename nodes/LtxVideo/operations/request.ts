import { invalidInput } from '../api/errors';
import type { FieldValue } from '../api/fields';
import { checkImage, isMediaInput, uploadFile, type Upload } from '../api/media';
import type { Item } from '../item';

/** A request that was checked and can be sent. */
export interface PreparedRequest {
	/** The values for the API. Files of the item stand in it by the name of their binary field. */
	body: Record<string, FieldValue>;
	/** The files to upload, by binary field. */
	uploads: Map<string, Upload>;
}

/** Anything can come out of an expression for the whole collection. */
function asCollection(value: unknown): Record<string, unknown> {
	return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

/**
 * Reads and checks every field of the endpoint and every file. Nothing is sent.
 *
 * @throws {LtxError} `invalid_input`
 */
export async function prepareRequest(item: Item): Promise<PreparedRequest> {
	const { endpoint } = item;
	const additionalFields = asCollection(item.parameter('additionalFields'));
	const body: PreparedRequest['body'] = {};
	for (const field of endpoint.fields) {
		const value = field.read(
			field.isOptional ? (name) => additionalFields[name] : (name) => item.parameter(name),
		);
		if (value !== undefined) body[field.apiName] = value;
	}
	const conflict = endpoint.findConflict(body);
	if (conflict) throw invalidInput(conflict);

	const uploads: PreparedRequest['uploads'] = new Map();
	for (const value of Object.values(body)) {
		if (!isMediaInput(value) || !('binaryProperty' in value)) continue;
		const { binaryProperty } = value;
		if (uploads.has(binaryProperty)) continue;
		const { helpers, index, binaryFields } = item;
		uploads.set(binaryProperty, await checkImage(helpers, index, binaryProperty, binaryFields));
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
		uriByField.set(field, await uploadFile(item.helpers, item.client, upload, item));
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
