/**
 * Lets the person set up a second factor again, after a link that lost the factors of the secondary account.
 * @module
 */
import 'server-only'
import { factorsToEnroll, isObject, isString } from '../../../core'
import type { Account } from '../../auth0/account'
import { ManagementApiError } from '../../auth0/management-api-error'
import type { Services } from '../../link-flow/services'
import type { Session } from '../../session/session'
import { SettingsRefusedError } from '../account-refusal'
import type { SignInServices } from '../services'
import { hasRecentSignIn, managementApiFor, readOwnAccount } from '../session-account'

/** Whether the person should set up a second factor. */
export const mustEnroll = (account: Account): boolean => factorsToEnroll(account) !== undefined

/** Whether the page can offer to set up a factor: the operator granted `create:guardian_enrollment_tickets`. */
export const canEnroll = ({ authorities }: Pick<Services, 'authorities'>): Promise<boolean> =>
  authorities.isGranted('create:guardian_enrollment_tickets')

/**
 * Has the tenant make a ticket with which the person sets up a second factor. This needs a recent sign-in, because a
 * stranger who finds an open session could otherwise set up a factor of their own.
 *
 * @returns The URL of the tenant's page; undefined if the person no longer has to set up a factor.
 * @throws {SettingsRefusedError} `reauth_required`; otherwise as {@link readOwnAccount}.
 * @throws {ManagementApiError}
 * @see {@link https://auth0.com/docs/api/management/v2/guardian/post-ticket Create a multi-factor authentication enrollment ticket}
 */
export async function enrollmentAddress(
  services: SignInServices,
  session: Session,
): Promise<string | undefined> {
  if (!hasRecentSignIn(services, session)) throw new SettingsRefusedError('reauth_required')
  const api = managementApiFor(services, session, 'change')
  const account = await readOwnAccount(api, session)
  if (!mustEnroll(account)) return undefined
  const body = { user_id: account.user_id, send_mail: false }
  const ticket = await api.call('POST', '/guardian/enrollments/ticket', body)
  const address = isObject(ticket) && isString(ticket.ticket_url) ? ticket.ticket_url : ''
  if (!/^https?:\/\//.test(address)) throw new ManagementApiError('management_failed')
  return address
}
