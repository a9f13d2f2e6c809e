/**
 * Names of our keys in `app_metadata`.
 * @module
 */

/** The marks; snapshots stand beside it under the same name with a hash behind it. */
export const MARKS_KEY = 'account_linking'
/** The journal. */
export const JOURNAL_KEY = `${MARKS_KEY}_journal`
/** What an account did not get back, before a hash of its user id. */
export const HELD_PREFIX = 'account_linking_held_'
/** Auth0's published Action notes the time of a link here, in milliseconds. We only read it. */
export const SAMPLE_KEY = `${MARKS_KEY}_timestamp`
