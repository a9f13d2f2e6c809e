/**
 * The background job that checks a link that was started, without waiting until someone views the page.
 * @module
 */
import 'server-only'
import { hasIdentity, hasNoRights } from '../../../core'
import type { Account } from '../../auth0/account'
import { ManagementApiError } from '../../auth0/management-api-error'
import type { LinkUnderWay } from '../../jobs/account-work'
import type { AccountServices } from '../account-services'
import { nowSeconds } from '../seconds'
import { type StoredSnapshot, snapshotOf } from '../snapshots'
import { repairSnapshot } from './repair-account'

/** How long after the job was planned a login may start to link, in seconds: longer than a response token is valid. */
const MAY_BEGIN_SECONDS = 180

/**
 * Checks two accounts whose link was started. If they are linked, tells the operator's application (adoption). If they are
 * not linked and it is too late for the link, takes back the rights that were given for it, and tells the application that
 * it was not made.
 *
 * @returns Whether nothing is left to do. Never throws.
 */
export async function settleLink(
  services: AccountServices,
  { primaryId, secondaryId, at }: LinkUnderWay,
): Promise<boolean> {
  try {
    const account = await services.managementApi().getUser(primaryId)
    const stored = await snapshotOf(account, secondaryId)
    if (!stored) return nowSeconds() > at + MAY_BEGIN_SECONDS
    if (!hasWorkLeft(services, account, stored)) return true
    await repairSnapshot(services, primaryId, secondaryId)
    // The next run of the job sees whether the repair succeeded.
    return false
  } catch (error) {
    return error instanceof ManagementApiError && error.code === 'not_found'
  }
}

/** Whether this job has something left to do, now or later. It leaves an interrupted undo to the next view of the page. */
function hasWorkLeft(
  { adopt }: Pick<AccountServices, 'adopt'>,
  account: Account,
  { snapshot: { user_id, adoption, rights, returning } }: StoredSnapshot,
): boolean {
  if (returning) return false
  const isAdoptionOpen = adopt !== undefined && adoption !== undefined && !adoption.ended
  return isAdoptionOpen || (!hasIdentity(account, user_id) && !hasNoRights(rights?.given ?? {}))
}
