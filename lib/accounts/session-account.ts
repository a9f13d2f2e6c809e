/**
 * The account of whoever is signed in. Whose it is comes from the session, never from a form.
 * @module
 */
import 'server-only'
import type { Account } from '../auth0/account'
import { serverAuthority, userAuthority } from '../auth0/authority'
import { ManagementApi } from '../auth0/management-api'
import { config } from '../config'
import { hash12, parseJournal } from '../linking'
import type { Session } from '../session/session'
import { Refused } from './refused'
import { linkedSnapshots } from './snapshots'

/** The oldest sign-in with which an account is connected, in seconds, however long the steps took (NIST SP 800-63B). */
const OLDEST = 20 * 60

/** The Management API for whoever is signed in: by our authority, or by theirs where that is what links. */
export function managementApiFor({ accessToken }: Session): ManagementApi {
  return new ManagementApi(
    config().linkingAuthority === 'user' ? userAuthority(accessToken) : serverAuthority(),
  )
}

/**
 * Reads the account of a session, fresh.
 *
 * @throws {Refused} `blocked`, or `reauth_required` where the session is older than the newest link or unlink: whoever
 *   came in by another way then may not be its owner.
 * @throws {ManagementApiError} `not_found` where the account is gone.
 */
export async function readOwnAccount(api: ManagementApi, { userId, since }: Session): Promise<Account> {
  const account = await api.getUser(userId)
  if (account.blocked) throw new Refused('blocked')
  if (since < (await lastChange(account))) throw new Refused('reauth_required')
  return account
}

/** Whether an identity, named by a hash of its id, is part of the person's account. Throws as {@link readOwnAccount}. */
export async function isConnected(session: Session, handle: string): Promise<boolean> {
  const account = await readOwnAccount(managementApiFor(session), session)
  const handles = await Promise.all(account.identities.map(({ user_id }) => hash12(user_id)))
  return handles.includes(handle)
}

/** When the ways into an account last changed, in seconds since the epoch; 0 where that is not known. */
async function lastChange(account: Account): Promise<number> {
  const linked = (await linkedSnapshots(account)).map(({ snapshot }) => snapshot.at)
  return Math.max(0, ...linked, ...parseJournal(account).map(({ at }) => at))
}

/** Whether the person showed who they are a short time ago. */
export function isFresh({ authTime }: Session, within = config().stepUpAge): boolean {
  return authTime !== undefined && Date.now() / 1000 - authTime <= within
}

/** @throws {Refused} `reauth_required` where the sign-in has become too old while an account was being proven. */
export function assertFreshEnough(session: Session): void {
  if (!isFresh(session, OLDEST)) throw new Refused('reauth_required')
}
