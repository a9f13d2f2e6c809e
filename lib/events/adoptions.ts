/**
 * Adoption: the operator's application moves its own data between linked accounts. We ask it before each link (step
 * `prepare`), and tell it afterwards whether the link was made (`commit`) or not (`abandon`).
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
 * Makes the function that sends the steps of an adoption. It sends each step once, and waits at most 3 s (`PREPARE_MS`) or
 * 2 s (`SETTLE_MS`). A commit or an abandon that the application does not accept is sent again as background work.
 *
 * @param webhook - URL of the application, and the key that signs; undefined if the operator configured none.
 * @param sendLater - Retries a JSON body in the background until the application accepts it or the attempts are used up.
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
    // A prepare is not sent again: by then the link has been refused, or the undo has gone on without an answer.
    if (!isAsked) afterAnswer(() => sendLater(id, body))
    return false
  }
}
