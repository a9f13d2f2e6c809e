/**
 * Verifies the email address of the person's own account. Nothing can be connected to an account whose email address is not
 * verified.
 * @module
 */
import 'server-only'
import { isUnconfirmed } from '../../../core'
import type { Account } from '../../auth0/account'
import type { Services } from '../../link-flow/services'
import type { Session } from '../../session/session'
import { SettingsRefusedError } from '../account-refusal'
import type { SignInServices } from '../services'
import { managementApiFor, readOwnAccount } from '../session-account'

/** Whether the person must verify their own email address before they can connect an account. */
export const mustVerify = (services: Pick<Services, 'policy'>, account: Account): boolean =>
  isUnconfirmed(account, services.policy)

/** Whether the verification mail can be sent: the account has an email address, and the operator granted `update:users`. */
export async function canSendVerification(
  services: Pick<Services, 'authorities'>,
  { email }: Account,
): Promise<boolean> {
  return email !== undefined && (await services.authorities.isGranted('update:users'))
}

/** @throws {SettingsRefusedError} `own_unverified` if the person must verify their own email address first. */
export function assertVerified(services: Pick<Services, 'policy'>, account: Account): void {
  if (mustVerify(services, account)) throw new SettingsRefusedError('own_unverified')
}

/**
 * Has the tenant send the verification mail to the person's own email address.
 *
 * @returns False if the email address does not have to be verified any more.
 * @throws {SettingsRefusedError} `missing_scope` if {@link canSendVerification} is false; otherwise as
 *   {@link readOwnAccount}.
 * @throws {ManagementApiError}
 * @see {@link https://auth0.com/docs/api/management/v2/jobs/post-verification-email Send an email address verification email}
 */
export async function sendVerification(services: SignInServices, session: Session): Promise<boolean> {
  const api = managementApiFor(services, session, 'change')
  const account = await readOwnAccount(api, session)
  if (!mustVerify(services, account)) return false
  if (!(await canSendVerification(services, account))) throw new SettingsRefusedError('missing_scope')
  await api.sendVerificationEmail(account)
  return true
}
