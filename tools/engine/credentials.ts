import {
	ICredentialsHelper,
	type ICredentialDataDecryptedObject,
	type ICredentialsExpressionResolveValues,
	type ICredentialType,
	type IExecuteData,
	type IHttpRequestOptions,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

/**
 * Credentials by type, without n8n's database. Their expressions are resolved for the item that is
 * asked for. `authenticate` calls the function of the credential
 * class or resolves its expressions with n8n's own expression engine, as n8n does.
 */
export class EngineCredentials extends ICredentialsHelper {
	constructor(
		private readonly types: (name: string) => ICredentialType,
		private readonly data: Record<string, ICredentialDataDecryptedObject>,
	) {
		super();
	}

	getParentTypes(): string[] {
		return [];
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.types(type).properties;
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async getDecrypted(
		_additionalData: unknown,
		_nodeCredentials: unknown,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		_raw?: boolean,
		resolve?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const data = { ...this.data[type] };
		if (!resolve) return data;
		return resolve.workflow.expression.getParameterValue(
			data as INodeParameters,
			resolve.runExecutionData,
			resolve.runIndex,
			resolve.itemIndex,
			resolve.node.name,
			resolve.connectionInputData,
			mode,
			{},
			executeData,
			false,
			data as INodeParameters,
		) as ICredentialDataDecryptedObject;
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions,
		workflow: Workflow,
		node: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.types(typeName);
		if (typeof authenticate === 'function') {
			return await authenticate(credentials, requestOptions);
		}
		if (authenticate === undefined) throw new Error(`${typeName} has no authentication`);
		const headers = Object.entries(authenticate.properties.headers ?? {}).map(([name, value]) => [
			name,
			workflow.expression.getSimpleParameterValue(node, String(value), 'internal', {
				$credentials: credentials as never,
			}),
		]);
		const authenticated = requestOptions;
		authenticated.headers = { ...requestOptions.headers, ...Object.fromEntries(headers) };
		return authenticated;
	}

	async getCredentials(): Promise<never> {
		throw new Error('not part of a run');
	}

	async updateCredentials(): Promise<never> {
		throw new Error('not part of a run');
	}

	async updateCredentialsOauthTokenData(): Promise<never> {
		throw new Error('not part of a run');
	}
}
