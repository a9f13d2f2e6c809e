import 'server-only'
import { randomUUID } from 'node:crypto'
import { config } from '../config/config'
import { maskEmail } from '../messages/mask-email'
import { fingerprint, type LogFields, logEvent } from '../observability/log'
import type { AccountEvent } from './account-event'
import { deliverEvent } from './deliver-event'
import { toPayload } from './event-payload'

/**
 * Tells of something that happened to an account: to the log as one line, and to the operator's webhook where there is
 * one. Never throws and never waits; the webhook is sent to after the answer to the request.
 *
 * @see docs/events.md
 */
export function emitEvent(event: AccountEvent): void {
  try {
    // No dot in it: the signature's parts are joined by dots.
    const id = `msg_${randomUUID()}`
    logEvent('account_event', toLogFields(id, event))
    if (config().eventsWebhook) deliverEvent(id, JSON.stringify(toPayload(event, new Date())))
  } catch {
    logEvent('event_lost', { type: event.type, code: 'internal' })
  }
}

/** Ids as fingerprints, addresses masked; of the metadata keys only how many, because people may have named them. */
function toLogFields(id: string, event: AccountEvent): LogFields {
  const { type, userId, email, other, way, clientId, reason, never, heldBack } = event
  return {
    type,
    id,
    user: fingerprint(userId),
    email: email && maskEmail(email),
    other: other && fingerprint(other.userId),
    other_email: other?.email && maskEmail(other.email),
    connection: other?.connection,
    way,
    client_id: clientId || undefined,
    reason,
    never,
    held_back: heldBack?.length,
  }
}
