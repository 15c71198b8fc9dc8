import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { createClient, type LtxClient } from '../api/client';
import { createRedactor } from '../api/redact';
import { toTrimmedText } from '../endpoints/fields/values';
import { toBaseUrl } from './baseUrl';

const CREDENTIAL = 'ltxApi';

// n8n's HTTP library leaves them out of a header, so that the key is sent without them.
const NOT_IN_HEADERS = /[^\t\x20-\x7e\x80-\xff]/g;

/**
 * Gives a client with the credential of an item. Items with the same credential share one.
 *
 * @throws {LtxError} `invalid_input` for a credential that cannot work
 */
export function createConnections(
	context: IExecuteFunctions,
): (itemIndex: number) => Promise<LtxClient> {
	const clients = new Map<unknown, Promise<LtxClient>>();
	return async (itemIndex) => {
		const id = context.getNode().credentials?.[CREDENTIAL]?.id;
		const client = clients.get(id) ?? connect(context, itemIndex);
		clients.set(id, client);
		return await client;
	};
}

async function connect(context: IExecuteFunctions, itemIndex: number): Promise<LtxClient> {
	const credentials = await context.getCredentials<IDataObject>(CREDENTIAL, itemIndex);
	const baseUrl = toBaseUrl(credentials.baseUrl);
	const apiKey = toTrimmedText('The API key of the LTX API credential', credentials.apiKey);
	const credentialsDecrypted = {
		id: '',
		name: '',
		type: CREDENTIAL,
		data: { ...credentials, baseUrl, apiKey },
	};
	return createClient(
		async (options) => {
			// n8n replaces the signal of a request by the Stop signal of the context that sends it.
			// But a submit must not be cut off by Stop: the answer may hold the id of a paid job.
			const sender = Object.create(context, {
				getExecutionCancelSignal: { value: () => options.abortSignal },
			}) as IExecuteFunctions;
			return (await context.helpers.httpRequestWithAuthentication.call(
				sender,
				CREDENTIAL,
				options,
				{ credentialsDecrypted },
			)) as unknown;
		},
		baseUrl,
		createRedactor([apiKey, apiKey.replace(NOT_IN_HEADERS, '')]),
	);
}
