/**
 * The account of whoever is signed in. Whose it is comes from the session, never from a form.
 * @module
 */
import 'server-only'
import type { Account } from '../auth0/account'
import { serverAuthority, userAuthority } from '../auth0/authority'
import { ManagementApi } from '../auth0/management-api'
import { config } from '../config'
import { hash12, parseJournal, parseMarks } from '../linking'
import type { Session } from '../session/session'
import { Refused } from './refused'
import { nowSeconds } from './seconds'
import { linkedSnapshots, readSnapshots } from './snapshots'

/** The oldest sign-in with which an account is connected, in seconds, however long the steps took (NIST SP 800-63B). */
const OLDEST = 20 * 60
/** How far the clock of whoever writes metadata may be ahead of ours, in seconds. */
const SKEW = 60
/** How far the tenant's clock may be ahead of ours, in seconds. */
const AHEAD = 30

/** The Management API for whoever is signed in: by our authority, or by theirs where that is what links. */
export function managementApiFor({ accessToken }: Session): ManagementApi {
  return new ManagementApi(
    config().linkingAuthority === 'user' ? userAuthority(accessToken) : serverAuthority(),
  )
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
  const account = await readOwnAccount(managementApiFor(session), session)
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

/**
 * Whether the person showed who they are a short time ago. A sign-in that is dated ahead of our clock does not count: it would
 * stay fresh for as long as it is ahead.
 */
export function isFresh({ authTime }: Session, within = config().stepUpAge): boolean {
  if (authTime === undefined) return false
  const age = Date.now() / 1000 - authTime
  return age <= within && age >= -AHEAD
}

/** How often a person signs in once more for the second factor before the page says that this leads nowhere. */
const MOST_STEP_UPS = 2

/** Whether an account has a second factor, and the session began without it: then a password alone is behind it. */
export function lacksFactor({ hasUsedMfa }: Session, { multifactor }: Pick<Account, 'multifactor'>): boolean {
  return Boolean(multifactor?.length) && !hasUsedMfa
}

/**
 * Whether the ways into an account may be changed without one more sign-in: the last one was a short time ago, and with the
 * second factor if the account has one.
 */
export function isProvenEnough(session: Session, account: Pick<Account, 'multifactor'>): boolean {
  return isFresh(session) && !lacksFactor(session, account)
}

/** @throws {Refused} `own_factor_required` if the account has a second factor and the session began without it. */
export function assertFactor(session: Session, account: Pick<Account, 'multifactor'>): void {
  if (lacksFactor(session, account)) throw new Refused('own_factor_required')
}

/**
 * Keeps a person from signing in again and again for a second factor that the tenant does not ask for.
 *
 * @throws {Refused} `step_up_without_factor`
 */
export function assertStepUpHelps(session: Session, account: Pick<Account, 'multifactor'>): void {
  if (lacksFactor(session, account) && session.stepUpsWithoutFactor >= MOST_STEP_UPS)
    throw new Refused('step_up_without_factor')
}

/** @throws {Refused} `reauth_required` where the sign-in has become too old while an account was being proven. */
export function assertFreshEnough(session: Session): void {
  if (!isFresh(session, OLDEST)) throw new Refused('reauth_required')
}
