/**
 * Looking after a link that was under way, without waiting for anyone to view the page.
 * @module
 */
import 'server-only'
import { holds, isNone } from '../../core'
import type { Account } from '../auth0/account'
import { ManagementApiError } from '../auth0/management-api-error'
import type { LinkUnderWay } from '../jobs/account-work'
import type { AccountServices } from './account-services'
import { repairSnapshot } from './repair-account'
import { nowSeconds } from './seconds'
import { type StoredSnapshot, snapshotOf } from './snapshots'

/** How long after an answer was signed a login may still begin to link, in seconds: longer than the answer is accepted. */
const MAY_BEGIN_SECONDS = 180

/**
 * Looks at two accounts whose link was under way. If they are linked, the application that moves its own data is told so. If they are
 * not although they would be by now, what was given for it is taken back, and the application is told.
 *
 * @returns Whether nothing is left. Never throws.
 */
export async function settleLink(
  services: AccountServices,
  { primaryId, secondaryId, at }: LinkUnderWay,
): Promise<boolean> {
  try {
    const account = await services.managementApi().getUser(primaryId)
    const stored = await snapshotOf(account, secondaryId)
    if (!stored) return nowSeconds() > at + MAY_BEGIN_SECONDS
    if (!isLeft(services, account, stored)) return true
    await repairSnapshot(services, primaryId, secondaryId)
    // The next look shows whether that succeeded.
    return false
  } catch (error) {
    return error instanceof ManagementApiError && error.code === 'not_found'
  }
}

/** Whether something is left to do, now or later. An undo that was interrupted is not: a view of the page finishes it. */
function isLeft(
  { adopt }: Pick<AccountServices, 'adopt'>,
  account: Account,
  { snapshot: { user_id, adoption, rights, returning } }: StoredSnapshot,
): boolean {
  if (returning) return false
  const isOpen = adopt !== undefined && adoption !== undefined && !adoption.ended
  return isOpen || (!holds(account, user_id) && !isNone(rights?.given ?? {}))
}
