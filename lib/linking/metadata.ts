/**
 * What becomes of the metadata of the account that ends: Auth0 discards it with the link, so it is merged or kept before.
 * @module
 */
import { endingBytes } from './ending'
import { hash12 } from './hash'
import { bytesOf, type LinkingUser, type Metadata } from './identity'
import { MARKS_KEY } from './marks'
import type { LinkPolicy } from './policy'

/** A snapshot may take this many bytes of JSON. */
export const MAX_SNAPSHOT_BYTES = 3_000
/** The profile of the account that stays may have this many bytes after the write; Auth0 caps profiles at 10 kB. */
export const MAX_PROFILE_BYTES = 9_000

/** What one link keeps of the account that ended, under {@link snapshotKeyOf} in `app_metadata` of the one that stays. */
export interface Snapshot {
  /** Seconds since the epoch. */
  at: number
  /** The account that ended: now the `provider|id` of a linked identity. */
  user_id: string
  /** How the other account was proven, and at the login of which application. */
  proof: LinkProof
  /** {@link hashOwn} of the account that stays before the link: tells later whether that was changed since. */
  own?: string
  /** All that the account held, our own bookkeeping left out. Gone once the time for an undo is over. */
  kept?: BothKinds
  /** Names of what the account that stays took over of it. Goes with `kept`. */
  carried?: BothKinds<string[]>
  /** Set before the identity is taken out again, so that giving back goes on wherever it was interrupted. */
  returning?: { at: number; undo: boolean; remove?: boolean | undefined }
}

/** How the account that ended was proven: the way, and the application it happened at. */
export interface LinkProof {
  way: string
  client_id: string
  client_name?: string
}

/** Both kinds of metadata, or something about each of them. */
export interface BothKinds<T = Metadata> {
  user_metadata: T
  app_metadata: T
}

/** Both kinds, each read for itself. */
export const ofBoth = <T>(read: (kind: keyof BothKinds) => T): BothKinds<T> => ({
  user_metadata: read('user_metadata'),
  app_metadata: read('app_metadata'),
})
/** The fields of metadata whose name is wanted. */
export const pick = (metadata: Metadata, isWanted: (key: string) => boolean): Metadata =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => isWanted(key)))
/** Whether a name may be written as a metadata key: those that mean something to JavaScript objects or that Auth0 refuses stay in the snapshot. */
export const isWritable = (key: string): boolean => !/[.$]|^(__proto__|constructor|prototype)$/.test(key)
// Our own bookkeeping about an account ends with it.
const isForeign = (key: string) => !/^account_linking(_|$)/.test(key)

/**
 * Selects what is filled in: only keys the account that stays does not have, never a value of its own replaced.
 *
 * @param primary - The account that stays.
 * @param secondary - The account that ends.
 * @param policy - Whether `user_metadata` is filled in, and which `app_metadata` keys are.
 */
export function selectCarryOver(primary: LinkingUser, secondary: LinkingUser, policy: LinkPolicy): BothKinds {
  const isAllowed = (kind: keyof BothKinds, key: string) =>
    kind === 'user_metadata'
      ? policy.fillUserMetadata
      : policy.appMetadataKeys.includes(key) && isForeign(key)
  return ofBoth((kind) =>
    pick(
      secondary[kind],
      (key) => isAllowed(kind, key) && isWritable(key) && !Object.hasOwn(primary[kind], key),
    ),
  )
}

/** A hash of a user's `app_metadata`, our own keys left out. */
export const hashOwn = (appMetadata: Metadata): Promise<string> =>
  hash12(JSON.stringify(Object.entries(pick(appMetadata, isForeign)).sort()))

/** Number of metadata fields that {@link selectCarryOver} fills in. */
export const countCarryOver = (carried: BothKinds): number =>
  Object.values(carried).flatMap(Object.keys).length

/**
 * The `app_metadata` key of the snapshot of one linked identity. One first-level key each, because a PATCH merges
 * the first level only and two links must not overwrite each other's.
 *
 * @param userId - `provider|id` of the identity.
 */
export const snapshotKeyOf = async (userId: string): Promise<string> => `${MARKS_KEY}_${await hash12(userId)}`

/**
 * Whether an account is still giving back to one that was taken out of it. Whoever takes one out notes that before, and takes
 * the note away once all is given.
 */
export const isGivingBack = ({ app_metadata }: LinkingUser): boolean =>
  Object.values(pick(app_metadata, (key) => !isForeign(key))).some(
    (snapshot) => (snapshot as Snapshot | undefined)?.returning,
  )

/**
 * Works out the PATCH of the account that stays: what is carried over, and the snapshot. The snapshot holds what is carried
 * over, too: two links into one account at once may both fill in one name, and only one value stays there. Repeating it
 * writes the same bytes.
 *
 * @param primary - The account that stays, read now.
 * @param secondary - The account that ends, read now; it has one identity.
 * @param policy - The operator's carry-over rules.
 * @param now - Seconds since the epoch.
 * @param proof - How the other account was proven.
 * @returns The body for `PATCH /api/v2/users/{id}`, or undefined where it is too large: nothing is ever cut off.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/metadata/manage-metadata-api Manage Metadata with the Management API}
 */
export async function prepareLink(
  primary: LinkingUser,
  secondary: LinkingUser,
  policy: LinkPolicy,
  now: number,
  proof: LinkProof,
): Promise<Partial<BothKinds> | undefined> {
  const carried = selectCarryOver(primary, secondary, policy)
  const snapshot: Snapshot = {
    at: now,
    user_id: secondary.user_id,
    proof,
    own: await hashOwn(primary.app_metadata),
    kept: {
      user_metadata: secondary.user_metadata,
      app_metadata: pick(secondary.app_metadata, isForeign),
    },
    carried: ofBoth((kind) => Object.keys(carried[kind])),
  }
  const patch: Partial<BothKinds> = {
    ...carried,
    app_metadata: { ...carried.app_metadata, [await snapshotKeyOf(secondary.user_id)]: snapshot },
  }
  // The profile grows by what is written and by the identity, which brings its root attributes as profileData.
  const profileData = secondary.bytes - bytesOf(secondary.user_metadata) - bytesOf(secondary.app_metadata)
  // With the link goes the note of what is to be ended after it.
  const ending = endingBytes([primary.user_id, secondary.user_id])
  if (
    bytesOf(snapshot) > MAX_SNAPSHOT_BYTES ||
    primary.bytes + bytesOf(patch) + profileData + ending > MAX_PROFILE_BYTES
  )
    return
  // An empty object would clear the whole field.
  if (bytesOf(patch.user_metadata) === 2) delete patch.user_metadata
  return patch
}
