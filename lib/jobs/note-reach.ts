/**
 * Whether background work reaches Redis, as the log has it: one line when it is lost and one when it is back.
 * @module
 */
import 'server-only'
import { logEvent } from '../observability/log'
import { processMemory } from '../process/process-memory'

const connectionState = () => processMemory('jobs-connection', () => ({ isLost: false }))

/** Logs once that background work cannot reach Redis, or is refused there. */
export function noteLost(): void {
  const state = connectionState()
  if (!state.isLost) logEvent('jobs_lost')
  state.isLost = true
}

/** Logs once that it reaches Redis again. */
export function noteBack(): void {
  const state = connectionState()
  if (state.isLost) logEvent('jobs_back')
  state.isLost = false
}
