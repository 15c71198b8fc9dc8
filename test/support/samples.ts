import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPOSITORY } from '../engine/paths';

/** A small file of a real encoder. */
export function sample(name: string): Buffer {
	return readFileSync(join(REPOSITORY, 'test', 'samples', name));
}
