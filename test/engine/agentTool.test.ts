import { ExecuteContext, SupplyDataContext } from 'n8n-core';
import {
	createRunExecutionData,
	NodeConnectionTypes,
	Workflow,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { EngineCredentials } from '../../tools/engine/credentials';
import { INSTALLED_PACKAGE } from '../../tools/engine/paths';
import { apiError, processThenReset } from '../../tools/ltx-server/faults';
import { credentialsFor, GOOD_REQUEST, QUICK, workflowWith } from '../../tools/engine/runNode';
import { pause, useLtx } from './useLtx';

const ltx = useLtx();

/**
 * Calls the node as n8n's agents do. Each call, and each of its tries under Retry On Fail, gets a
 * run index of its own; the tries of one call share the object with the agent's arguments.
 */
function agentWith(
	parameters: IDataObject,
	nextRunIndex = (called: number) => called,
	nodeClass: () => INodeType = () =>
		ltx.engine.nodeTypes.getByNameAndVersion('n8n-nodes-ltx-video.ltxVideo', 1) as INodeType,
) {
	const json = workflowWith({ parameters: parameters as never });
	const workflow = new Workflow({
		...json,
		id: 'agent',
		active: false,
		nodeTypes: ltx.engine.nodeTypes,
	});
	const node = workflow.getNode('LTX Video') as INode;
	const additionalData = {
		executionId: '1',
		variables: {},
		restApiUrl: 'http://127.0.0.1/rest',
		webhookWaitingBaseUrl: 'http://127.0.0.1/webhook-waiting',
		formWaitingBaseUrl: 'http://127.0.0.1/form-waiting',
		credentialsHelper: new EngineCredentials(
			(name) => ltx.engine.credentialType(name),
			credentialsFor(ltx.server),
		),
		currentNodeExecutionIndex: 0,
	} as unknown as IWorkflowExecuteAdditionalData;
	const runExecutionData = createRunExecutionData({});
	let called = 0;
	return async (toolArguments: IDataObject): Promise<INodeExecutionData[][]> => {
		const context = new SupplyDataContext(
			workflow,
			node,
			additionalData,
			'trigger',
			runExecutionData,
			nextRunIndex(called++),
			[],
			{},
			NodeConnectionTypes.AiTool,
			{ data: {}, node, source: null },
			[],
		);
		context.addInputData(NodeConnectionTypes.AiTool, [[{ json: toolArguments }]]);
		const { execute } = nodeClass();
		return (await execute?.call(context as unknown as IExecuteFunctions)) as INodeExecutionData[][];
	};
}

const PARAMETERS = {
	...GOOD_REQUEST,
	operation: 'submitAndWait',
	downloadVideo: false,
	options: QUICK,
};

describe('as a tool of an AI agent', () => {
	it('gives the job as json', async () => {
		const call = agentWith({
			...PARAMETERS,
			prompt: "={{ $fromAI('prompt', 'What happens', 'string') }}",
		});
		const [[item]] = await call({ prompt: 'Waves' });
		expect(item.json).toMatchObject({ status: 'completed', video_url: expect.any(String) });
		expect(ltx.server.jobs[0].body.prompt).toBe('Waves');
	});

	it('resumes when the agent tries the same call again', async () => {
		const call = agentWith(PARAMETERS);
		const toolArguments = {};
		ltx.server.fail('poll', apiError('permission_error'));
		await expect(call(toolArguments)).rejects.toThrow(/may not use the endpoint/);
		const [[item]] = await call(toolArguments);
		expect(item.json.id).toBe(ltx.server.jobs[0].id);
		expect(ltx.server.count('submit')).toBe(1);
	});

	it('never pays again for a call whose answer was lost', async () => {
		const call = agentWith(PARAMETERS);
		const toolArguments = {};
		ltx.server.fail('submit', processThenReset);
		await expect(call(toolArguments)).rejects.toThrow(/job may be running/);
		await expect(call(toolArguments)).rejects.toThrow(/job may be running/);
		expect(ltx.server.count('submit')).toBe(1);
	});

	it('submits anew for another call, even with equal arguments', async () => {
		const call = agentWith(PARAMETERS);
		const outputs = await Promise.all([call({ a: 1 }), call({ a: 1 })]);
		expect(new Set(outputs.map(([[item]]) => item.json.id)).size).toBe(2);
		expect(ltx.server.jobs).toHaveLength(2);
	});

	it('keeps calls apart that n8n gives the same run index, as it does for items at the same time', async () => {
		const call = agentWith(
			{ ...PARAMETERS, prompt: "={{ $fromAI('prompt', 'What happens', 'string') }}" },
			() => 0,
		);
		const first = call({ prompt: 'A' });
		await pause(50);
		const outputs = await Promise.all([first, call({ prompt: 'B' })]);
		expect(new Set(outputs.map(([[item]]) => item.json.id)).size).toBe(2);
		expect(ltx.server.jobs).toHaveLength(2);
	});

	it('keeps calls apart when n8n was restarted between them, as executions that wait outlive it', async () => {
		// What the node remembers of its own is gone with the process; n8n's execution data is not.
		const freshlyLoaded = () => {
			let nodeType: INodeType | undefined;
			jest.isolateModules(() => {
				const { LtxVideo } = jest.requireActual(INSTALLED_PACKAGE);
				nodeType = new LtxVideo();
			});
			return nodeType as INodeType;
		};
		const call = agentWith(PARAMETERS, undefined, freshlyLoaded);
		const [[first]] = await call({ n: 1 });
		const [[second]] = await call({ n: 2 });
		expect(second.json.id).not.toBe(first.json.id);
		expect(ltx.server.jobs).toHaveLength(2);
	});

	it('gives a sample where it is asked for one, and sends nothing', async () => {
		const call = agentWith({ ...PARAMETERS, options: { ...QUICK, sample: 'always' } });
		const [[item]] = await call({ prompt: 'Waves' });
		expect(item.json).toMatchObject({
			status: 'completed',
			sample: true,
			estimated_cost_usd: 0.18,
			video_url: expect.stringMatching(/^https:\/\/sample\.invalid\//),
		});
		expect(ltx.server.requests).toEqual([]);
	});

	it('makes a video for the user of a published workflow that has samples in the editor', async () => {
		const call = agentWith({ ...PARAMETERS, options: { ...QUICK, sample: 'editor' } });
		const [[item]] = await call({ prompt: 'Waves' });
		expect(item.json.id).toBe(ltx.server.jobs[0].id);
	});

	it('is told apart from a node that runs by itself', () => {
		expect('getNextRunIndex' in SupplyDataContext.prototype).toBe(true);
		expect('getNextRunIndex' in ExecuteContext.prototype).toBe(false);
	});
});
