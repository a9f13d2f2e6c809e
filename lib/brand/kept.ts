/**
 * What was read of a brand, kept for ten minutes in this process.
 * @module
 */
import 'server-only'
import { afterAnswer } from '../observability/after-answer'
import { logEvent } from '../observability/log'
import { processMemory } from '../process/process-memory'

/** How long something read counts as fresh, in milliseconds. */
const FRESH_MS = 10 * 60_000
/** How long a failed read is not repeated, in milliseconds. */
const FAILED_MS = 60_000
/** Things kept at most; the one that was read first makes room. */
const MAX_KEPT = 200

/** What a read found; or why it found nothing, as a code. */
export type Read<Found> = { found: Found } | { failure: string }

interface Kept {
  found?: unknown
  until: number
  reading?: Promise<void> | undefined
  /** Why the last read failed, if it did. */
  failure?: string | undefined
}

const memory = () => processMemory('brand-kept', () => new Map<string, Kept>())

/**
 * Returns what was found in the last ten minutes, or finds it. Callers that come together share one read. What is older is returned
 * at once and renewed once the answer has gone out. A failed read leaves what was found before, is logged as `brand_unread` once for
 * each reason, and is repeated after a minute.
 *
 * @param what - Names it: in the log the part before the first colon.
 * @param read - Must not throw.
 * @returns Undefined if it has never been found.
 */
export async function kept<Found>(
  what: string,
  read: () => Promise<Read<Found>>,
): Promise<Found | undefined> {
  const all = memory()
  const entry: Kept = all.get(what) ?? { until: 0 }
  if (!all.has(what)) makeRoom(all)
  all.set(what, entry)
  if (Date.now() < entry.until) return entry.found as Found | undefined
  if (entry.found === undefined) {
    await renew(what, entry, read)
    return entry.found as Found | undefined
  }
  // Set before the answer has gone out, so that no other request begins the same.
  entry.until = Date.now() + FAILED_MS
  afterAnswer(() => renew(what, entry, read))
  return entry.found as Found
}

/** What was found last, however long ago; undefined if nothing was. */
export const foundLast = (what: string): unknown => memory().get(what)?.found

function renew<Found>(what: string, entry: Kept, read: () => Promise<Read<Found>>): Promise<void> {
  entry.reading ??= read()
    .then((result) => {
      const isFound = 'found' in result
      if (isFound) entry.found = result.found
      entry.until = Date.now() + (isFound ? FRESH_MS : FAILED_MS)
      note(what, entry, isFound ? undefined : result.failure)
    })
    .finally(() => {
      entry.reading = undefined
    })
  return entry.reading
}

/** Logs a reason, unless something else has failed for the same one. */
function note(what: string, entry: Kept, code: string | undefined): void {
  const isKnown = [...memory().values()].some(({ failure }) => failure === code)
  if (code !== undefined && !isKnown) logEvent('brand_unread', { what: what.split(':')[0], code })
  entry.failure = code
}

function makeRoom(all: Map<string, Kept>): void {
  const [oldest] = all.keys()
  if (all.size >= MAX_KEPT && oldest !== undefined) all.delete(oldest)
}
