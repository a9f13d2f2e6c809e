/**
 * Accounts that Auth0 created because the person signed in to prove ownership of an account that did not exist yet.
 * @module
 */
import 'server-only'
import { bytesOf } from '../../../core'
import type { Account } from '../../auth0/account'
import type { ManagementApi } from '../../auth0/management-api'
import type { Services } from '../../link-flow/services'
import { SettingsRefusedError } from '../account-refusal'
import { emitAccountEvent } from '../emit-account-event'
import { wasUnlinkedSince } from '../proof-life'
import type { SignInServices } from '../services'
import { withAccountLock } from '../with-account-lock'
import type { ConnectFlow } from './connect-flow'

/** How far the tenant's clock may be behind ours, in seconds. */
const CREATION_SKEW_SECONDS = 5

/**
 * Whether an account was created by one sign-in and has not been used since: it has one identity, one login and no metadata.
 * False if it was part of an unlink of which the store knows, because an unlink creates such an account, too.
 *
 * @param startedAt - When that sign-in started, in seconds since the epoch.
 */
export async function wasCreatedBySignIn(
  services: Pick<Services, 'store'>,
  account: Account,
  startedAt: number,
): Promise<boolean> {
  const createdAt = Date.parse(account.created_at ?? '') / 1000
  return (
    createdAt >= startedAt - CREATION_SKEW_SECONDS &&
    isUntouched(account) &&
    !(await wasUnlinkedSince(services, [account.user_id], 0))
  )
}

function isUntouched({ identities, logins_count, user_metadata, app_metadata }: Account): boolean {
  const isEmpty = bytesOf(user_metadata) + bytesOf(app_metadata) === bytesOf({}) * 2
  return identities.length === 1 && (logins_count ?? 1) <= 1 && isEmpty
}

/** Whether the sign-in of the flow created an account, and the operator granted `delete:users` to remove it. */
export async function canRemoveOrphanAccount(
  services: Pick<Services, 'authorities'>,
  { born }: ConnectFlow,
): Promise<boolean> {
  return born !== undefined && (await services.authorities.isGranted('delete:users'))
}

/**
 * Removes the account that the sign-in of a flow created, if it has not been used since.
 *
 * @throws {SettingsRefusedError} `changed` if it has been used since, or if {@link canRemoveOrphanAccount} is false; `busy`
 * @throws {ManagementApiError}
 * @throws {LinkingError} `store_unavailable`
 */
export async function removeOrphanAccount(
  services: Pick<SignInServices, 'authorities' | 'events' | 'linkProof' | 'store'>,
  api: ManagementApi,
  flow: ConnectFlow,
): Promise<void> {
  const { born, openedAt } = flow
  if (!born || !(await canRemoveOrphanAccount(services, flow))) throw new SettingsRefusedError('changed')
  const { email, email_verified } = await withAccountLock(services, [born], async () => {
    const account = await api.getUser(born)
    if (!(await wasCreatedBySignIn(services, account, openedAt))) throw new SettingsRefusedError('changed')
    await api.deleteUser(born)
    return account
  })
  emitAccountEvent(services, {
    type: 'account.removed',
    userId: born,
    email,
    isEmailVerified: email_verified === true,
  })
}
