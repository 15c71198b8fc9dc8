import { N8N_2 } from '../../tools/n8n/releases';
import { testQueueMode } from './queueMode';

describe(`n8n ${N8N_2.version} in queue mode`, () => testQueueMode(N8N_2));
