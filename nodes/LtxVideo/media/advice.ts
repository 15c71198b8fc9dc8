import { BASE64_TEXT, DATA_URI_TEXT, type FileType } from './fileTypes';
import { VIDEO, type MediaKind } from './kinds';

const TO_FILE = 'n8n\'s node Convert to File, "Move Base64 String to File", makes a file of it';

/** What helps where a field holds something that it does not take. */
export function adviseOn(type: FileType, kinds: readonly MediaKind[]): string {
	const [kind] = kinds;
	const isOneKind = kinds.length === 1;
	const orAsUrl = isOneKind ? `, or give the text as ${kind.urlFields}` : '';
	if (type.name === BASE64_TEXT) return `${TO_FILE}${orAsUrl}.`;
	if (type.name === DATA_URI_TEXT) {
		return `${TO_FILE} (only what stands behind the comma)${orAsUrl}.`;
	}
	if (type.extension === 'html') {
		return 'A page came instead of a file: its address may need a login, or be that of a viewer. Use the address of the file itself. An SVG must be converted to PNG.';
	}
	if (type.extension === 'json') {
		return 'JSON came instead of a file, as an answer of an API does. Look in it for an address or for base64 of the file.';
	}
	if (type.extension === 'txt') {
		return 'Text came instead of a file. Look at what the node before this one gives.';
	}
	if (isOneKind && kind === VIDEO && ['audio', 'image'].includes(type.medium)) {
		return type.medium === 'audio'
			? 'The file has no moving picture. Choose the one with the video, or use the resource Audio to Video.'
			: 'Choose a video, or use the resource Image to Video.';
	}
	const toWhat = kinds.map(({ commonest }) => commonest).join(', ');
	const iPhone =
		type.extension === 'heic'
			? ' An iPhone takes JPEG with Settings > Camera > Formats > Most Compatible.'
			: '';
	return `Convert the file first, for example to ${toWhat}.${iPhone} The type is told by the content, not by the file name.`;
}
