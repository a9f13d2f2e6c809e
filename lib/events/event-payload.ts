import 'server-only'
import { splitUserId } from '../../core'
import type { Config } from '../config/config'
import type { AccountEvent } from './account-event'
import type { EventPayload } from './event-schema'
import { mailTextOf, type NoticeSettings } from './notice'

/** The settings that a payload needs. */
export type PayloadSettings = NoticeSettings & Pick<Config, 'eventsIncludeEmail'>

/**
 * Makes the payload of an event: the body of a webhook, and the `data` of a CloudEvent.
 *
 * @param at - When it happened.
 * @see {@link https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure Standard Webhooks, payload structure}
 */
export async function toPayload(
  settings: PayloadSettings,
  event: AccountEvent,
  at: Date,
): Promise<EventPayload> {
  const { other } = event
  return {
    type: event.type,
    timestamp: at.toISOString(),
    data: {
      user_id: event.userId,
      other_user_id: other?.userId,
      connection: other?.connection,
      provider: other && splitUserId(other.userId)?.provider,
      way: event.way,
      client_id: event.clientId || undefined,
      client_name: event.clientName,
      reason: event.reason,
      operator: event.operator,
      act: event.act,
      never: event.never,
      held_back: event.heldBack,
      notice: await mailTextOf(settings, event, at),
      ...(settings.eventsIncludeEmail && { email: event.email, other_email: other?.email }),
    },
  }
}
