/**
 * Which metadata an account gets back when it is unlinked, and which the primary account loses.
 * @module
 */
import type { LinkingUser } from '../identity'
import { hasField, isWritable, pickBy } from '../json-values'
import type { LinkPolicy } from '../rules/policy-options'
import { hashOperatorMetadata } from './metadata'
import { type BothKinds, mapMetadataKinds, type Snapshot, stillCarried } from './snapshot'

/** What is restored at an unlink, and what is not. */
export interface GiveBack {
  /** Written to the unlinked account. */
  give: BothKinds
  /** Keys removed from the primary account: the link carried them over, and they have not changed since. */
  take: BothKinds<string[]>
  /** Keys that the link carried over and that were changed or removed since. The primary account keeps its values. */
  changed: string[]
  /** Withheld; only the operator can restore it: `app_metadata` that may hold roles or plans, and names that Auth0 refuses. */
  heldBack: BothKinds
}

/**
 * Works out what an unlink restores. It restores `user_metadata` in full. It restores the `app_metadata` keys that the
 * operator lets links carry over; an undo in time restores the others, too, if the primary account's own `app_metadata` has
 * not changed since the link. It never restores an `app_metadata` key that was carried over and then changed: that may be a
 * plan that the operator took away.
 *
 * @param primary - The primary account, read now.
 * @param snapshot - The link's snapshot; undefined if the link was not ours.
 * @param policy - The operator's carry-over rules.
 * @param isUndo - Whether this is an undo within the allowed time.
 */
export async function planGiveBack(
  primary: LinkingUser,
  snapshot: Snapshot | undefined,
  { appMetadataKeys }: Pick<LinkPolicy, 'appMetadataKeys'>,
  isUndo: boolean,
): Promise<GiveBack> {
  const none = { user_metadata: [], app_metadata: [] }
  const { kept = { user_metadata: {}, app_metadata: {} }, carried = none } = snapshot ?? {}
  const isCarried = (kind: keyof BothKinds, key: string) => carried[kind].includes(key)
  const take = stillCarried(primary, { kept, carried })
  const own = pickBy(primary.app_metadata, (key) => !take.app_metadata.includes(key))
  const isWhole = isUndo && snapshot?.own === (await hashOperatorMetadata(own, snapshot?.v ?? 1))
  const isAllowed = (key: string) =>
    isCarried('app_metadata', key)
      ? take.app_metadata.includes(key)
      : isWhole || appMetadataKeys.includes(key)
  const isGiven = (kind: keyof BothKinds, key: string) =>
    isWritable(key, kept[kind][key]) && (kind === 'user_metadata' || isAllowed(key))
  return {
    give: mapMetadataKinds((kind) => pickBy(kept[kind], (key) => isGiven(kind, key))),
    take,
    changed: Object.values(
      mapMetadataKinds((kind) =>
        carried[kind].filter((key) => hasField(kept[kind], key) && !take[kind].includes(key)),
      ),
    ).flat(),
    heldBack: mapMetadataKinds((kind) => pickBy(kept[kind], (key) => !isGiven(kind, key))),
  }
}
