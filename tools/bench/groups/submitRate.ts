import { Engine } from '../../engine/engine';
import { median, rounded, type Figure } from '../figures';
import { answerParent } from '../measure/ownProcess';
import { startRemoteServer } from '../measure/remoteServer';
import { runHttpRequest, runLtx } from '../measure/runs';

const ITEMS = 300;
const WARM_UP_ROUNDS = 6;
const ROUNDS = 21;

const PROMPT = '={{ $json.prompt }}';
const BODY = `={{ ({
	image_uri: 'https://images.example.com/lighthouse.png',
	prompt: $json.prompt,
	model: 'ltx-2-3-fast',
	duration: 6,
	resolution: '1280x720',
}) }}`;

/** Plain submits against a server that answers at once, compared round by round. */
async function measure(): Promise<Figure[]> {
	const engine = await Engine.start();
	const server = await startRemoteServer();
	const items = Array.from({ length: ITEMS }, (_entry, index) => ({
		json: { prompt: `Waves roll in, take ${index}` },
	}));
	const header = { name: 'Authorization', value: `Bearer ${server.apiKey}` };
	const nodes = {
		ltx: async () =>
			await runLtx(engine, server, {
				parameters: { operation: 'submit', prompt: PROMPT },
				items,
			}),
		http: async () =>
			await runHttpRequest(engine, {
				parameters: {
					method: 'POST',
					url: `${server.apiUrl}/v2/image-to-video`,
					authentication: 'genericCredentialType',
					genericAuthType: 'httpHeaderAuth',
					sendBody: true,
					specifyBody: 'json',
					jsonBody: BODY,
				},
				items,
				credentials: { httpHeaderAuth: header },
			}),
	};
	const cpuMs: Record<keyof typeof nodes, number[]> = { ltx: [], http: [] };
	const rateOf = async (node: keyof typeof nodes): Promise<number> => {
		// Garbage is left to V8: collecting it here would throw compiled code away with it, which no
		// running n8n does, and which costs the two nodes differently.
		const cpuBefore = process.cpuUsage();
		const startMs = performance.now();
		const { items: outputs } = await nodes[node]();
		const seconds = (performance.now() - startMs) / 1000;
		const { user, system } = process.cpuUsage(cpuBefore);
		cpuMs[node].push((user + system) / 1000);
		const isComplete = outputs.length === ITEMS && outputs.every(({ json }) => json.id);
		if (!isComplete) throw new Error(`${node}: not every item was accepted`);
		return ITEMS / seconds;
	};

	const rates: Array<{ ltx: number; http: number }> = [];
	for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
		// Who goes first changes, so that a machine that grows slower or faster favours neither.
		const first = round % 2 === 0 ? 'ltx' : 'http';
		const second = first === 'ltx' ? 'http' : 'ltx';
		const firstRate = await rateOf(first);
		const secondRate = await rateOf(second);
		if (round < WARM_UP_ROUNDS) continue;
		rates.push(
			first === 'ltx' ? { ltx: firstRate, http: secondRate } : { ltx: secondRate, http: firstRate },
		);
	}
	const { requests } = await server.seen();
	await server.stop();
	const submits = requests.filter(({ kind }) => kind === 'submit').length;
	if (submits !== 2 * ITEMS * (WARM_UP_ROUNDS + ROUNDS)) throw new Error(`${submits} submits came`);
	return [
		{
			name: `${ITEMS} plain submits, items a second ÷ HTTP Request node`,
			measured: median(rates.map(({ ltx, http }) => ltx / http)),
			atLeast: 1,
			details: {
				ltxItemsPerSecond: rounded(median(rates.map(({ ltx }) => ltx))),
				httpRequestItemsPerSecond: rounded(median(rates.map(({ http }) => http))),
				// Tells a slow node from a machine that was busy elsewhere.
				ltxCpuMs: rounded(median(cpuMs.ltx.slice(WARM_UP_ROUNDS))),
				httpRequestCpuMs: rounded(median(cpuMs.http.slice(WARM_UP_ROUNDS))),
				ratios: rates.map(({ ltx, http }) => rounded(ltx / http)),
			},
		},
	];
}

answerParent(measure);
