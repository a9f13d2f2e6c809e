/**
 * Names of our keys in `app_metadata`.
 * @module
 */

/** The key of the marks. Keys of snapshots have the same name, followed by a hash. */
export const MARKS_KEY = 'account_linking'
/** The journal. */
export const JOURNAL_KEY = `${MARKS_KEY}_journal`
/** The beginning of the key for metadata withheld from restore. A hash of the user id follows. */
export const HELD_PREFIX = 'account_linking_held_'
/** Auth0's published Action notes the time of a link here, in milliseconds. We only read it. */
export const SAMPLE_KEY = `${MARKS_KEY}_timestamp`
