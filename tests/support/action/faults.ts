/**
 * Patterns for the Action's API calls, for tests that make them fail.
 * @module
 */

/** The request for an access token. Other clients send it, too, so a test must end the fault before they do. */
export const TOKEN = { method: 'POST', path: '^/oauth/token$' }
/** The lookup by email address. */
export const LOOKUP = { method: 'GET', path: 'users-by-email' }
/** The API call that writes the snapshot. */
export const PATCH = { method: 'PATCH' }
/** The API call that makes the link. */
export const LINK = { method: 'POST', path: 'identities$' }
/** The API call that reads one user after a lost response. */
export const READ = { method: 'GET', path: '/users/[^/]+$' }
/** Milliseconds that a login without faults may take on a slow machine, in addition to a time limit. */
export const MARGIN = 3_500
