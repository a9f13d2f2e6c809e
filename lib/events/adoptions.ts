/**
 * Asking and telling the application that moves its own data with a link.
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
 * Sends each step once, within the time that it has; a commit or an abandon that is not taken is sent again as background work.
 *
 * @param webhook - Where the application is, and the key that signs; undefined if the operator named none.
 * @param sendLater - Sends a body, which is JSON, again until it is taken.
 * @returns Undefined if the operator named no application.
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
    // A prepare is worth nothing later.
    if (!isAsked) afterAnswer(() => sendLater(id, body))
    return false
  }
}
