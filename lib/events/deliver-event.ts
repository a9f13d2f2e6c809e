/**
 * Sends events to the operator's webhook until it accepts them, or for about ten minutes. Waiting events are in the memory of this
 * process and are lost with it; the log line of each event remains.
 *
 * @see {@link https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability Standard Webhooks, deliverability}
 * @module
 */
import 'server-only'
import type { EventsWebhook } from '../config/config'
import { afterAnswer } from '../observability/after-answer'
import { logEvent } from '../observability/log'
import { processMemory } from '../process/process-memory'
import { sendEvent } from './send-event'

/** Waits before the second attempt and the later ones, in milliseconds. */
const RETRY_PAUSES_MS = [5_000, 15_000, 45_000, 135_000, 405_000]
/** The largest share by which a wait is lengthened, so that events that failed together are not retried together. */
const RETRY_JITTER_SHARE = 0.2
/** Longest wait that the webhook can ask for, in milliseconds. */
const MAX_RETRY_PAUSE_MS = 600_000
/** Events waiting at most, some 2 kB each. Beyond it the oldest one is given up. */
const MAX_WAITING_EVENTS = 1_000

interface Delivery {
  webhook: EventsWebhook
  body: string
  attempts: number
  timer?: NodeJS.Timeout
}
interface Deliveries {
  /** By id, oldest first. */
  waiting: Map<string, Delivery>
  /** Whether the webhook said that it wants no more events. */
  isGone: boolean
}

const deliveries = () =>
  processMemory<Deliveries>('event-deliveries', () => ({ waiting: new Map(), isGone: false }))

/**
 * Sends an event once the answer to the request has gone out, and again if that fails. Never throws and never
 * waits; each failure and each event that is given up is logged, by code.
 *
 * @param webhook - Where it goes, and the key that signs it.
 * @param id - Names the event in every attempt.
 * @param body - JSON.
 */
export function deliverEvent(webhook: EventsWebhook, id: string, body: string): void {
  const { waiting, isGone } = deliveries()
  if (isGone) {
    giveUp(id, 'gone')
    return
  }
  const [oldest] = waiting.keys()
  if (waiting.size >= MAX_WAITING_EVENTS && oldest !== undefined) giveUp(oldest, 'queue_full')
  waiting.set(id, { webhook, body, attempts: 0 })
  afterAnswer(() => attempt(id))
}

async function attempt(id: string): Promise<void> {
  const { waiting } = deliveries()
  const delivery = waiting.get(id)
  if (!delivery) return
  delivery.attempts += 1
  const failure = await sendEvent(delivery.webhook, id, delivery.body)
  if (!failure) {
    waiting.delete(id)
    return
  }
  const { code, status, retryAfter = 0 } = failure
  logEvent('webhook_failed', { id, attempt: delivery.attempts, code, status })
  if (status === 410) stop()
  // It was given up while it was being sent.
  if (waiting.get(id) !== delivery) return
  const pause = RETRY_PAUSES_MS[delivery.attempts - 1]
  if (pause === undefined) return giveUp(id, 'attempts_used')
  const wait = Math.max(
    pause * (1 + RETRY_JITTER_SHARE * Math.random()),
    Math.min(retryAfter, MAX_RETRY_PAUSE_MS),
  )
  // Does not keep an idle process alive.
  delivery.timer = setTimeout(() => void attempt(id), wait).unref()
}

/** 410 means that the webhook is to get nothing more; the next start of the process asks it again. */
function stop(): void {
  const memory = deliveries()
  memory.isGone = true
  for (const id of [...memory.waiting.keys()]) giveUp(id, 'gone')
}

function giveUp(id: string, code: 'attempts_used' | 'gone' | 'queue_full'): void {
  const { waiting } = deliveries()
  clearTimeout(waiting.get(id)?.timer)
  waiting.delete(id)
  logEvent('event_lost', { id, code })
}
