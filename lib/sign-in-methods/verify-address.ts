/**
 * Confirming the address of one's own account: nothing is connected to an account whose address is not confirmed.
 * @module
 */
import 'server-only'
import { isUnconfirmed } from '../../core'
import type { Account } from '../auth0/account'
import { isGranted } from '../auth0/authority'
import { config } from '../config/config'
import type { Session } from '../session/session'
import { Refused } from './account-refusal'
import { managementApiFor, readOwnAccount } from './session-account'

/** Whether the person's own address has to be confirmed before anything is connected. */
export const mustVerify = (account: Account): boolean => isUnconfirmed(account, config().policy)

/** Whether the mail that confirms it can be sent: there is an address, and the operator granted `update:users`. */
export async function canSendVerification({ email }: Account): Promise<boolean> {
  return email !== undefined && (await isGranted('update:users'))
}

/** @throws {Refused} `own_unverified` if the person's own address has to be confirmed first. */
export function assertVerified(account: Account): void {
  if (mustVerify(account)) throw new Refused('own_unverified')
}

/**
 * Has the tenant send the mail that confirms the person's own address.
 *
 * @returns False if there is nothing to confirm any more.
 * @throws {Refused} `missing_scope` if the operator did not grant it; else as {@link readOwnAccount}.
 * @throws {ManagementApiError}
 * @see {@link https://auth0.com/docs/api/management/v2/jobs/post-verification-email Send an email address verification email}
 */
export async function sendVerification(session: Session): Promise<boolean> {
  const api = managementApiFor(session, 'change')
  const account = await readOwnAccount(api, session)
  if (!mustVerify(account)) return false
  if (!(await canSendVerification(account))) throw new Refused('missing_scope')
  await api.sendVerificationEmail(account)
  return true
}
