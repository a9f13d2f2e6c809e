/**
 * Ends the tenant sessions and refresh tokens from before a link or an unlink. If time or rate limits leave some open, the
 * marks in the account's `app_metadata` say so until a login, page view or event has ended them.
 * @module
 */
import { type CallFailure, isPermanentFailure } from '../carry-out-link'
import { hash12 } from '../hash'
import { bytesOf, isObject, isString, isTime, type LinkingUser, secondsOf } from '../identity'
import { marksKeyOf, parseMarks } from './marks'
import type { Ended, Ending, Marks } from './marks-shape'

/** A session in the Management API's list. */
export interface ListedSession {
  id?: string | undefined
  authenticated_at?: unknown
}

/** The Management API calls used here. They throw a {@link CallFailure}. */
export interface EndingCalls {
  /** Lists one page of a user's sessions, a hundred at most; `next` is set if another page follows. */
  listSessions(
    userId: string,
    from?: string,
  ): Promise<{ sessions: ListedSession[]; next?: string | undefined }>
  endSession(sessionId: string): Promise<unknown>
  endRefreshTokens(userId: string): Promise<unknown>
}

/** How many sessions are ended at the same time. */
const AT_ONCE = 20
/** Seconds by which a tenant's time may be ahead of its last response's `Date`. */
const SKEW = 60

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => isString(each) && each !== '') : []

/**
 * Reads the note of what still has to end; undefined if there is none. Validates it, because any program with the scope can
 * write metadata.
 */
export function parseEnding(user: Pick<LinkingUser, 'app_metadata'>): Ending | undefined {
  const raw: unknown = parseMarks(user).ending
  if (!isObject(raw) || !isTime(raw.before)) return undefined
  const accounts = textsOf(raw.accounts)
  const tokens = textsOf(raw.tokens).filter((id) => accounts.includes(id))
  if (accounts.length === 0) return undefined
  return {
    before: raw.before,
    accounts,
    ...(tokens.length > 0 && { tokens }),
    kept: textsOf(raw.kept),
    ...(isTime(raw.second) && { second: raw.second }),
  }
}

/** The marks after {@link endAccess}: with what still has to end (`left`), or with `ended`. */
export function marksAfter(marks: Marks, { before, kept, second }: Ending, left: Ending | undefined): Marks {
  if (left) return { ...marks, ending: left }
  const { ending: _ending, ...rest } = marks
  // Sign-ins in the second of a link stay valid: that person could sign in again after it. After an unlink, the journal
  // invalidates them.
  return { ...rest, ended: { before: before - 1, kept, second } }
}

/** The user with marks as if everything in the note had ended. */
export function withoutEndingMark<User extends Pick<LinkingUser, 'app_metadata'>>(user: User): User {
  const ending = parseEnding(user)
  if (!ending) return user
  const marks = marksAfter(parseMarks(user), ending, undefined)
  return { ...user, app_metadata: { ...user.app_metadata, [marksKeyOf(user)]: marks } }
}

/**
 * Reads the note of what still has to end and the record of what has ended. A sign-in before either's `before` is no longer
 * valid, unless its session is in `kept`.
 */
export function parseEnded(user: Pick<LinkingUser, 'app_metadata'>): Ended[] {
  const raw: unknown = parseMarks(user).ended
  const ending = parseEnding(user)
  if (!isObject(raw) || !isTime(raw.before)) return ending ? [ending] : []
  const ended = {
    before: raw.before,
    kept: textsOf(raw.kept),
    ...(isTime(raw.second) && { second: raw.second }),
  }
  return ending ? [ending, ended] : [ended]
}

/** The most bytes that an {@link Ending} takes in the metadata of one account. */
export const endingBytes = (accounts: string[]): number => {
  const time = 9_999_999_999
  const kept = ['0'.repeat(12), '0'.repeat(12)]
  return bytesOf({ ending: { before: time, accounts, tokens: accounts, kept, second: time } })
}

