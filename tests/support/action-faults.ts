/**
 * Which of the Action's calls a fault hits.
 * @module
 */

/** The call for an access token; of other clients too, so that it must be over before their turn. */
export const TOKEN = { method: 'POST', path: '^/oauth/token$' }
/** The lookup by address. */
export const LOOKUP = { method: 'GET', path: 'users-by-email' }
/** The writing of the snapshot. */
export const PATCH = { method: 'PATCH' }
/** The link itself. */
export const LINK = { method: 'POST', path: 'identities$' }
/** The reading of one user, after an answer that was lost. */
export const READ = { method: 'GET', path: '/users/' }
/** What an undisturbed login and a slow machine may take beside a time limit, in milliseconds. */
export const MARGIN = 3_500
