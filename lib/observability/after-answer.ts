import 'server-only'
import { after } from 'next/server'
import { processMemory } from '../process/process-memory'
import { logEvent } from './log'

/** Work that was begun outside of a request. */
const underWay = () => processMemory('work-under-way', () => new Set<Promise<void>>())

/**
 * Does work after the response to the current request has been sent. A server that is asked to stop finishes that work
 * first. Outside of a request, the work starts at once, and nothing waits for it except {@link untilWorkIsDone}.
 *
 * @param work - Errors of the work are logged as `event_lost` and not thrown.
 * @see {@link https://nextjs.org/docs/app/api-reference/functions/after after}
 */
export function afterAnswer(work: () => Promise<void>): void {
  const safely = async () => {
    try {
      await work()
    } catch {
      logEvent('event_lost', { code: 'internal' })
    }
  }
  try {
    after(safely)
  } catch {
    // `after` throws outside of a request. There is then no response to wait for.
    const begun = safely().finally(() => underWay().delete(begun))
    underWay().add(begun)
  }
}

/** Waits for the work that was begun outside of a request so far. Without this, a command could exit before it is done. */
export async function untilWorkIsDone(): Promise<void> {
  await Promise.all(underWay())
}
