import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

/** An API key of LTX and the address that it is for. */
export class LtxApi implements ICredentialType {
	name = 'ltxApi';

	displayName = 'LTX API';

	icon: Icon = {
		light: 'file:../nodes/LtxVideo/ltxVideo.svg',
		dark: 'file:../nodes/LtxVideo/ltxVideo.dark.svg',
	};

	documentationUrl = 'https://github.com/ltx-video-nodes/n8n-nodes-ltx-video#credential';

	properties: INodeProperties[] = [
		{
			displayName:
				'Make a key at <a href="https://console.ltx.io" target="_blank">console.ltx.io</a> and buy credits there. They start at 5 USD.',
			name: 'wayToKey',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'From the LTX developer console, console.ltx.io',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://api.ltx.io',
			placeholder: 'e.g. https://api.ltx.io',
			hint: 'If the test says ERR_INVALID_URL, ENOTFOUND or ECONNREFUSED, n8n cannot reach it. Usually https://api.ltx.io.',
			description:
				'Begins with https:// or http://. The key is sent to this address only. Change it only if you use a proxy.',
		},
	];

	// A key that was pasted with a line break would be no valid header.
	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey.trim()}}' } },
	};

	// Asks for an upload slot and leaves it unused: the cheapest call that needs a key, and free.
	test: ICredentialTestRequest = {
		request: {
			method: 'POST',
			baseURL: '={{$credentials.baseUrl.trim().replace(/\\/+$/, "")}}',
			url: '/v1/upload',
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'LTX does not accept this API key. Copy it once more as a whole, or make a new one in the console, console.ltx.io.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'This API key may not use the LTX API. Check it in the console, console.ltx.io.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: 'There is no LTX API at this base URL. The usual one is https://api.ltx.io.',
				},
			},
		],
	};
}
