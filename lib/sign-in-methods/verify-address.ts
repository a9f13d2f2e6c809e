/**
 * Confirming the address of one's own account: nothing is connected to an account whose address is not confirmed.
 * @module
 */
import 'server-only'
import { isUnconfirmed } from '../../core'
import type { Account } from '../auth0/account'
import type { Services } from '../link-flow/services'
import type { Session } from '../session/session'
import { Refused } from './account-refusal'
import type { SignInServices } from './services'
import { managementApiFor, readOwnAccount } from './session-account'

/** Whether the person's own address has to be confirmed before anything is connected. */
export const mustVerify = (services: Pick<Services, 'policy'>, account: Account): boolean =>
  isUnconfirmed(account, services.policy)

/** Whether the mail that confirms it can be sent: there is an address, and the operator granted `update:users`. */
export async function canSendVerification(
  services: Pick<Services, 'authorities'>,
  { email }: Account,
): Promise<boolean> {
  return email !== undefined && (await services.authorities.isGranted('update:users'))
}

/** @throws {Refused} `own_unverified` if the person's own address has to be confirmed first. */
export function assertVerified(services: Pick<Services, 'policy'>, account: Account): void {
  if (mustVerify(services, account)) throw new Refused('own_unverified')
}

/**
 * Has the tenant send the mail that confirms the person's own address.
 *
 * @returns False if there is nothing to confirm any more.
 * @throws {Refused} `missing_scope` if the operator did not grant it; else as {@link readOwnAccount}.
 * @throws {ManagementApiError}
 * @see {@link https://auth0.com/docs/api/management/v2/jobs/post-verification-email Send an email address verification email}
 */
export async function sendVerification(services: SignInServices, session: Session): Promise<boolean> {
  const api = managementApiFor(services, session, 'change')
  const account = await readOwnAccount(api, session)
  if (!mustVerify(services, account)) return false
  if (!(await canSendVerification(services, account))) throw new Refused('missing_scope')
  await api.sendVerificationEmail(account)
  return true
}
