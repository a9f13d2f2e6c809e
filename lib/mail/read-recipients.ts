/**
 * The addresses of the two accounts of a mail, as they are when it is sent.
 * @module
 */
import 'server-only'
import { normalizeEmail, ownValue, parseSnapshot, snapshotKeyOf } from '../../core'
import { type Account, parseAccount } from '../auth0/account'
import type { Authorities } from '../auth0/authority'
import { toManagementApiError } from '../auth0/management-api-error'
import { callByPath } from '../auth0/path-call'
import { fetchCounted } from '../auth0/tenant-quota'
import type { MailJob } from './mail-job'

/** Longest wait for a user, in seconds: a first try has ten for everything. */
const READ_TIMEOUT_SECONDS = 2

/** What a mail needs to know of the two accounts. */
export interface Recipients {
  /** Where it goes; undefined if that account has no verified address, or if the other account's mail goes there as well. */
  to: string | undefined
  /** Address of the other account or identity, verified or not: the mail shows some of it. */
  otherEmail: string | undefined
  /** Language that the account's metadata names. */
  locale: string | undefined
  /** When the two were linked, in seconds since the epoch, if they still are and we know of it. */
  linkedAt: number | undefined
}

/**
 * Reads the accounts of a mail. An account that no longer exists has no address.
 *
 * @throws {ManagementApiError} If the tenant does not answer, or refuses.
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

/** An address counts if its provider, or the tenant, says that it was verified. */
const verified = (named: { email?: string | undefined; email_verified?: unknown } | undefined) =>
  named?.email_verified === true ? named.email : undefined

async function linkedAt(account: Account, identityId: string): Promise<number | undefined> {
  const snapshot = parseSnapshot(ownValue(account, await snapshotKeyOf(identityId)))
  return snapshot?.user_id === identityId && !snapshot.returning ? snapshot.at : undefined
}

/** The account, or undefined if there is none. Without the SDK, which functions that answer a login do not carry. */
async function readAccount(authorities: Authorities, userId: string): Promise<Account | undefined> {
  const { origin, token, drop } = authorities.server()
  const held = await token()
  try {
    const raw = await callByPath({
      ...{ baseUrl: `${origin}/api/v2`, method: 'GET', path: `/users/${encodeURIComponent(userId)}` },
      ...{ token: held, timeoutInSeconds: READ_TIMEOUT_SECONDS, fetch: fetchCounted },
    })
    const account = parseAccount(raw)
    return account && account.identities.length > 0 ? account : undefined
  } catch (error) {
    const failure = toManagementApiError(error)
    if (failure.code === 'not_found') return undefined
    // The next try gets a new one.
    if (failure.status === 401) await drop(held)
    throw failure
  }
}
