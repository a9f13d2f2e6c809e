import 'server-only'
import { processMemory } from '../process/process-memory'

interface Memoized<Found> {
  /** On the clock of `performance`. */
  until: number
  found: Promise<Found>
}

/**
 * Memoizes a lookup per process for a short time; concurrent callers share it.
 *
 * @param name - Names the lookup, once in the code base.
 * @param milliseconds - How long the result counts.
 * @param find - Looks it up; gets the previous result, if there is one.
 */
export function memoizeFor<Found>(
  name: string,
  milliseconds: number,
  find: (before: Promise<Found> | undefined) => Promise<Found>,
): Promise<Found> {
  const memory = processMemory<{ last?: Memoized<Found> }>(name, () => ({}))
  const now = performance.now()
  if (!memory.last || memory.last.until <= now)
    memory.last = { until: now + milliseconds, found: find(memory.last?.found) }
  return memory.last.found
}
