import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** A server on this machine. */
export interface Listening {
	url: string;
	cutConnections(): void;
	/** Ends it, with the connections that it has. */
	stop(): Promise<void>;
}

/**
 * Lets an app answer on loopback.
 *
 * @param port 0 lets the system choose
 * @throws if the port is taken
 */
export async function listen(app: RequestListener, port = 0): Promise<Listening> {
	const server = createServer(app);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, LOOPBACK, resolve);
	});
	const cutConnections = () => server.closeAllConnections();
	return {
		url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
		cutConnections,
		async stop() {
			cutConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
