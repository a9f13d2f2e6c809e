import 'server-only'
import { splitUserId } from '../../core'
import type { Config } from '../config/config'
import type { AccountEvent, AccountEventType } from './account-event'
import { type Notice, type NoticeSettings, noticeOf } from './notice'

/** The settings that a payload needs. */
export type PayloadSettings = NoticeSettings & Pick<Config, 'eventsIncludeEmail'>

/** The body of a webhook. Undefined fields are left out of the JSON. */
export interface EventPayload {
  type: AccountEventType
  /** When it happened, ISO 8601. */
  timestamp: string
  data: {
    user_id: string
    other_user_id: string | undefined
    connection: string | undefined
    provider: string | undefined
    way: string
    client_id: string | undefined
    client_name: string | undefined
    reason: string | undefined
    operator: string | undefined
    act: string | undefined
    never: boolean | undefined
    held_back: string[] | undefined
    /** A mail for the account's owner, which the operator can send as it is. */
    notice: Notice | undefined
    /** Both email addresses are present only if the operator asked for them. */
    email?: string | undefined
    other_email?: string | undefined
  }
}

/**
 * Makes the body of a webhook for an event.
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
      notice: await noticeOf(settings, event, at),
      ...(settings.eventsIncludeEmail && { email: event.email, other_email: other?.email }),
    },
  }
}
