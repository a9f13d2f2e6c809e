/**
 * The email addresses of the two accounts of a mail. They are read when the mail is sent.
 * @module
 */
import 'server-only'
import { normalizeEmail, ownValue, parseSnapshot, snapshotKeyOf, userPath } from '../../core'
import { type Account, parseAccount } from '../auth0/account'
import type { Authorities } from '../auth0/authority'
import { toManagementApiError } from '../auth0/management-api-error'
import { callByPath } from '../auth0/path-call'
import { fetchTrackingQuota } from '../auth0/tenant-quota'
import type { MailJob } from './mail-job'

/** Longest wait for one user, in seconds. A first attempt has ten seconds for everything. */
const READ_TIMEOUT_SECONDS = 2

/** Data of the two accounts that a mail needs. */
export interface Recipients {
  /** Recipient. Undefined if the account has no verified address, or if the primary account's mail goes to the same one. */
  to: string | undefined
  /** Email address of the other account or identity, verified or not. The mail shows it masked. */
  otherEmail: string | undefined
  /** The recipient's `user_metadata.locale`, as a BCP 47 tag. */
  locale: string | undefined
  /** When the two accounts were linked, in seconds since the epoch. Undefined if they are not linked now, or have no snapshot. */
  linkedAt: number | undefined
}

/**
 * Reads the accounts of a mail. If an account no longer exists, it has no email address.
 *
 * @throws {ManagementApiError} If the tenant does not respond, or refuses.
 */
export async function readRecipients(
  authorities: Authorities,
  { userId, other, to }: Pick<MailJob, 'userId' | 'other' | 'to'>,
): Promise<Recipients> {
  const account = await readAccount(authorities, userId)
  const identity = account?.identities.find(({ user_id }) => user_id === other?.userId)
  const alone = other && !identity ? await readAccount(authorities, other.userId) : undefined
  const own = verified(account)
  const others = identity
    ? verified(identity === account?.identities[0] ? account : identity.profile)
    : verified(alone)
  const isOne = own !== undefined && others !== undefined && normalizeEmail(own) === normalizeEmail(others)
  const locale = (to === 'other' ? (alone ?? account) : account)?.user_metadata.locale
  return {
    to: to === 'account' ? own : isOne ? undefined : others,
    otherEmail: identity?.profile.email ?? alone?.email,
    locale: typeof locale === 'string' ? locale.replaceAll('_', '-') : undefined,
    linkedAt: account && identity ? await linkedAt(account, identity.user_id) : undefined,
  }
}

/** The email address of an account or identity, if its provider or the tenant says that it was verified. */
const verified = (named: { email?: string | undefined; email_verified?: unknown } | undefined) =>
  named?.email_verified === true ? named.email : undefined

async function linkedAt(account: Account, identityId: string): Promise<number | undefined> {
  const snapshot = parseSnapshot(ownValue(account, await snapshotKeyOf(identityId)))
  return snapshot?.user_id === identityId && !snapshot.returning ? snapshot.at : undefined
}

/** Reads an account; undefined if there is none. It avoids the SDK, which is not bundled with functions that respond to a login. */
async function readAccount(authorities: Authorities, userId: string): Promise<Account | undefined> {
  const { origin, token, drop } = authorities.server()
  const held = await token()
  try {
    const raw = await callByPath({
      ...{ baseUrl: `${origin}/api/v2`, method: 'GET', path: userPath(userId) },
      ...{ token: held, timeoutInSeconds: READ_TIMEOUT_SECONDS, fetch: fetchTrackingQuota },
    })
    const account = parseAccount(raw)
    return account && account.identities.length > 0 ? account : undefined
  } catch (error) {
    const failure = toManagementApiError(error)
    if (failure.code === 'not_found') return undefined
    // The tenant refused the token: drop it, so that the next attempt gets a new one.
    if (failure.status === 401) await drop(held)
    throw failure
  }
}
