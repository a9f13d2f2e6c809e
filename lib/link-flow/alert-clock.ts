import 'server-only'
import { logEvent } from '@/lib/observability/log'
import { processMemory } from '@/lib/process/process-memory'

/** Shortest time between two alerts, in milliseconds. */
const ALERT_INTERVAL_MS = 60_000

const last = () => processMemory('clock-alert', () => ({ at: Number.NEGATIVE_INFINITY }))

/**
 * Logs an alert for the operator: no links can be made, because the tenant's clock is so far ahead of ours that we refuse
 * its session tokens. A process logs at most one alert a minute.
 *
 * @param ahead - How far the tenant's clock is ahead of ours, in seconds.
 */
export function alertClock(ahead: number): void {
  const now = Date.now()
  if (Math.abs(now - last().at) < ALERT_INTERVAL_MS) return
  last().at = now
  logEvent('clock_off', { level: 'alert', ahead })
}
