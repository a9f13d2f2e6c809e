import 'server-only'
import { LinkingError } from '@/core/errors'
import { afterAnswer } from '../observability/after-answer'
import { toFunnelStep, toStepPlace } from '../observability/funnel-step'
import { logEvent, observeLog } from '../observability/log'
import { addToFunnel } from './funnel-counts'

/**
 * Counts the steps from an offer to a link that this process logs, for the funnel in the console. Each step is counted once,
 * after the response. If Redis does not store a step, it is not counted. The first of several such failures in a row is
 * logged.
 *
 * @param redisUrl - The server's URL. It may hold a password.
 */
export function countFunnel(redisUrl: string): void {
  let isLost = false
  observeLog((event, fields) => {
    const taken = toFunnelStep(event, fields)
    if (!taken) return
    const [at, place] = [new Date(), toStepPlace(fields)]
    afterAnswer(async () => {
      try {
        await addToFunnel(redisUrl, at, taken.step, place)
        isLost = false
      } catch (error) {
        if (!(error instanceof LinkingError)) throw error
        if (!isLost) logEvent('funnel_lost')
        isLost = true
      }
    })
  })
}
