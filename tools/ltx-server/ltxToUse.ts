import { LtxServer, type LtxServerOptions } from './LtxServer';

/** The LTX that a program uses. */
export interface LtxToUse {
	/** Data of the credential. */
	ltxApi: { apiKey: string; baseUrl: string };
	/** Missing where it is the real API, which charges. */
	standIn?: LtxServer;
}

/** The real API if `LTX_API_KEY` is set, at `LTX_BASE_URL` if that is set; else a stand-in. */
export async function ltxToUse(options: LtxServerOptions): Promise<LtxToUse> {
	const { LTX_API_KEY: apiKey, LTX_BASE_URL: baseUrl = 'https://api.ltx.io' } = process.env;
	if (apiKey) return { ltxApi: { apiKey, baseUrl } };
	const standIn = await LtxServer.start(options);
	return { ltxApi: { apiKey: standIn.apiKey, baseUrl: standIn.apiUrl }, standIn };
}
