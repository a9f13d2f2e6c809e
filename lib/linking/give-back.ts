/**
 * What an account gets back of its metadata when it stands alone again, and what the account it was part of gives up.
 * @module
 */
import { hash12 } from './hash'
import type { LinkingUser } from './identity'
import { type BothKinds, hashOwn, isWritable, pick, type Snapshot } from './metadata'
import type { LinkPolicy } from './policy'

/** What is given back, and what is not. */
export interface GiveBack {
  /** Goes to the account that stands alone again. */
  give: BothKinds
  /** Leaves the account it was part of: keys that only came from there and were not changed since. */
  take: BothKinds<string[]>
  /** Keys that came from there and were changed since; they stay where they are. */
  changed: string[]
  /** What only the operator gives back: `app_metadata` that may hold roles or plans, names Auth0 does not take. */
  heldBack: BothKinds
}

/**
 * Works out what is given back. `user_metadata` is, in full; of `app_metadata` only what the operator lets be carried
 * over, and the rest of it within the time for an undo, as long as the account it was part of has its own unchanged.
 *
 * @param primary - The account it was part of, read now.
 * @param snapshot - What the link kept; undefined where it was made by other means.
 * @param policy - The operator's carry-over rules.
 * @param isUndo - Whether the link is undone within its time.
 */
export async function planGiveBack(
  primary: LinkingUser,
  snapshot: Snapshot | undefined,
  { appMetadataKeys }: Pick<LinkPolicy, 'appMetadataKeys'>,
  isUndo: boolean,
): Promise<GiveBack> {
  const plan: GiveBack = {
    give: { user_metadata: {}, app_metadata: {} },
    take: { user_metadata: [], app_metadata: [] },
    changed: [],
    heldBack: { user_metadata: {}, app_metadata: {} },
  }
  const { kept, carried } = snapshot ?? {}
  for (const kind of ['user_metadata', 'app_metadata'] as const)
    for (const [key, hash] of Object.entries(carried?.[kind] ?? {})) {
      const value = primary[kind][key]
      const isSame = Object.hasOwn(primary[kind], key) && (await hash12(JSON.stringify(value))) === hash
      if (!isSame) plan.changed.push(key)
      else {
        plan.take[kind].push(key)
        plan.give[kind][key] = value
      }
    }
  const own = { ...primary.app_metadata }
  for (const key of plan.take.app_metadata) delete own[key]
  const isWhole = isUndo && snapshot?.own === (await hashOwn(own))
  for (const kind of ['user_metadata', 'app_metadata'] as const) {
    const isGiven = (key: string) =>
      isWritable(key) && (kind === 'user_metadata' || isWhole || appMetadataKeys.includes(key))
    const all = kept?.[kind] ?? {}
    plan.give[kind] = { ...plan.give[kind], ...pick(all, isGiven) }
    plan.heldBack[kind] = pick(all, (key) => !isGiven(key))
  }
  return plan
}
