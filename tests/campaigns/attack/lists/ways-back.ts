/**
 * Values of `return_to` that the page "Sign-in methods" must ignore: it must not link back to these addresses.
 * @module
 */
import corpus from './ways-back.json'

/** Views of the page by one session. A view makes up to two API calls, and a session has 50 for views in a minute. */
const BATCH = 15

/** All of these addresses, in batches of which each needs another session. */
export function waysBack(): { payloads: string[] }[] {
  const all = corpus.ignored.map(({ payload }) => payload)
  const starts = Array.from({ length: Math.ceil(all.length / BATCH) }, (_, index) => index * BATCH)
  return starts.map((start) => ({ payloads: all.slice(start, start + BATCH) }))
}
