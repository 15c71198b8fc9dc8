import { toFileSource } from '../endpoints/fields/mediaField';
import { inspectFile } from '../media/inspect';
import { EVERY_KIND } from '../media/kinds';
import { uploadFile } from '../media/upload';
import type { BaseItem, ItemResult, Operation } from './item';

/** Uploads a file to be used in any number of jobs. Starts none. */
export const upload: Operation<BaseItem> = async (item) => {
	const { client, helpers, parameter } = item;
	const source = toFileSource('Input Binary Field', parameter('binaryProperty'));
	const file = await inspectFile(item, source, EVERY_KIND);
	const run = async (): Promise<ItemResult> => {
		const { storage_uri, expires_at } = await uploadFile(helpers, client, file, item);
		return {
			json: { storage_uri, expires_at, mime_type: file.mimeType, file_size: file.sizeBytes },
		};
	};
	return { run };
};
