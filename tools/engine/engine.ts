import './environment';

import { buffer } from 'node:stream/consumers';

import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import {
	BinaryDataConfig,
	BinaryDataService,
	ErrorReporter,
	ExecutionLifecycleHooks,
	LazyPackageDirectoryLoader,
	PackageDirectoryLoader,
	WorkflowExecute,
	type DirectoryLoader,
} from 'n8n-core';
import {
	createRunExecutionData,
	Workflow,
	type IBinaryData,
	type ICredentialDataDecryptedObject,
	type INode,
	type INodeTypes,
	type IRun,
	type IRunExecutionData,
	type IWorkflowExecuteAdditionalData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { EngineCredentials } from './credentials';
import { INSTALLED_PACKAGE, N8N_NODES_BASE } from './paths';
import type { WorkflowJson } from './workflow';

export type { WorkflowJson };

/** A line of n8n's log, as an operator would see it. */
export interface LogLine {
	level: string;
	message: string;
}

export interface Execution {
	id: string;
	workflowId: string;
	/** Settles when the execution is over, failed ones included. */
	finished: Promise<IRun>;
	/** What the Stop button does. */
	stop(): void;
}

type BinaryMode = 'filesystem' | 'default';

class RecordingLogger {
	readonly lines: LogLine[] = [];
	listener?: (line: LogLine) => void;

	private write(level: string, message: string, metadata?: object): void {
		const line = { level, message: metadata ? `${message} ${safeJson(metadata)}` : message };
		this.lines.push(line);
		this.listener?.(line);
	}

	error = (message: string, metadata?: object) => this.write('error', message, metadata);
	warn = (message: string, metadata?: object) => this.write('warn', message, metadata);
	info = (message: string, metadata?: object) => this.write('info', message, metadata);
	debug = (message: string, metadata?: object) => this.write('debug', message, metadata);
	scoped = () => this;
}

function safeJson(value: object): string {
	try {
		return JSON.stringify(value);
	} catch {
		return String(value);
	}
}

/** n8n's execution engine without its server, database and editor. */
export class Engine {
	private executions = 0;

	private constructor(
		private readonly loaders: Record<string, DirectoryLoader>,
		private readonly logger: RecordingLogger,
	) {}

	/** @param binaryMode where n8n keeps files: on disk, or in the items as base64 */
	static async start(binaryMode: BinaryMode = 'filesystem'): Promise<Engine> {
		const logger = new RecordingLogger();
		Container.set(Logger, logger as unknown as Logger);
		// Reports go to n8n's error tracking, which has no place here.
		Container.set(ErrorReporter, {
			error: () => {},
			warn: () => {},
			info: () => {},
		} as unknown as ErrorReporter);
		Container.get(BinaryDataConfig).mode = binaryMode;
		await Container.get(BinaryDataService).init();

		const ltx = new PackageDirectoryLoader(INSTALLED_PACKAGE);
		await ltx.loadAll();
		const base = new LazyPackageDirectoryLoader(N8N_NODES_BASE);
		await base.loadAll();
		return new Engine({ [ltx.packageName]: ltx, [base.packageName]: base }, logger);
	}

	get logLines(): LogLine[] {
		return this.logger.lines;
	}

	onLog(listener: (line: LogLine) => void): void {
		this.logger.listener = listener;
	}

	readonly nodeTypes: INodeTypes = {
		getByName: (type) => this.nodeType(type),
		getByNameAndVersion: (type, version) => {
			const found = this.nodeType(type);
			return 'nodeVersions' in found
				? (found as unknown as { getNodeType(version?: number): typeof found }).getNodeType(version)
				: found;
		},
		getKnownTypes: () => ({}),
	};

	private nodeType(fullType: string) {
		const dot = fullType.lastIndexOf('.');
		const loader = this.loaders[fullType.slice(0, dot)];
		if (!loader) throw new Error(`No such node package: ${fullType}`);
		return loader.getNode(fullType.slice(dot + 1)).type as ReturnType<
			INodeTypes['getByNameAndVersion']
		>;
	}

	credentialType(name: string) {
		const loader = Object.values(this.loaders).find((entry) => name in entry.known.credentials);
		if (!loader) throw new Error(`No such credential type: ${name}`);
		return loader.getCredential(name).type;
	}

	/** Puts a file into n8n's binary data. */
	async storeFile(bytes: Buffer, fileName: string, mimeType: string): Promise<IBinaryData> {
		return await Container.get(BinaryDataService).store(
			{ type: 'execution', workflowId: 'files', executionId: 'files' },
			bytes,
			{ data: '', fileName, mimeType },
		);
	}

	/** Reads a file from n8n's binary data. */
	async readFile(binary: IBinaryData): Promise<Buffer> {
		return await Container.get(BinaryDataService).getAsBuffer(binary);
	}

	/**
	 * Lets n8n's storage take its time: a file is kept only when all of it has come, and after
	 * `delayMs()`. What that throws is a fault of the storage.
	 */
	holdUpStorage(delayMs: () => number): void {
		const service = Container.get(BinaryDataService);
		const { store } = Object.getPrototypeOf(service) as BinaryDataService;
		service.store = async (location, content, binaryData) => {
			const ms = delayMs();
			if (ms === 0) return await store.call(service, location, content, binaryData);
			const bytes = Buffer.isBuffer(content) ? content : await buffer(content);
			await new Promise((resolve) => setTimeout(resolve, ms));
			return await store.call(service, location, bytes, binaryData);
		};
	}

	/**
	 * Starts a workflow at the node that has no input.
	 *
	 * @param credentials by type; a node in which none is selected uses these, as after an import
	 */
	execute(
		json: WorkflowJson,
		credentials: Record<string, ICredentialDataDecryptedObject>,
		{ mode = 'trigger', workflowId }: { mode?: WorkflowExecuteMode; workflowId?: string } = {},
	): Execution {
		const executionId = String(++this.executions);
		const prepared = this.prepare({ id: workflowId, ...json }, credentials, executionId, mode);
		const { workflow, additionalData } = prepared;
		const startNode = workflow.getStartNode();
		if (!startNode) throw new Error('The workflow has no trigger node');
		const running = new WorkflowExecute(
			additionalData,
			mode,
			createRunExecutionData({ resultData: { pinData: json.pinData } }),
		).run({ workflow, startNode, pinData: json.pinData });
		return {
			id: executionId,
			workflowId: workflow.id,
			finished: running,
			stop: () => running.cancel(),
		};
	}

	/**
	 * Wakes an execution that n8n's Wait node has put to sleep, at once and from nothing but a
	 * text of its data, which is what n8n keeps in its database and reads after a restart.
	 */
	async resume(
		json: WorkflowJson,
		credentials: Record<string, ICredentialDataDecryptedObject>,
		asleep: Execution,
		{ mode = 'trigger' as const } = {},
	): Promise<Execution> {
		const { data } = await asleep.finished;
		if (!data.waitTill) throw new Error('The execution is not waiting');
		const kept = JSON.parse(JSON.stringify(data)) as IRunExecutionData;
		const { workflow, additionalData } = this.prepare(json, credentials, asleep.id, mode);
		const running = new WorkflowExecute(additionalData, mode, kept).processRunExecutionData(
			workflow,
		);
		return { ...asleep, finished: running, stop: () => running.cancel() };
	}

	/**
	 * What "Retry" in the list of executions does: a new execution takes up the data of a failed one
	 * where its last node began. Both come from nothing but a text, as from n8n's database.
	 *
	 * @param json as the workflow was, or as it is saved now
	 */
	async retry(
		json: WorkflowJson,
		credentials: Record<string, ICredentialDataDecryptedObject>,
		failed: Execution,
	): Promise<Execution> {
		const mode = 'retry';
		const { data } = await failed.finished;
		const kept = JSON.parse(JSON.stringify(data)) as IRunExecutionData;
		const { runData, lastNodeExecuted = '' } = kept.resultData;
		delete kept.resultData.error;
		if (runData[lastNodeExecuted]?.at(-1)?.error) runData[lastNodeExecuted].pop();
		const executionId = String(++this.executions);
		const { workflow, additionalData } = this.prepare(
			{ id: failed.workflowId, ...json },
			credentials,
			executionId,
			mode,
		);
		for (const entry of kept.executionData?.nodeExecutionStack ?? []) {
			entry.node = workflow.getNode(entry.node.name) ?? entry.node;
		}
		const running = new WorkflowExecute(additionalData, mode, kept).processRunExecutionData(
			workflow,
		);
		const { workflowId } = failed;
		return { id: executionId, workflowId, finished: running, stop: () => running.cancel() };
	}

	private prepare(
		json: WorkflowJson,
		credentials: Record<string, ICredentialDataDecryptedObject>,
		executionId: string,
		mode: WorkflowExecuteMode,
	) {
		const nodes = json.nodes.map((node) => this.selectCredentials(node, Object.keys(credentials)));
		const workflow = new Workflow({
			id: json.id ?? `workflow-${executionId}`,
			name: json.name ?? 'Test',
			nodes,
			connections: json.connections,
			active: false,
			nodeTypes: this.nodeTypes,
			settings: { executionOrder: 'v1', ...json.settings },
			pinData: json.pinData,
		});
		const address = 'http://127.0.0.1:5678';
		const workflowData = {
			id: workflow.id,
			name: workflow.name as string,
			nodes,
			connections: json.connections,
			active: false,
			isArchived: false,
			activeVersionId: null,
			createdAt: new Date(),
			updatedAt: new Date(),
		};
		const additionalData = {
			executionId,
			credentialsHelper: new EngineCredentials((name) => this.credentialType(name), credentials),
			hooks: new ExecutionLifecycleHooks(mode, executionId, workflowData),
			restApiUrl: `${address}/rest`,
			instanceBaseUrl: `${address}/`,
			webhookWaitingBaseUrl: `${address}/webhook-waiting`,
			formWaitingBaseUrl: `${address}/form-waiting`,
			currentNodeExecutionIndex: 0,
			variables: {},
			setExecutionStatus: () => {},
		} as unknown as IWorkflowExecuteAdditionalData;
		return { workflow, additionalData };
	}

	private selectCredentials(node: INode, types: string[]): INode {
		const { description } = this.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		const missing = (description.credentials ?? [])
			.map(({ name }) => name)
			.filter((name) => types.includes(name) && !node.credentials?.[name]);
		if (missing.length === 0) return node;
		const selected = missing.map((name) => [name, { id: name, name }]);
		return { ...node, credentials: { ...node.credentials, ...Object.fromEntries(selected) } };
	}
}
