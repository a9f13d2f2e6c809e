import 'server-only'
import { processMemory } from '../process/process-memory'

interface Memoized<Found> {
  /** On the clock of `performance`. */
  until: number
  found: Promise<Found>
}

/**
 * What this process found out a moment ago, or finds out now, once for all who ask meanwhile.
 *
 * @param name - What it is called, once in the code base.
 * @param milliseconds - How long it is kept.
 * @param find - Finds it out; gets what was found before, where there is anything.
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
