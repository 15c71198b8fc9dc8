import { listen } from '../../tools/ltx-server/listen';
import { freePorts, isFree } from '../../tools/n8n/freePorts';

it('tells a free port from one that is taken', async () => {
	const [port, other] = await freePorts(2);
	expect(port).not.toBe(other);
	expect(await isFree(port)).toBe(true);
	const { stop } = await listen(() => {}, port);
	expect(await isFree(port)).toBe(false);
	await stop();
	expect(await isFree(port)).toBe(true);
});
