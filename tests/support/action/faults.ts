/**
 * The Action's calls that a fault can hit.
 * @module
 */

/** The call for an access token. Other clients make it too, so a fault must be over before they call. */
export const TOKEN = { method: 'POST', path: '^/oauth/token$' }
/** The lookup by email address. */
export const LOOKUP = { method: 'GET', path: 'users-by-email' }
/** Writes the snapshot. */
export const PATCH = { method: 'PATCH' }
/** Makes the link. */
export const LINK = { method: 'POST', path: 'identities$' }
/** Reads one user, after a lost answer. */
export const READ = { method: 'GET', path: '/users/[^/]+$' }
/** The time that a login without faults on a slow machine may take in addition to a time limit, in milliseconds. */
export const MARGIN = 3_500
