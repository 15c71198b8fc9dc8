/** For programs that load the node without n8n's loader, which reads `n8n` in package.json. */
module.exports = {
	...require('./dist/nodes/LtxVideo/LtxVideo.node.js'),
	...require('./dist/credentials/LtxApi.credentials.js'),
};