/** Whether a time from metadata is plausible: at most a minute after the tenant's current time. */
export const isPast = (time: number, tenantNow: number): boolean => time <= tenantNow + SKEW

/** The result of one round of {@link endAccess}. */
export interface EndingRound {
  /** What still has to end, or is not yet confirmed; undefined if nothing. */
  left: Ending | undefined
  /** Whether the tenant refused in a way that retries do not help, so that some accounts were given up. */
  isRefused: boolean
}

/**
 * Runs one round: revokes refresh tokens, lists all sessions, and ends the older ones that must not stay open. The tenant
 * responds before it ends a session, so an account is done only when a later list shows none.
 *
 * @param calls - The Management API.
 * @param ending - What has to end.
 * @returns The result, see {@link EndingRound}. Never throws.
 * @see {@link https://auth0.com/docs/manage-users/sessions/manage-user-sessions-with-auth0-management-api Manage User Sessions}
 */
export async function endAccess(calls: EndingCalls, ending: Ending): Promise<EndingRound> {
  const rounds = await Promise.all(
    ending.accounts.map(async (userId) => {
      const [tokens, sessions] = await Promise.all([
        ending.tokens?.includes(userId) ? outcomeOf(calls.endRefreshTokens(userId)) : 'done',
        endSessionsOf(calls, userId, ending),
      ])
      return { userId, tokens, outcomes: [tokens, sessions] }
    }),
  )
  const tokens = rounds.filter((round) => round.tokens === 'left').map(({ userId }) => userId)
  const accounts = rounds.filter(({ outcomes }) => outcomes.includes('left')).map(({ userId }) => userId)
  const { tokens: _tokens, ...rest } = ending
  return {
    left: accounts.length > 0 ? { ...rest, accounts, ...(tokens.length > 0 && { tokens }) } : undefined,
    isRefused: rounds.some(({ outcomes }) => outcomes.includes('refused')),
  }
}

type Outcome = 'done' | 'left' | 'refused'

/**
 * Waits for an API call that ends something. An account that no longer exists counts as done. `refused` means that a retry does
 * not help.
 */
async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  try {
    await call
    return 'done'
  } catch (error) {
    const failure = error as CallFailure
    if (failure?.status === 404) return 'done'
    return isPermanentFailure(failure) && !failure.isUnsent ? 'refused' : 'left'
  }
}

async function endSessionsOf(calls: EndingCalls, userId: string, ending: Ending): Promise<Outcome> {
  const due: string[] = []
  // If listing fails halfway, the sessions listed so far are ended anyway.
  const listing = await outcomeOf(listDue(calls, userId, ending, due))
  if (due.length === 0) return listing
  while (due.length > 0) {
    const outcomes = await Promise.all(
      due.splice(0, AT_ONCE).map((sessionId) => outcomeOf(calls.endSession(sessionId))),
    )
    if (outcomes.includes('refused')) return 'refused'
    // The rate limit is reached, or time is up: more calls would not help.
    if (outcomes.includes('left')) return 'left'
  }
  return 'left'
}

/** Adds the ids of all of a user's sessions that have to end to `due`, page by page. */
async function listDue(calls: EndingCalls, userId: string, ending: Ending, due: string[]): Promise<void> {
  let from: string | undefined
  do {
    const { sessions, next } = await calls.listSessions(userId, from)
    for (const session of sessions) if (session.id && (await isDue(session, ending))) due.push(session.id)
    from = next
  } while (from)
}

/** Whether a session has to end. One without an authentication time has to. */
async function isDue({ id = '', authenticated_at: at }: ListedSession, ending: Ending): Promise<boolean> {
  const authenticatedAt = secondsOf(at)
  if (authenticatedAt >= ending.before || authenticatedAt === ending.second) return false
  return !ending.kept?.includes(await hash12(id))
}
