/**
 * Why a link cannot be undone. The person can disconnect the identity all the same: the unlinked account then gets back what
 * the snapshot still has of it, if anything.
 * @module
 */
import 'server-only'
import { isReserved, snapshotKeyOf } from '../../../core'
import type { Account } from '../../auth0/account'
import { canWriteMetadata } from '../../auth0/authority'
import type { Services } from '../../link-flow/services'
import { FOREIGN_WAY } from '../link-proof'
import { isUndoPeriodOver } from '../repair/return-account'
import type { StoredSnapshot } from '../snapshots'

/**
 * Why a link cannot be undone.
 *
 * - `cannot_write`: with `LINKING_AUTHORITY=user`, links have no snapshot.
 * - `no_snapshot`: the accounts were linked in the browser alone, by other means, or before this service was installed; or
 *   something deleted the snapshot.
 * - `snapshot_unreadable`: there is a value under the snapshot's key, but it is no snapshot of this identity: something
 *   changed it, or a newer version wrote it.
 * - `made_by_others`: others made the link, so nothing was kept.
 * - `over`: the undo period is over.
 * - `kept_data_deleted`: the snapshot no longer has the account's metadata, because the undo period was set shorter for a
 *   while.
 */
export type UndoObstacle =
  | 'cannot_write'
  | 'no_snapshot'
  | 'snapshot_unreadable'
  | 'made_by_others'
  | 'over'
  | 'kept_data_deleted'

/**
 * Finds out why a link cannot be undone.
 *
 * @param account - The account, freshly read from the tenant.
 * @param identityId - User id of the linked identity, `provider|id`. It must not be the account's primary identity.
 * @param stored - The identity's snapshot, if the account has one.
 * @returns Undefined if the link can be undone.
 */
export async function undoObstacle(
  services: Pick<Services, 'linkingAuthority' | 'undoPeriod'>,
  account: Account,
  identityId: string,
  stored: StoredSnapshot | undefined,
): Promise<UndoObstacle | undefined> {
  if (!canWriteMetadata(services)) return 'cannot_write'
  if (!stored) return (await hasSnapshotKey(account, identityId)) ? 'snapshot_unreadable' : 'no_snapshot'
  const { proof, at, kept } = stored.snapshot
  if (proof.way === FOREIGN_WAY) return 'made_by_others'
  if (isUndoPeriodOver(services, at)) return 'over'
  return kept ? undefined : 'kept_data_deleted'
}

/**
 * Whether there is a value under the key of an identity's snapshot. If the operator uses that name, our key has underscores
 * at its end.
 */
async function hasSnapshotKey({ app_metadata }: Account, identityId: string): Promise<boolean> {
  const key = await snapshotKeyOf(identityId)
  return Object.keys(app_metadata).some((name) => isReserved(name) && name.replace(/_+$/, '') === key)
}
