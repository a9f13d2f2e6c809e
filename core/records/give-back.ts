/**
 * What an account gets back of its metadata when it stands alone again, and what the account it was part of gives up.
 * @module
 */
import type { LinkingUser } from '../identity'
import { hasField, isWritable, pick } from '../json-values'
import type { LinkPolicy } from '../rules/policy-options'
import { hashOwn } from './metadata'
import { type BothKinds, ofBoth, type Snapshot, stillCarried } from './snapshot'

/** What is given back, and what is not. */
export interface GiveBack {
  /** Goes to the account that stands alone again. */
  give: BothKinds
  /** Leaves the account it was part of: keys that only came from there and were not changed since. */
  take: BothKinds<string[]>
  /** Keys that came from there and were changed or removed since; the account it was part of keeps what it has of them. */
  changed: string[]
  /** What only the operator gives back: `app_metadata` that may hold roles or plans, names Auth0 does not take. */
  heldBack: BothKinds
}

/**
 * Works out what is given back. `user_metadata` is, in full; of `app_metadata` only what the operator lets be carried
 * over, and the rest of it within the time for an undo, as long as the account it was part of has its own unchanged. What was
 * filled in and changed since is never given back of `app_metadata`: it may be a plan that was taken away.
 *
 * @param primary - The account it was part of, read now.
 * @param snapshot - What the link kept; undefined if it was made by other means.
 * @param policy - The operator's carry-over rules.
 * @param isUndo - Whether the link is undone within its time.
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
  const own = pick(primary.app_metadata, (key) => !take.app_metadata.includes(key))
  const isWhole = isUndo && snapshot?.own === (await hashOwn(own, snapshot?.v ?? 1))
  const isAllowed = (key: string) =>
    isCarried('app_metadata', key)
      ? take.app_metadata.includes(key)
      : isWhole || appMetadataKeys.includes(key)
  const isGiven = (kind: keyof BothKinds, key: string) =>
    isWritable(key, kept[kind][key]) && (kind === 'user_metadata' || isAllowed(key))
  return {
    give: ofBoth((kind) => pick(kept[kind], (key) => isGiven(kind, key))),
    take,
    changed: Object.values(
      ofBoth((kind) => carried[kind].filter((key) => hasField(kept[kind], key) && !take[kind].includes(key))),
    ).flat(),
    heldBack: ofBoth((kind) => pick(kept[kind], (key) => !isGiven(kind, key))),
  }
}
