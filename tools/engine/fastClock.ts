import { join } from 'node:path';

import type { Clock } from '../../nodes/LtxVideo/api/clock';
import { INSTALLED_PACKAGE } from './paths';

const CLOCK = join(INSTALLED_PACKAGE, 'dist', 'nodes', 'LtxVideo', 'api', 'clock.js');

/**
 * Lets the clock of the packed node run `factor` times as fast in this process: everything that it
 * waits for by itself comes sooner. The limits of single requests and the stand-in keep real time.
 */
export async function speedUpNode(factor: number): Promise<void> {
	const { systemClock } = (await import(CLOCK)) as { systemClock: Clock };
	const { nowMs, sleep } = systemClock;
	systemClock.nowMs = () => nowMs() * factor;
	systemClock.sleep = async (ms, stop) => await sleep(ms / factor, stop);
}
