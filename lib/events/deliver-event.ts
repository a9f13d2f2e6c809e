/**
 * One attempt to send an event to the operator's webhook. `lib/jobs/job-kinds.ts` says when it is sent again.
 *
 * @see {@link https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability Standard Webhooks, deliverability}
 * @module
 */
import 'server-only'
import type { Config } from '../config/config'
import { logEvent } from '../observability/log'
import { processMemory } from '../process/process-memory'
import { cloudEventHeaders } from './cloud-event'
import { sendEvent } from './send-event'

/**
 * Why a background job was given up. `attempts_used`: all its attempts failed. `gone`: the receiver wants no more, or the
 * operator removed its settings. `internal`: an unexpected error. `queue_full`: too many jobs waited in this process.
 */
export type LossCode = 'attempts_used' | 'gone' | 'internal' | 'queue_full'

/** What a failed attempt says about the next one. */
export interface DeliveryFailure {
  /** How long the webhook, or for a mail the tenant, asks us to wait, in milliseconds. */
  retryAfter?: number
  /** Set if no later attempt can succeed. */
  isFinal?: 'gone'
}

/** Whether the webhook answered 410, which means that it wants no more events. */
const webhookState = () => processMemory('event-webhook', () => ({ isGone: false }))

/**
 * Sends an event once, and logs the code of a failure. Never throws. After a 410 this process sends no more events until it restarts.
 *
 * @param settings - `eventsWebhook` is undefined if the operator removed its settings.
 * @param id - Message id of the event, the same in every attempt.
 * @param body - JSON text of the event.
 * @param attempt - Counted from 1, for the log.
 * @returns Undefined if the webhook accepted it.
 */
export async function attemptDelivery(
  { eventsWebhook: webhook, appBaseUrl }: Pick<Config, 'appBaseUrl' | 'eventsWebhook'>,
  id: string,
  body: string,
  attempt: number,
): Promise<DeliveryFailure | undefined> {
  if (!webhook || webhookState().isGone) return { isFinal: 'gone' }
  const failure = await sendEvent(webhook, id, body, { headers: cloudEventHeaders(appBaseUrl, id, body) })
  if (!failure) return undefined
  const { code, status, retryAfter } = failure
  logEvent('webhook_failed', { id, attempt, code, status })
  if (status !== 410) return { retryAfter }
  webhookState().isGone = true
  return { isFinal: 'gone' }
}

/** Logs that we gave up sending an event. */
export function loseEvent(id: string, code: LossCode): void {
  logEvent('event_lost', { id, code })
}
