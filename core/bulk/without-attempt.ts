/**
 * An account as it was before an attempt to link another one with it.
 * @module
 */
import type { LinkingUser } from '../identity'
import { pick } from '../json-values'
import { keyFor } from '../records/own-keys'
import { ofBoth, parseSnapshot, snapshotKeyOf, stillCarried } from '../records/snapshot'

/**
 * The account that was to stay, without the snapshot and the carried fields that an interrupted attempt has left in it.
 *
 * @param primary - As read now.
 * @param secondaryId - User id of the account that was to end.
 */
export async function withoutAttempt<User extends LinkingUser>(
  primary: User,
  secondaryId: string,
): Promise<User> {
  const key = keyFor(primary, await snapshotKeyOf(secondaryId))
  const snapshot = parseSnapshot(primary.app_metadata[key])
  if (!snapshot) return primary
  const carried = stillCarried(primary, snapshot)
  const own = ofBoth((kind) => pick(primary[kind], (name) => name !== key && !carried[kind].includes(name)))
  return { ...primary, ...own }
}
