/**
 * Identities whose id is `.` or `..`. The `URL` class resolves such path segments, so a mark is put before them while the
 * request target is still a string, and taken off when the id is read. Auth0 does not document whether it accepts such ids.
 * @module
 */

/** A private-use character. */
const MARK = '\u{F0000}'
const ENCODED_MARK = encodeURIComponent(MARK)
// An id that already begins with the mark gets another one, so that taking one off always restores what was sent.
const IDENTITY =
  /^(\/api\/v2\/users\/[^/?#]+\/identities\/[^/?#]+\/)((?:\.|%2e){1,2}|%F3%B0%80%80[^/?#]*)(?=[?#]|$)/i

/**
 * Marks an identity's id that the `URL` class would resolve away.
 *
 * @param target - Path and query of a request, as sent.
 */
export const markDotSegment = (target: string): string =>
  target.replace(IDENTITY, (_all, before: string, id: string) => before + ENCODED_MARK + id)

/** Returns an id as it was sent, without the mark if it has one. */
export const unmarked = (id: string): string => (id.startsWith(MARK) ? id.slice(MARK.length) : id)

/** Returns a path as it was sent, without the mark if it has one. */
export const unmarkedPath = (path: string): string => path.replace(ENCODED_MARK, '')
