import { getEventListeners } from 'node:events';

import { runItems } from '../../../nodes/LtxVideo/run/runItems';
import { createFakeContext } from '../fakeContext';

it.each([true, false])(
	'leaves no listener on the signal of n8n (continues: %p)',
	async (continues) => {
		const { signal: cancel } = new AbortController();
		const items = [{ json: {} }, { json: {} }];
		const parameters = { resource: 'unheard-of' };
		const context = createFakeContext({ cancel, items, continues, parameters });

		const [run] = await Promise.allSettled([runItems(context)]);

		expect(run.status).toBe(continues ? 'fulfilled' : 'rejected');
		expect(getEventListeners(cancel, 'abort')).toEqual([]);
	},
);
