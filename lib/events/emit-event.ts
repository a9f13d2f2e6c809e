import 'server-only'
import { randomUUID } from 'node:crypto'
import type { Brands } from '../brand/brand'
import type { Config } from '../config/config'
import { maskEmail } from '../messages/mask-email'
import { afterAnswer } from '../observability/after-answer'
import { fingerprint, type LogFields, logEvent } from '../observability/log'
import type { AccountEvent } from './account-event'
import { type PayloadSettings, toPayload } from './event-payload'

/** What events need to know of this installation. */
export type EventSettings = Omit<PayloadSettings, 'brandName' | 'supportUrl'> & Pick<Config, 'eventsWebhook'>

/** Where events are emitted. */
export interface Events {
  /**
   * Writes an event to the log, as one line, and sends it to the operator's webhook, if one is configured. Never throws and never
   * waits: the webhook gets it after the answer to the request has gone out.
   */
  emit(event: AccountEvent): void
}

/**
 * The same events, with the language of the person who caused them.
 *
 * @param language - BCP 47 tag.
 */
export const inLanguage = (events: Events, language: string): Events => ({
  emit: (event) => events.emit({ ...event, language }),
})

/**
 * Events for the log and the operator's webhook.
 *
 * @param brands - Whose name and support address the mails carry.
 * @param deliver - Sends the body of an event, which is JSON, to the webhook, and again until it is taken.
 * @param mail - Mails people about an event; undefined if no mails are sent.
 * @see docs/events.md
 */
export function createEvents(
  settings: EventSettings,
  brands: Pick<Brands, 'known'>,
  deliver: (id: string, body: string) => Promise<void>,
  mail?: (id: string, event: AccountEvent, at: Date) => Promise<void>,
): Events {
  return {
    emit(event) {
      try {
        // No dot in it: dots join the parts of the signature.
        const id = `msg_${randomUUID()}`
        logEvent('account_event', toLogFields(id, event))
        const at = new Date()
        if (mail) afterAnswer(() => mail(id, event, at))
        if (!settings.eventsWebhook) return
        const { name: brandName, supportUrl } = brands.known()
        const all = { ...settings, brandName, supportUrl }
        // Its words are in the person's language, which is loaded after the answer as well.
        afterAnswer(async () => deliver(id, JSON.stringify(await toPayload(all, event, at))))
      } catch {
        logEvent('event_lost', { type: event.type, code: 'internal' })
      }
    },
  }
}

/** Ids as fingerprints, addresses masked; of the metadata keys only how many, because people may have named them. */
function toLogFields(id: string, event: AccountEvent): LogFields {
  const { type, userId, email, other, way, clientId, reason, never, heldBack, operator, act } = event
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
    operator: operator && fingerprint(operator),
    act,
    never,
    held_back: heldBack?.length,
  }
}
