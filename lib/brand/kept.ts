/**
 * Caches what was read about a brand in this process, for ten minutes.
 * @module
 */
import 'server-only'
import { afterAnswer } from '../observability/after-answer'
import { logEvent } from '../observability/log'
import { processMemory } from '../process/process-memory'

/** How long a cached value counts as fresh, in milliseconds. */
const FRESH_MS = 10 * 60_000
/** Time until a failed read is repeated, in milliseconds. */
const FAILED_MS = 60_000
/** The most values that are cached. The oldest one is removed for a new one. */
const MAX_KEPT = 200

/** What a read found, or a code for why it failed. */
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
 * Returns a cached value, or reads it. Concurrent callers share one read. A value older than ten minutes is returned at once, and
 * read again after the response has been sent. After a failed read the old value stays, the failure is logged as `brand_unread`
 * once for each reason, and the read is repeated after a minute.
 *
 * @param what - The name of the value. The log shows the part before the first colon.
 * @param read - Reads the value. It must not throw.
 * @returns The value; undefined if no read has succeeded yet.
 */
export async function cachedBrandRead<Found>(
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
  // Set now, before the read starts, so that no other request starts a read of this value too.
  entry.until = Date.now() + FAILED_MS
  afterAnswer(() => renew(what, entry, read))
  return entry.found as Found
}

/** The cached value, however old it is; undefined if no read has succeeded yet. */
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

/** Logs why a read failed, unless the last read of this or any other value failed for the same reason. */
function note(what: string, entry: Kept, code: string | undefined): void {
  const isKnown = [...memory().values()].some(({ failure }) => failure === code)
  if (code !== undefined && !isKnown) logEvent('brand_unread', { what: what.split(':')[0], code })
  entry.failure = code
}

function makeRoom(all: Map<string, Kept>): void {
  const [oldest] = all.keys()
  if (all.size >= MAX_KEPT && oldest !== undefined) all.delete(oldest)
}
