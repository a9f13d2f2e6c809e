/**
 * Ends what was open before a link or an unlink: sessions at the tenant, and refresh tokens, however many. If time or the tenant's
 * limits leave some of them open, the account notes that until a later login, view of the page or event has ended them.
 * @module
 */
import { type CallFailure, isFinal } from '../carry-out-link'
import { hash12 } from '../hash'
import { bytesOf, isObject, isText, isTime, type LinkingUser, secondsOf } from '../identity'
import { marksKeyOf, parseMarks } from './marks'
import type { Ended, Ending, Marks } from './marks-shape'

/** A session, as the Management API lists it. */
export interface ListedSession {
  id?: string | undefined
  authenticated_at?: unknown
}

/** The calls of the Management API that ending takes. They throw a {@link CallFailure}. */
export interface EndingCalls {
  /** One page of a user's sessions, a hundred at most; `next` if another one follows. */
  listSessions(
    userId: string,
    from?: string,
  ): Promise<{ sessions: ListedSession[]; next?: string | undefined }>
  endSession(sessionId: string): Promise<unknown>
  endRefreshTokens(userId: string): Promise<unknown>
}

/** How many sessions are ended at the same time. */
const AT_ONCE = 20
/** How far a time of the tenant may be ahead of what its last answer said, in seconds. */
const SKEW = 60

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => isText(each) && each !== '') : []

/** Reads what an account notes as still to be ended; undefined if nothing is. Any program with the right scope writes metadata. */
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

/** The marks of an account after what it noted was gone on with: what is left, or what stays of it. */
export function marksAfter(marks: Marks, { before, kept, second }: Ending, left: Ending | undefined): Marks {
  if (left) return { ...marks, ending: left }
  const { ending: _ending, ...rest } = marks
  // A person who can sign in during the second of a link can do so after it, too, so sign-ins of that second count. For an unlink
  // the journal says that they do not.
  return { ...rest, ended: { before: before - 1, kept, second } }
}

/** A user as if everything that the account notes as still to be ended had ended. */
export function withEnded<User extends Pick<LinkingUser, 'app_metadata'>>(user: User): User {
  const ending = parseEnding(user)
  if (!ending) return user
  const marks = marksAfter(parseMarks(user), ending, undefined)
  return { ...user, app_metadata: { ...user.app_metadata, [marksKeyOf(user)]: marks } }
}

/**
 * Reads the notes of endings, both the one under way and the one that is done. A sign-in older than one of them no longer counts,
 * unless the note names its session.
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

/** Bytes that the note of two accounts takes at most in the metadata of one of them. */
export const endingBytes = (accounts: string[]): number => {
  const time = 9_999_999_999
  const kept = ['0'.repeat(12), '0'.repeat(12)]
  return bytesOf({ ending: { before: time, accounts, tokens: accounts, kept, second: time } })
}

/** Whether a time that metadata names can be one of the tenant's: at most a minute after what the tenant says it is. */
export const isPast = (time: number, tenantNow: number): boolean => time <= tenantNow + SKEW

/** The result of one round of {@link endAccess}. */
export interface EndingRound {
  /** What still has to end, or was not yet seen to have ended; undefined if nothing. */
  left: Ending | undefined
  /** Whether the tenant refused for good, so that nothing more is tried for those accounts. */
  isRefused: boolean
}

/**
 * Makes one round: revokes refresh tokens, lists all sessions, and ends the older ones that must not stay open. The tenant
 * answers before it ends them, so an account is done only once a later list shows none of them.
 *
 * @param calls - The Management API.
 * @param ending - What is to be ended.
 * @returns What is left. Never throws: what fails for now is left, what is refused for good is not.
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
 * The result of a call that ends something. An account that no longer exists counts as done. A call that the tenant refuses for
 * good is not repeated.
 */
async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  try {
    await call
    return 'done'
  } catch (error) {
    const failure = error as CallFailure
    if (failure?.status === 404) return 'done'
    return isFinal(failure) ? 'refused' : 'left'
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
    // The tenant turns calls away, or time is over: more of them would not help.
    if (outcomes.includes('left')) return 'left'
  }
  return 'left'
}

/** Adds the ids of all sessions of a user that are to end, page by page. */
async function listDue(calls: EndingCalls, userId: string, ending: Ending, due: string[]): Promise<void> {
  let from: string | undefined
  do {
    const { sessions, next } = await calls.listSessions(userId, from)
    for (const session of sessions) if (session.id && (await isDue(session, ending))) due.push(session.id)
    from = next
  } while (from)
}

/** Whether a session is to end. One that does not say when it was authenticated is. */
async function isDue({ id = '', authenticated_at: at }: ListedSession, ending: Ending): Promise<boolean> {
  const authenticatedAt = secondsOf(at)
  if (authenticatedAt >= ending.before || authenticatedAt === ending.second) return false
  return !ending.kept?.includes(await hash12(id))
}
