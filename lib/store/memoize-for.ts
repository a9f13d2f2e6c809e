import 'server-only'
import { processMemory } from '../process/process-memory'

interface Memoized<Found> {
  /** When the result expires, as `performance.now()`. */
  until: number
  found: Promise<Found>
}

/**
 * Memoizes a lookup in this process for a short time. Concurrent callers share one lookup. An error is memoized like a
 * result.
 *
 * @param name - The name of the lookup. It must be unique in the code base.
 * @param milliseconds - How long the result is used.
 * @param find - Does the lookup. It gets the previous result, if there is one.
 */
export function memoizeFor<Found>(
  name: string,
  milliseconds: number,
  find: (previous: Promise<Found> | undefined) => Promise<Found>,
): Promise<Found> {
  const memory = processMemory<{ last?: Memoized<Found> }>(name, () => ({}))
  const now = performance.now()
  if (!memory.last || memory.last.until <= now)
    memory.last = { until: now + milliseconds, found: find(memory.last?.found) }
  return memory.last.found
}
