/**
 * Adoption: before each link we ask the operator's application, which moves its own data between the accounts, and afterwards we tell
 * it whether they were linked.
 *
 * @see docs/reference/adoption.md
 * @module
 */
import 'server-only'
import { PREPARE_MS, SETTLE_MS, type SendAdoption, toAdoptionMessage } from '../../core'
import type { SigningWebhook } from '../config/config'
import { afterAnswer } from '../observability/after-answer'
import { attemptAdoption } from './deliver-adoption'

/**
 * Makes the function that sends the steps of an adoption. It sends each step once and waits `PREPARE_MS` or `SETTLE_MS` at most. A
 * commit or an abandon that the application does not accept is sent again as background work.
 *
 * @param webhook - URL of the application, and the key that signs; undefined if the operator configured none.
 * @param sendLater - Sends a JSON body again and again until the application accepts it.
 * @returns A function that resolves to whether the application accepted the step. Undefined if no application is configured.
 */
export function createAdoptions(
  webhook: SigningWebhook | undefined,
  sendLater: (id: string, body: string) => Promise<void>,
): SendAdoption | undefined {
  if (!webhook) return undefined
  return async (step, data) => {
    const { id, body } = toAdoptionMessage(step, data, new Date())
    const isAsked = step === 'prepare'
    if (!(await attemptAdoption(webhook, id, body, 1, isAsked ? PREPARE_MS : SETTLE_MS))) return true
    // A prepare is not sent again: later, the link has already been refused, or the undo has been done without it.
    if (!isAsked) afterAnswer(() => sendLater(id, body))
    return false
  }
}
