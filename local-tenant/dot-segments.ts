/**
 * Ids that are `.` or `..` in the path of an identity. A URL, which is what requests have here, resolves such segments, so they are
 * marked before a request becomes a URL, and read without the mark. Whether a real tenant takes them is not documented.
 * @module
 */

/** A character of a private plane. */
const MARK = '\u{F0000}'
const ENCODED_MARK = encodeURIComponent(MARK)
// What begins with the mark is marked, too, so that taking one mark away gives what was sent.
const IDENTITY =
  /^(\/api\/v2\/users\/[^/?#]+\/identities\/[^/?#]+\/)((?:\.|%2e){1,2}|%F3%B0%80%80[^/?#]*)(?=[?#]|$)/i

/**
 * Marks the id of an identity that would disappear.
 *
 * @param target - Path and query of a request, as they were sent.
 */
export const markDotSegment = (target: string): string =>
  target.replace(IDENTITY, (_all, before: string, id: string) => before + ENCODED_MARK + id)

/** An id as it was sent, from a path that may be marked. */
export const unmarked = (id: string): string => (id.startsWith(MARK) ? id.slice(MARK.length) : id)

/** A path as it was sent, from one that may be marked. */
export const unmarkedPath = (path: string): string => path.replace(ENCODED_MARK, '')
