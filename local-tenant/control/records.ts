/**
 * The records of the control API: requests, faults, suspended logins, log lines of Actions, received events, and emails.
 * @module
 */
import type { EventType } from '../management/event-stream'

/** One request to the tenant, as the control API shows it. Secrets are masked before it is stored. */
export interface LedgerEntry {
  n: number
  at: string
  method: string
  /** The path as sent: ids in it are percent-encoded. */
  path: string
  query: Record<string, string>
  body: unknown
  /** 0 until the tenant responds. Stays 0 if the connection was dropped. */
  status: number
  client_id: string | null
  sub: string | null
  effect: 'link' | 'unlink' | 'patch' | 'create' | 'delete' | null
}

/** A fault rule, in the form that the control API accepts. */
export interface FaultRule {
  match: { method?: string; path?: string; nth?: number }
  effect: {
    status?: number
    headers?: Record<string, string>
    body?: unknown
    delay_ms?: number
    drop?: 'before' | 'after'
    truncate?: boolean
  }
  times?: number
}

/** A fault rule in use, with its counters. */
export interface ActiveFault {
  rule: FaultRule
  /** How many requests have matched method and path. */
  seen: number
  /** How many requests got the fault. */
  played: number
}

/** A suspended login, as the control API lists it. */
export interface ListedSuspendedLogin {
  state: string
  sub: string
  client_id: string
  session_token: string | null
}

/** A line that an Action logged, or an error that it threw. */
export interface ActionLog {
  at: string
  action: string
  handler: string
  user_id: string
  line: string
}

/** What an application or an Action sent to one of the control API's webhooks: an event, or an adoption request. */
export interface ReceivedEvent {
  at: string
  /** The headers of Standard Webhooks that were sent: `webhook-id`, `webhook-timestamp` and `webhook-signature`. */
  headers: Record<string, string>
  body: unknown
}

/** A verification mail. It is stored here instead of being sent. */
export interface SentMail {
  at: string
  type: 'verification_email'
  to: string
  user_id: string
  /** The identity whose email address is to be verified. */
  identity: { provider: string; user_id: string }
  /** The application that the caller named. */
  client_id: string | null
  /** The link in the mail. It works once. */
  url: string
  /** Whether the link has been used. */
  used?: boolean
}

/** A mail that an application handed to the SMTP sink. */
export interface ReceivedMail {
  at: string
  /** The recipients of the envelope, separated by commas. */
  to: string
  from: string
  subject: string
  text: string
  html: string
  /** Values by lower-case name. */
  headers: Record<string, string>
}

/** A one-time code of the passwordless connection. It is stored here instead of being sent. */
export interface SentCode {
  email: string
  code: string
  at: string
}

/** One attempt to deliver an event, as the control API lists it. */
export interface Delivery {
  at: string
  stream_id: string
  event_id: string
  type: EventType
  user_id: string
  /** Counted from 1. */
  attempt: number
  /** The status of the response; 0 if there was none. */
  status: number
}
