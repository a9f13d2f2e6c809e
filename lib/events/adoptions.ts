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
import { logEvent } from '../observability/log'
import { sendEvent } from './send-event'

/** Why a step is not sent any more. */
type LossCode = 'attempts_used' | 'gone' | 'internal' | 'queue_full'

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

/**
 * Sends a step once, and logs a failure by code. Never throws.
 *
 * @param webhook - Undefined if the operator took it out of the environment.
 * @param id - Names the step in every attempt.
 * @param body - JSON.
 * @param attempt - Counted from 1, for the log.
 * @param timeout - Longest wait for an answer, in milliseconds.
 * @returns Undefined if the application took it.
 */
export async function attemptAdoption(
  webhook: SigningWebhook | undefined,
  id: string,
  body: string,
  attempt: number,
  timeout = PREPARE_MS,
): Promise<{ retryAfter?: number; isFinal?: 'gone' } | undefined> {
  if (!webhook) return { isFinal: 'gone' }
  const failure = await sendEvent(webhook, id, body, timeout)
  if (!failure) return undefined
  const { code, status, retryAfter } = failure
  logEvent('adoption_failed', { id, attempt, code, status })
  return { ...(retryAfter !== undefined && { retryAfter }) }
}

/** Logs that a step is not sent any more. */
export function loseAdoption(id: string, code: LossCode): void {
  logEvent('adoption_lost', { id, code })
}
