/**
 * One attempt to send an event to the operator's webhook. When it is tried again is in `lib/jobs/job-kinds.ts`.
 *
 * @see {@link https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability Standard Webhooks, deliverability}
 * @module
 */
import 'server-only'
import type { SigningWebhook } from '../config/config'
import { logEvent } from '../observability/log'
import { processMemory } from '../process/process-memory'
import { sendEvent } from './send-event'

/** Why something is not sent any more. */
export type LossCode = 'attempts_used' | 'gone' | 'internal' | 'queue_full'

/** Why an attempt failed, as far as it says when to try again. */
export interface DeliveryFailure {
  /** How long the webhook asks us to wait, in milliseconds. */
  retryAfter?: number
  /** No later attempt will do better. */
  isFinal?: 'gone'
}

/** Whether the webhook said that it wants no more events. */
const webhookState = () => processMemory('event-webhook', () => ({ isGone: false }))

/**
 * Sends an event once, and logs a failure by code. Never throws. After a 410 nothing more is sent until the process starts again.
 *
 * @param webhook - Where it goes, and the key that signs it; undefined if the operator took it out of the environment.
 * @param id - Names the event in every attempt.
 * @param body - JSON.
 * @param attempt - Counted from 1, for the log.
 * @returns Undefined if the webhook took it.
 */
export async function attemptDelivery(
  webhook: SigningWebhook | undefined,
  id: string,
  body: string,
  attempt: number,
): Promise<DeliveryFailure | undefined> {
  if (!webhook || webhookState().isGone) return { isFinal: 'gone' }
  const failure = await sendEvent(webhook, id, body)
  if (!failure) return undefined
  const { code, status, retryAfter } = failure
  logEvent('webhook_failed', { id, attempt, code, status })
  if (status !== 410) return { retryAfter }
  webhookState().isGone = true
  return { isFinal: 'gone' }
}

/** Logs that an event is not sent any more. */
export function loseEvent(id: string, code: LossCode): void {
  logEvent('event_lost', { id, code })
}
