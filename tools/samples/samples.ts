import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPOSITORY } from '../engine/paths';

/** A small file of a real encoder. */
export function sample(name: string): Buffer {
	return readFileSync(join(REPOSITORY, 'tools', 'samples', name));
}

export const PNG = readFileSync(join(REPOSITORY, 'examples', 'lighthouse.png'));
/** 3 s of MP3. */
export const WAVES = readFileSync(join(REPOSITORY, 'examples', 'waves.mp3'));
