import { NodeHelpers, type INode, type INodeTypeDescription } from 'n8n-workflow';

/** How n8n's own nodes word the notices of what is not to be used any more. */
const SAYS_SO = /deprecated|newer version|new node version/i;

/**
 * Whether n8n calls a node, this version of it, or what it is set to deprecated. From n8n 2.42.6 on,
 * a workflow with a node that is marked `deprecated` cannot be saved; n8n before that only hides such
 * nodes from its panel, or shows a notice in them.
 */
export function isDeprecated(node: INode, description: INodeTypeDescription): boolean {
	// Not yet in the types of the n8n that is a development dependency.
	const { hidden, deprecated } = description as INodeTypeDescription & { deprecated?: boolean };
	const notices = description.properties.filter(
		({ type, displayName }) => type === 'notice' && SAYS_SO.test(displayName),
	);
	return (
		hidden === true ||
		deprecated === true ||
		notices.some((notice) =>
			NodeHelpers.displayParameter(node.parameters, notice, node, description),
		)
	);
}
