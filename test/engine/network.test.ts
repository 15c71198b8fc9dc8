import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { GOOD_REQUEST, QUICK } from '../../tools/engine/runNode';
import { useLtx } from './useLtx';

/*
 * What never left is not lost: later tries send it. The servers here end a connection before it is
 * secure, and the proxies refuse to connect.
 */

const ltx = useLtx();
const servers: Server[] = [];

/** A server on loopback that meets each first message with `meet`. */
async function listen(meet: (socket: Socket, message: string) => void): Promise<string> {
	const server = createServer((socket) => {
		socket.on('error', () => {});
		socket.once('data', (data) => meet(socket, String(data)));
	});
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
	delete process.env.HTTPS_PROXY;
	for (const server of servers.splice(0)) {
		await new Promise((resolve) => server.close(resolve));
	}
});

const answer =
	(statusLine: string, body = '') =>
	(socket: Socket) =>
		socket.end(`HTTP/1.1 ${statusLine}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);

const submitTo = async (baseUrl: string, settings = {}) =>
	await ltx.run({
		parameters: { ...GOOD_REQUEST, options: QUICK },
		credentials: { baseUrl },
		settings,
	});

it.each<[string, (socket: Socket) => void]>([
	['is closed', (socket) => socket.end()],
	['is reset', (socket) => socket.resetAndDestroy()],
	['gets plain text', answer('400 Bad Request')],
])('a connection that %s before it is secure has sent nothing', async (_what, meet) => {
	const host = await listen(meet);
	const { items: outputs } = await submitTo(`https://${host}`, {
		onError: 'continueRegularOutput',
	});

	expect(outputs[0].json.error).toMatchObject({ type: 'network_error' });
	expect(outputs[0].json.message).toMatch(/nothing was sent/);
	expect(outputs[0].json.message).not.toMatch(/may be running/);
});

it.each<[string, (socket: Socket) => void]>([
	['403', answer('403 Forbidden', 'Not you')],
	['407', answer('407 Proxy Authentication Required')],
	['502', answer('502 Bad Gateway')],
	['503', answer('503 Service Unavailable', 'Cannot connect')],
	['a redirect', answer('302 Found')],
	['501', answer('501 Not Implemented')],
	['511', answer('511 Network Authentication Required', 'Log in')],
	['520', answer('520 Web Server Returned an Unknown Error')],
	['a closed connection', (socket) => socket.end()],
])('a proxy that refuses to connect with %s has sent nothing', async (_what, meet) => {
	process.env.HTTPS_PROXY = `http://${await listen(meet)}`;
	const { items: outputs } = await submitTo('https://api.ltx.example', {
		onError: 'continueRegularOutput',
	});

	expect(outputs[0].json.error).toMatchObject({ type: 'network_error' });
	expect(outputs[0].json.message).toMatch(/nothing was sent/);
});

it('a proxy that speaks no TLS, where https is written before it, has sent nothing', async () => {
	process.env.HTTPS_PROXY = `https://${await listen(answer('400 Bad Request'))}`;
	const { error } = await submitTo('https://api.ltx.example');

	expect(error?.message).toMatch(/TLS.*nothing was sent/);
});

it('Retry On Fail sends what never left', async () => {
	let tries = 0;
	process.env.HTTPS_PROXY = `http://${await listen((socket) => {
		tries++;
		answer('503 Service Unavailable')(socket);
	})}`;
	const { error } = await submitTo('https://api.ltx.example', {
		retryOnFail: true,
		maxTries: 3,
		waitBetweenTries: 0,
	});

	expect(tries).toBe(3);
	expect(error?.description).toMatch(/Nothing was charged/);
});
