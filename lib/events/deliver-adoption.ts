/**
 * One attempt to send a step of an adoption to the operator's application. Requests and the background worker both use it.
 * @module
 */
import 'server-only'
import { PREPARE_MS } from '../../core'
import type { SigningWebhook } from '../config/config'
import { logEvent } from '../observability/log'
import type { DeliveryFailure, LossCode } from './deliver-event'
import { sendEvent } from './send-event'

/**
 * Sends a step once, and logs the code of a failure. Never throws.
 *
 * @param webhook - Undefined if the operator removed its settings after the step was queued.
 * @param id - Message id of the step, the same in every attempt.
 * @param body - JSON text of the step.
 * @param attempt - Counted from 1, for the log.
 * @param timeout - Longest wait for a response, in milliseconds.
 * @returns Undefined if the application accepted it.
 */
export async function attemptAdoption(
  webhook: SigningWebhook | undefined,
  id: string,
  body: string,
  attempt: number,
  timeout = PREPARE_MS,
): Promise<DeliveryFailure | undefined> {
  if (!webhook) return { isFinal: 'gone' }
  const failure = await sendEvent(webhook, id, body, { timeoutMs: timeout })
  if (!failure) return undefined
  const { code, status, retryAfter } = failure
  logEvent('adoption_failed', { id, attempt, code, status })
  return { ...(retryAfter !== undefined && { retryAfter }) }
}

/** Logs that we gave up sending a step. */
export function loseAdoption(id: string, code: LossCode): void {
  logEvent('adoption_lost', { id, code })
}
