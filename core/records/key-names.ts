/**
 * The names of our keys in `app_metadata`.
 * @module
 */

/** Key of the marks. A snapshot's key is this name, `_` and a hash. */
export const MARKS_KEY = 'account_linking'
/** Key of the journal. */
export const JOURNAL_KEY = `${MARKS_KEY}_journal`
/** Prefix of the key for metadata withheld from restore. A hash of the user id follows. */
export const HELD_PREFIX = 'account_linking_held_'
/** Key where Auth0's published Action stores the time of a link, in milliseconds. We only read it. */
export const SAMPLE_KEY = `${MARKS_KEY}_timestamp`
