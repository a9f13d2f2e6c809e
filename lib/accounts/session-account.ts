/**
 * The account of whoever is signed in. Whose it is comes from the session, never from a form.
 * @module
 */
import 'server-only'
import type { Account } from '../auth0/account'
import { serverAuthority, userAuthority } from '../auth0/authority'
import { ManagementApi } from '../auth0/management-api'
import { config } from '../config'
import { type CallPurpose, callCounter } from '../http/call-limits'
import { hash12, parseJournal, parseMarks } from '../linking'
import type { Session } from '../session/session'
import { Refused } from './refused'
import { nowSeconds } from './seconds'
import { linkedSnapshots, readSnapshots } from './snapshots'

/** The oldest sign-in with which an account is connected, in seconds, however long the steps took (NIST SP 800-63B). */
const OLDEST = 20 * 60
/** How far the clock of whoever writes metadata may be ahead of ours, in seconds. */
const SKEW = 60

/**
 * The Management API for the person who is signed in: by our authority, or by theirs if that is what links. Its calls count for
 * their session.
 *
 * @param purpose - What the calls are made for.
 */
export function managementApiFor(session: Session, purpose: CallPurpose): ManagementApi {
  const isTheirs = config().linkingAuthority === 'user'
  const authority = isTheirs ? userAuthority(session.accessToken) : serverAuthority()
  return new ManagementApi(authority, callCounter(session, purpose))
}

/**
 * Reads the account of a session, fresh.
 *
 * @throws {Refused} `blocked`, or `reauth_required` where the ways into the account changed since the session began, in
 *   another session: whoever came in by another way then may not be its owner.
 * @throws {ManagementApiError} `not_found` where the account is gone.
 */
export async function readOwnAccount(api: ManagementApi, session: Session): Promise<Account> {
  const account = await api.getUser(session.userId)
  if (account.blocked) throw new Refused('blocked')
  const changedAt = await lastChange(account)
  if (session.since < changedAt && !(await isOwnChange(account, changedAt, session)))
    throw new Refused('reauth_required')
  return account
}

/** Whether an identity, named by a hash of its id, is part of the person's account. Throws as {@link readOwnAccount}. */
export async function isConnected(session: Session, handle: string): Promise<boolean> {
  const account = await readOwnAccount(managementApiFor(session, 'change'), session)
  const handles = await Promise.all(account.identities.map(({ user_id }) => hash12(user_id)))
  return handles.includes(handle)
}

/**
 * When the ways into an account last changed, in seconds since the epoch; 0 where that is not known. Any program with the right
 * scope can write metadata: a time that is yet to come would keep the owner out.
 */
async function lastChange(account: Account): Promise<number> {
  const linked = (await linkedSnapshots(account)).map(({ snapshot }) => snapshot.at)
  const ended = (await readSnapshots(account)).flatMap(({ snapshot }) => snapshot.returning?.at ?? [])
  const noted = parseJournal(account).map(({ at }) => at)
  const latest = nowSeconds() + SKEW
  return Math.max(0, ...[...linked, ...ended, ...noted].filter((at) => at <= latest))
}

/** Whether it was this session that made the change. */
async function isOwnChange(account: Account, at: number, session: Session): Promise<boolean> {
  const { changed } = parseMarks(account)
  return changed?.at === at && changed.by === (await sessionMark(session))
}

/** What the account remembers of the session that a change was made in: nobody else can have the same. */
export const sessionMark = async ({ sid }: Session): Promise<string | undefined> =>
  sid === undefined ? undefined : hash12(sid)

/** Whether the person showed who they are a short time ago. */
export function isFresh({ authTime }: Session, within = config().stepUpAge): boolean {
  return authTime !== undefined && Date.now() / 1000 - authTime <= within
}

/** @throws {Refused} `reauth_required` where the sign-in has become too old while an account was being proven. */
export function assertFreshEnough(session: Session): void {
  if (!isFresh(session, OLDEST)) throw new Refused('reauth_required')
}
