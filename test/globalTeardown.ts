import { rmSync } from 'node:fs';

export default function globalTeardown(): void {
	rmSync(String(process.env.N8N_ENGINES_FOLDER), { recursive: true, force: true });
}
