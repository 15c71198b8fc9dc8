import { N8N_1 } from '../../tools/n8n/releases';
import { testQueueMode } from './queueMode';

describe(`n8n ${N8N_1.version} in queue mode`, () => testQueueMode(N8N_1));
