import { AUDIO, IMAGE, VIDEO } from '../media/kinds';
import { checkFile, uploadFile } from '../media/upload';
import { toTrimmedText } from '../endpoints/fields/values';
import type { BaseItem, ItemResult, Operation } from './item';

/** Uploads a file to be used in any number of jobs. Starts none. */
export const upload: Operation<BaseItem> = async (item) => {
	const { binaryFields, client, helpers, index } = item;
	const property = toTrimmedText('Input Binary Field', item.parameter('binaryProperty'));
	const kinds = [IMAGE, VIDEO, AUDIO];
	const file = await checkFile(helpers, index, property, binaryFields, kinds);
	const run = async (): Promise<ItemResult> => {
		const { storage_uri, expires_at } = await uploadFile(helpers, client, file, item);
		return {
			json: { storage_uri, expires_at, mime_type: file.mimeType, file_size: file.sizeBytes },
		};
	};
	return { run };
};
