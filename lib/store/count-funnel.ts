import 'server-only'
import { afterAnswer } from '../observability/after-answer'
import { toFunnelStep, toStepPlace } from '../observability/funnel-step'
import { observeLog } from '../observability/log'
import { addToFunnel } from './funnel-counts'
import { orFallback } from './or-fallback'

/**
 * Counts the steps that this process logs, for the funnel in the console. A step is counted after the response, and once. If Redis is
 * down, the step is not counted; the line `store_lost` says so, once for each outage.
 *
 * @param redisUrl - The server's URL. It may hold a password.
 */
export function countFunnel(redisUrl: string): void {
  observeLog((event, fields) => {
    const taken = toFunnelStep(event, fields)
    if (!taken) return
    const [at, place] = [new Date(), toStepPlace(fields)]
    afterAnswer(() => orFallback(addToFunnel(redisUrl, at, taken.step, place), undefined))
  })
}
