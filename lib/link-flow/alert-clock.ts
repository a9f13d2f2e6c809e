import 'server-only'
import { logEvent } from '@/lib/observability/log'
import { processMemory } from '@/lib/process/process-memory'

/** How long after one alert the next is due, in milliseconds. */
const ALERT_INTERVAL_MS = 60_000

const last = () => processMemory('clock-alert', () => ({ at: Number.NEGATIVE_INFINITY }))

/**
 * Logs an alert for the operator: no link is made because the clocks do not agree. At most once a minute per process.
 *
 * @param ahead - How far the tenant's clock is ahead of ours, in seconds.
 */
export function alertClock(ahead: number): void {
  const now = Date.now()
  if (Math.abs(now - last().at) < ALERT_INTERVAL_MS) return
  last().at = now
  logEvent('clock_off', { level: 'alert', ahead })
}
