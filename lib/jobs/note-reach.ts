/**
 * Logs whether background work can use Redis: one line when that stops working, and one when it works again.
 * @module
 */
import 'server-only'
import { logEvent } from '../observability/log'
import { processMemory } from '../process/process-memory'

const connectionState = () => processMemory('jobs-connection', () => ({ isLost: false }))

/** Logs that background work cannot reach Redis, or that Redis refuses its commands. Logs once until {@link logRedisBack}. */
export function logRedisLost(): void {
  const state = connectionState()
  if (!state.isLost) logEvent('jobs_lost')
  state.isLost = true
}

/** Logs once that background work can use Redis again. */
export function logRedisBack(): void {
  const state = connectionState()
  if (state.isLost) logEvent('jobs_back')
  state.isLost = false
}
