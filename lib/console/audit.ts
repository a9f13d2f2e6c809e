/**
 * Records what operators look at and change. Each record is a log line and an event.
 * @module
 */
import 'server-only'
import { fingerprint, logEvent } from '../observability/log'
import { emitAccountEvent } from '../sign-in-methods/emit-account-event'
import { isFirstTime } from '../store/is-first-time'
import type { ConsoleServices } from './services'
import { type ConsoleSession, SESSION_SECONDS } from './session'

/** The longest reason that is recorded, in characters. */
export const MAX_REASON_CHARACTERS = 300

/** A reason as it is recorded: on one line, without email addresses, at most {@link MAX_REASON_CHARACTERS} long. */
const toNotedReason = (reason: string): string =>
  reason
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/[^\s@]+@[^\s@]+/g, '[address]')
    .trim()
    .slice(0, MAX_REASON_CHARACTERS)

/**
 * Records that an operator looks at an account: once for each session, account and reason. If the store is down or full, it
 * records each look.
 */
export async function noteLook(
  services: ConsoleServices,
  session: ConsoleSession,
  userId: string,
  reason: string,
): Promise<void> {
  const key = `console-look:${session.id}:${fingerprint(`${userId} ${reason}`)}`
  if (await isFirstTime(services.store, key, SESSION_SECONDS))
    note(services, session, 'operator.looked', { userId, reason })
}

/** An act as it is recorded. */
export interface NotedAct {
  act: string
  /** User id of the changed account. For an act on the service, such as pausing offers, it is the operator's own. */
  userId: string
  other?: string | undefined
  /** The reason that the operator typed. */
  reason: string
}

/** Records that an operator carried out an act. */
export const noteAct = (services: ConsoleServices, session: ConsoleSession, act: NotedAct): void =>
  note(services, session, 'operator.acted', act)

function note(
  services: ConsoleServices,
  session: ConsoleSession,
  type: 'operator.looked' | 'operator.acted',
  { act, userId, other, reason }: Omit<NotedAct, 'act'> & { act?: string },
): void {
  const noted = toNotedReason(reason)
  logEvent(type === 'operator.looked' ? 'console_look' : 'console_act', {
    operator: fingerprint(session.userId),
    user: fingerprint(userId),
    other: other && fingerprint(other),
    act,
    reason: noted,
  })
  emitAccountEvent(services, {
    type,
    userId,
    operator: session.userId,
    reason: noted,
    ...(act && { act }),
    ...(other && { other: { userId: other } }),
  })
}
