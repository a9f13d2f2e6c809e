import 'server-only'
import { randomUUID } from 'node:crypto'
import type { Brands } from '../brand/brand'
import type { Config } from '../config/config'
import { maskEmail } from '../messages/mask-email'
import { afterAnswer } from '../observability/after-answer'
import { fingerprint, type LogFields, logEvent } from '../observability/log'
import type { AccountEvent } from './account-event'
import { type PayloadSettings, toPayload } from './event-payload'
import type { AppendEvent } from './event-stream'

/** The settings that events need. */
export type EventSettings = Omit<PayloadSettings, 'brandName' | 'supportUrl'> & Pick<Config, 'eventsWebhook'>

/** Emits events. */
export interface Events {
  /**
   * Writes an event to the log, as one line. After the response to the current request it sends the event to the operator's webhook,
   * and appends it to the stream in Redis, if they are configured. Never throws and never waits.
   */
  emit(event: AccountEvent): void
}

/**
 * Wraps `events`, so that every event has the language of the person who caused it.
 *
 * @param language - BCP 47 tag.
 */
export const inLanguage = (events: Events, language: string): Events => ({
  emit: (event) => events.emit({ ...event, language }),
})

/**
 * Makes the emitter of events for the log, the operator's webhook, mails and the stream in Redis.
 *
 * @param brands - The brand whose name and support URL the mails show.
 * @param deliver - Sends the JSON body of an event to the webhook, with retries. Never throws.
 * @param mail - Mails people about an event; undefined if no mails are sent.
 * @param append - Appends an event to the stream; undefined without Redis. Never throws.
 * @see docs/events.md
 */
export function createEvents(
  settings: EventSettings,
  brands: Pick<Brands, 'known'>,
  deliver: (id: string, body: string) => Promise<void>,
  mail?: (id: string, event: AccountEvent, at: Date) => Promise<void>,
  append?: AppendEvent,
): Events {
  return {
    emit(event) {
      try {
        // The id must not contain a dot: dots separate the parts of the text that is signed.
        const id = event.id ?? `msg_${randomUUID()}`
        logEvent('account_event', toLogFields(id, event))
        const at = new Date()
        if (mail) afterAnswer(() => mail(id, event, at))
        if (!settings.eventsWebhook && !append) return
        const { name: brandName, supportUrl } = brands.known()
        const all = { ...settings, brandName, supportUrl }
        // The payload is made after the response too, because it has to load the messages of the person's language.
        afterAnswer(async () => {
          const payload = await toPayload(all, event, at)
          const body = JSON.stringify(payload)
          await Promise.all([settings.eventsWebhook && deliver(id, body), append?.(id, payload)])
        })
      } catch {
        logEvent('event_lost', { type: event.type, code: 'internal' })
      }
    },
  }
}

/**
 * The fields of an event for the log. User ids become fingerprints, and email addresses are masked. Metadata keys are only counted,
 * because people may have named them.
 */
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
