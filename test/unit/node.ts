import type { INode } from 'n8n-workflow';

/** The node as n8n's errors name it. */
export const NODE: INode = {
	id: '1',
	name: 'LTX Video',
	type: 'n8n-nodes-ltx-video.ltxVideo',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};
