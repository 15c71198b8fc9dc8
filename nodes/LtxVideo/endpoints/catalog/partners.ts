/*
 * What the endpoints have in common that LTX's partners offered when this was written, and LTX's own
 * documentation did not list.
 */

/** When partners' limits and prices were read, and LTX's documentation was looked through. */
export const PARTNERS_SEEN_ON = '2026-11-27';

/** In one line of the panel. */
export const NOT_LISTED = `LTX's own documentation did not list this yet on ${PARTNERS_SEEN_ON}, only its partners`;

/** For a refusal, which may mean that there is no such endpoint, or that it has another path. */
export const UNLISTED = `${NOT_LISTED}: your account may not have it, or its path may be another one by now. Other Endpoint takes any path.`;
