/**
 * Support for identities whose id is `.` or `..`. The `URL` class would resolve such path segments. So the tenant puts a
 * mark before the id while the request target is still a string, and removes the mark when an endpoint reads the id. Auth0
 * does not document whether it accepts such ids.
 * @module
 */

/** The mark: a private-use character. */
const MARK = '\u{F0000}'
const ENCODED_MARK = encodeURIComponent(MARK)
// An id that already begins with the mark gets a second one, so that removing one mark always restores the id as sent.
const IDENTITY =
  /^(\/api\/v2\/users\/[^/?#]+\/identities\/[^/?#]+\/)((?:\.|%2e){1,2}|%F3%B0%80%80[^/?#]*)(?=[?#]|$)/i

/**
 * Marks an identity's id that the `URL` class would resolve away.
 *
 * @param target - Path and query of a request, as sent.
 */
export const markDotSegment = (target: string): string =>
  target.replace(IDENTITY, (_all, before: string, id: string) => before + ENCODED_MARK + id)

/** Returns an id as the client sent it: without the mark, if there is one. */
export const unmarked = (id: string): string => (id.startsWith(MARK) ? id.slice(MARK.length) : id)

/** Returns a path as the client sent it: without the mark, if there is one. */
export const unmarkedPath = (path: string): string => path.replace(ENCODED_MARK, '')
