/**
 * One attempt to send a step of an adoption. A worker does it too, which has no request to answer.
 * @module
 */
import 'server-only'
import { PREPARE_MS } from '../../core'
import type { SigningWebhook } from '../config/config'
import { logEvent } from '../observability/log'
import type { DeliveryFailure, LossCode } from './deliver-event'
import { sendEvent } from './send-event'

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
): Promise<DeliveryFailure | undefined> {
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
