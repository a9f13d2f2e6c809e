/**
 * Addresses to come back to that no page may lead to.
 * @module
 */
import corpus from './ways-back.json'

/** Views of the page that a session has in a minute, with two calls each, and some to spare. */
const BATCH = 15

/** All of them, in as many parts as sessions are needed. */
export function waysBack(): { payloads: string[] }[] {
  const all = corpus.ignored.map(({ payload }) => payload)
  const starts = Array.from({ length: Math.ceil(all.length / BATCH) }, (_, index) => index * BATCH)
  return starts.map((start) => ({ payloads: all.slice(start, start + BATCH) }))
}
