/**
 * Removes from an account what an interrupted attempt to link another one to it has written.
 * @module
 */
import type { LinkingUser } from '../identity'
import { pickBy } from '../json-values'
import { ownMetadataKey } from '../records/own-keys'
import { mapMetadataKinds, parseSnapshot, snapshotKeyOf, stillCarried } from '../records/snapshot'

/**
 * The primary account without the snapshot (what a link keeps of the secondary account) and without the carried-over fields that
 * an interrupted attempt has left in it.
 *
 * @param primary - The account that was to stay, as read now.
 * @param secondaryId - User id of the secondary account.
 */
export async function withoutAttempt<User extends LinkingUser>(
  primary: User,
  secondaryId: string,
): Promise<User> {
  const key = ownMetadataKey(primary, await snapshotKeyOf(secondaryId))
  const snapshot = parseSnapshot(primary.app_metadata[key])
  if (!snapshot) return primary
  const carried = stillCarried(primary, snapshot)
  const own = mapMetadataKinds((kind) =>
    pickBy(primary[kind], (name) => name !== key && !carried[kind].includes(name)),
  )
  return { ...primary, ...own }
}
