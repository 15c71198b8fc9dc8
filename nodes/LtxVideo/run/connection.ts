import {
	NodeApiError,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type JsonObject,
} from 'n8n-workflow';

import { createClient, type LtxClient } from '../api/client';
import { systemClock } from '../api/clock';
import { answerIn } from '../api/networkFaults';
import { createRedactor, type Redactor } from '../api/redact';
import { toTrimmedText } from '../endpoints/fields/values';
import { toBaseUrl } from './baseUrl';
import { SubmitLine } from './submitLine';

const CREDENTIAL = 'ltxApi';

// n8n's HTTP library leaves them out of a header, so that the key is sent without them.
const NOT_IN_HEADERS = /[^\t\x20-\x7e\x80-\xff]/g;

/** What the items of a run share that have the same key and base URL. */
export interface Account {
	client: LtxClient;
	line: SubmitLine;
}

/** The accounts of a run. */
export interface Connections {
	/**
	 * The account of an item: a credential may hold expressions, so that each item has its own.
	 *
	 * @throws {LtxError} `invalid_input` for a credential that cannot work
	 */
	accountOf(itemIndex: number): Promise<Account>;
	/** For every key that this run has seen. */
	redactor: Redactor;
}

/** @param stop empties the lines of all accounts */
export function createConnections(context: IExecuteFunctions, stop: AbortSignal): Connections {
	const accounts = new Map<string, Account>();
	const redactor = createRedactor();
	const send = createSender(context);
	return {
		redactor,
		async accountOf(itemIndex) {
			const credentials = await context.getCredentials<ICredentialDataDecryptedObject>(
				CREDENTIAL,
				itemIndex,
			);
			const apiKey = toTrimmedText('The API key of the LTX API credential', credentials.apiKey);
			redactor.add(apiKey);
			redactor.add(apiKey.replace(NOT_IN_HEADERS, ''));
			const baseUrl = toBaseUrl(credentials.baseUrl);
			const key = JSON.stringify([baseUrl, apiKey]);
			const account = accounts.get(key) ?? {
				client: createClient(
					async (options) => await send(options, { ...credentials, baseUrl, apiKey }),
					baseUrl,
					redactor,
				),
				line: new SubmitLine(systemClock, stop),
			};
			accounts.set(key, account);
			return account;
		},
	};
}

// 401 makes n8n send a request again, and any other 4xx says the same whoever it comes from.
const isOfProxies = (status: number) =>
	status < 400 || status >= 500 || [400, 403, 404, 405, 407].includes(status);
const STATUSES_OF_PROXIES = Array.from({ length: 300 }, (_, index) => 300 + index).filter(
	isOfProxies,
);

/** Sends requests with n8n's helper and a credential whose expressions are resolved. */
function createSender(context: IExecuteFunctions) {
	// Only an error shows whether a proxy answered, and n8n 1 keeps nothing of its cause.
	const { cause } = new NodeApiError(context.getNode(), new Error('Any') as unknown as JsonObject);
	const ignoreHttpStatusErrors = cause === undefined || {
		ignore: true as const,
		except: STATUSES_OF_PROXIES,
	};
	return async (
		options: IHttpRequestOptions,
		data: ICredentialDataDecryptedObject,
	): Promise<unknown> => {
		// n8n replaces the signal of a request by the Stop signal of the context that sends it.
		// But a submit must not be cut off by Stop: the answer may hold the id of a paid job.
		const sender = Object.create(context, {
			getExecutionCancelSignal: { value: () => options.abortSignal },
		}) as IExecuteFunctions;
		const credentialsDecrypted = { id: '', name: '', type: CREDENTIAL, data };
		return await context.helpers.httpRequestWithAuthentication
			.call(
				sender,
				CREDENTIAL,
				{ ...options, ignoreHttpStatusErrors },
				{
					credentialsDecrypted,
				},
			)
			.catch((error: unknown) => answerIn(error, options.url));
	};
}
