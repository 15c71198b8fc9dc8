import type { IDataObject } from 'n8n-workflow';

import { GOOD_REQUEST, QUICK, type NodeRun } from '../../tools/engine/runNode';
import { answerWith } from '../../tools/ltx-server/faults';
import { LtxServer } from '../../tools/ltx-server/LtxServer';
import { useLtx } from './useLtx';

/*
 * A credential may hold expressions: one workflow serves several clients, each with an account of its
 * own.
 */

const ltx = useLtx();
const servers: LtxServer[] = [];
const NAMES = ['anna', 'bert', 'cleo'];

beforeEach(async () => {
	for (const name of NAMES) servers.push(await LtxServer.start({ apiKey: `key-of-${name}` }));
});

afterEach(async () => {
	for (const server of servers.splice(0)) {
		expect(server.violations).toEqual([]);
		await server.stop();
	}
});

const BY_ITEM = { apiKey: '={{ $json.key }}', baseUrl: '={{ $json.url }}' };

/** One item for each client, with what is different in some of them. */
const clients = (changes: Record<number, IDataObject> = {}): NodeRun['items'] =>
	servers.map(({ apiKey, apiUrl }, index) => ({
		json: { key: apiKey, url: apiUrl, prompt: NAMES[index], ...changes[index] },
	}));

const RUN: NodeRun = {
	parameters: { ...GOOD_REQUEST, prompt: '={{ $json.prompt }}', options: QUICK },
	credentials: BY_ITEM,
};

const jobsOf = () => servers.map(({ jobs }) => jobs.map(({ body }) => body.prompt));

it('each item is submitted, followed and fetched with its own key, at its own address', async () => {
	const { items: outputs, error } = await ltx.run({ ...RUN, items: clients() });

	expect(error).toBeUndefined();
	expect(outputs.map(({ json }) => json.status)).toEqual(Array(3).fill('completed'));
	expect(jobsOf()).toEqual(NAMES.map((name) => [name]));
	for (const { requests } of servers) {
		expect(requests.map(({ kind }) => kind)).toEqual(
			expect.arrayContaining(['submit', 'poll', 'download']),
		);
	}
});

it.each<[string, (key: string) => unknown, RegExp]>([
	['refused', () => 'key-of-nobody', /LTX does not accept the API key/],
	['empty', () => '', /API key of the LTX API credential is empty/],
	['not there', () => undefined, /API key of the LTX API credential is empty/],
])('a key that is %s is the error of its item alone', async (_what, key, message) => {
	const { items: outputs } = await ltx.run({
		...RUN,
		settings: { onError: 'continueRegularOutput' },
		items: clients({ 1: { key: key('') as string } }),
	});

	expect(outputs[1].json.message).toMatch(message);
	expect([outputs[0], outputs[2]].map(({ json }) => json.status)).toEqual([
		'completed',
		'completed',
	]);
	expect(jobsOf()).toEqual([['anna'], [], ['cleo']]);
});

it('a server that echoes the key of another item tells nobody', async () => {
	servers[0].fail(
		'poll',
		answerWith({ status: 400, body: { message: 'key-of-bert, key-of-anna' } }),
	);
	const { items: outputs, run } = await ltx.run({
		...RUN,
		settings: { onError: 'continueRegularOutput' },
		items: clients(),
	});

	expect(outputs[0].json.message).toMatch(/\[redacted\], \[redacted\]/);
	const ran = run.data.resultData.runData['LTX Video'];
	expect(JSON.stringify([ran, ltx.log()])).not.toMatch(/key-of-/);
});
