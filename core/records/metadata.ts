/**
 * Carries over or keeps the metadata of the account that ends (the secondary one), because Auth0 discards it at the link.
 * @module
 */

import { hash12, hashHex } from '../hash'
import { bytesOf, type LinkingUser, type Metadata } from '../identity'
import { hasField, isWritable, pickBy, withoutNulls } from '../json-values'
import type { LinkPolicy } from '../rules/policy-options'
import { endingBytes } from './ending'
import { isReserved, keptOf, operatorMetadata, ownMetadataKey } from './own-keys'
import { keptNone, mergeKeptRights, NO_RIGHTS } from './return-rights'
import {
  type BothKinds,
  encodeBoth,
  isUnreturned,
  type KeptRights,
  type LinkProof,
  mapMetadataKinds,
  parseSnapshot,
  type Snapshot,
  snapshotKeyOf,
  stillCarried,
  toStoredSnapshot,
} from './snapshot'

/** The most bytes of JSON that a snapshot (what a link keeps of the secondary account) may take. */
export const MAX_SNAPSHOT_BYTES = 3_000
/** Most bytes of the primary account's profile after the write. From 4 March 2027 Auth0's limit is 10 kB. */
export const MAX_PROFILE_BYTES = 9_000
/** Seconds for which an unfinished restore blocks new links. After that, a link keeps what is not yet restored. */
const GIVING_BACK = 3_600
/**
 * Selects the metadata to carry over: only fields that the primary account lacks, so it never loses a value of its own.
 *
 * @param primary - The account that stays.
 * @param secondary - The account that ends.
 * @param policy - Whether `user_metadata` is carried over, and which `app_metadata` keys are.
 */
export function selectCarryOver(
  primary: BothKinds,
  secondary: BothKinds,
  policy: Pick<LinkPolicy, 'fillUserMetadata' | 'appMetadataKeys'>,
): BothKinds {
  const isAllowed = (kind: keyof BothKinds, name: string) =>
    kind === 'user_metadata'
      ? policy.fillUserMetadata
      : policy.appMetadataKeys.includes(name) && !isReserved(name)
  return mapMetadataKinds((kind) =>
    pickBy(
      secondary[kind],
      (name) =>
        isAllowed(kind, name) &&
        hasField(secondary[kind], name) &&
        isWritable(name, secondary[kind][name]) &&
        !hasField(primary[kind], name),
    ),
  )
}

/**
 * A hash of a user's `app_metadata` without our own keys.
 *
 * @param version - 1 for snapshots without `v`: their hashes recognize our keys by name alone, and include nulls.
 */
export const hashOperatorMetadata = (appMetadata: Metadata, version: 1 | 2): Promise<string> =>
  hashFields(
    version === 2
      ? withoutNulls(operatorMetadata(appMetadata))
      : pickBy(appMetadata, (name) => !/^account_linking(_|$)/.test(name)),
  )

function hashFields(fields: Metadata): Promise<string> {
  // Compares names only: a value may be an object that cannot become a string, such as `{"toString": 1}`.
  const entries = Object.entries(fields).sort(([one], [other]) => (`${one},` < `${other},` ? -1 : 1))
  return hash12(JSON.stringify(entries))
}

/**
 * Whether an account is still restoring data to one that was unlinked from it: its snapshot says so from before the unlink
 * until everything is restored. An interrupted restore counts for an hour only, so that no account waits forever.
 *
 * @param now - Seconds since the epoch.
 */
export const isGivingBack = ({ app_metadata }: LinkingUser, now: number): boolean =>
  Object.entries(app_metadata).some(
    ([name, value]) => isReserved(name) && isReturning(parseSnapshot(value), now),
  )

/** Whether a snapshot is being restored, see {@link isGivingBack}. */
export const isReturning = (snapshot: Snapshot | undefined, now: number): boolean =>
  snapshot?.returning !== undefined && Math.abs(now - snapshot.returning.at) < GIVING_BACK

/** What a link will write, and what happens to the secondary account's metadata. */
export interface PreparedLink {
  /** The body for `PATCH /api/v2/users/{id}`. `app_metadata` is always set. */
  patch: Partial<BothKinds> & Pick<BothKinds, 'app_metadata'>
  /** What the primary account takes over. */
  carried: BothKinds
  /** All metadata in the snapshot, including `carried`. */
  kept: BothKinds
}

/**
 * Works out the PATCH of the primary account: carried-over metadata and the snapshot. The snapshot also holds what is carried
 * over, because two concurrent links into one account may fill in the same name, and only one value wins. The PATCH can be
 * repeated.
 *
 * A snapshot of the secondary account may already exist. If it is from a failed attempt, the PATCH removes what that attempt
 * carried over. If it is from an earlier link that was never restored, the new snapshot keeps its content.
 *
 * @param primary - The account that stays, read now.
 * @param secondary - The account that ends, read now; it has one identity.
 * @param policy - The operator's carry-over rules.
 * @param now - Seconds since the epoch.
 * @param proof - How ownership of the other account was proven.
 * @param rights - What happens to the secondary account's rights (roles, permissions, memberships, factors), if they were read.
 * @param isAdopted - Whether an application is asked before the link, so that it can move its own data (an adoption). The snapshot
 *   then holds the adoption's id.
 * @returns Undefined if the data is too large or nested too deeply: it is never truncated.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/metadata/manage-metadata-api Manage Metadata with the Management API}
 */
export const prepareLink = (
  primary: LinkingUser,
  secondary: LinkingUser,
  policy: Pick<LinkPolicy, 'fillUserMetadata' | 'appMetadataKeys'>,
  now: number,
  proof: LinkProof,
  rights?: KeptRights,
  isAdopted?: boolean,
): Promise<PreparedLink | undefined> =>
  prepare(primary, secondary, policy, now, proof, rights, isAdopted).catch((error) => {
    // The metadata is nested too deeply.
    if (error instanceof RangeError) return undefined
    throw error
  })

async function prepare(
  primary: LinkingUser,
  secondary: LinkingUser,
  policy: Pick<LinkPolicy, 'fillUserMetadata' | 'appMetadataKeys'>,
  now: number,
  proof: LinkProof,
  rights: KeptRights | undefined,
  isAdopted = false,
): Promise<PreparedLink | undefined> {
  const key = ownMetadataKey(primary, await snapshotKeyOf(secondary.user_id))
  const before = parseSnapshot(primary.app_metadata[key])
  const leftover = before && stillCarried(primary, before)
  const own = mapMetadataKinds((kind) =>
    pickBy(primary[kind], (name) => name !== key && !leftover?.[kind].includes(name)),
  )
  const unreturned = before && isUnreturned(before, secondary) ? before : undefined
  const keptRights = mergeKeptRights(unreturned?.rights, rights ?? NO_RIGHTS)
  const held = { user_metadata: secondary.user_metadata, app_metadata: keptOf(secondary.app_metadata) }
  const kept = mapMetadataKinds((kind) => ({ ...unreturned?.kept?.[kind], ...withoutNulls(held[kind]) }))
  const carried = selectCarryOver(own, kept, policy)
  const stored: Snapshot = {
    v: 2,
    at: now,
    user_id: secondary.user_id,
    proof,
    own: await hashFields(withoutNulls(operatorMetadata(own.app_metadata))),
    kept: encodeBoth(kept),
    carried: mapMetadataKinds((kind) => Object.keys(carried[kind])),
    ...(!keptNone(keptRights) && { rights: keptRights }),
    ...(isAdopted && { adoption: { id: await adoptionIdFor(primary, secondary, before) } }),
  }
  const written = { ...carried, app_metadata: { ...carried.app_metadata, [key]: stored } }
  // The profile grows by what we write and by the new identity, whose root attributes become its profileData.
  const profileData = secondary.bytes - bytesOfBoth(secondary)
  // The same write also adds the note of which accounts' sessions and refresh tokens have to end after the link.
  const ending = endingBytes([primary.user_id, secondary.user_id])
  const others = primary.bytes - bytesOfBoth(primary) + bytesOfBoth(own)
  const profile = others + bytesOf(written) + profileData + ending
  if (!(bytesOf(stored) <= MAX_SNAPSHOT_BYTES && profile <= MAX_PROFILE_BYTES)) return undefined
  const patch = mapMetadataKinds((kind) => ({ ...nulls(leftover?.[kind] ?? []), ...written[kind] }))
  const { user_metadata, app_metadata } = patch
  // An empty object would clear the whole field.
  const isEmpty = Object.keys(user_metadata).length === 0
  return { patch: isEmpty ? { app_metadata } : patch, carried, kept }
}

/**
 * Works out what to write to the primary account to record an adoption, for a link that another program makes: a snapshot that
 * keeps nothing of the secondary account. If there already is a snapshot, the new one keeps its content.
 *
 * @param primary - The account that stays, read now.
 * @param secondary - The account that ends, read now.
 * @param now - Seconds since the epoch.
 * @param proof - How ownership of the other account was proven.
 * @returns What to write, or why nothing can be recorded: `busy` if an earlier link of the two is being undone,
 *   `metadata_too_large` if the snapshot or the profile would be too large.
 */
export async function prepareAdoption(
  primary: LinkingUser,
  secondary: LinkingUser,
  now: number,
  proof: LinkProof,
): Promise<{ app_metadata: Metadata; reason?: undefined } | { reason: 'busy' | 'metadata_too_large' }> {
  const key = ownMetadataKey(primary, await snapshotKeyOf(secondary.user_id))
  const before = parseSnapshot(primary.app_metadata[key])
  if (before?.returning) return { reason: 'busy' }
  const id = await adoptionIdFor(primary, secondary, before)
  const stored = toStoredSnapshot({
    ...(before ?? { v: 2 }),
    at: now,
    user_id: secondary.user_id,
    proof,
    adoption: { id },
  })
  const app_metadata = { [key]: stored }
  const isTooLarge =
    bytesOf(stored) > MAX_SNAPSHOT_BYTES || primary.bytes + bytesOf(app_metadata) > MAX_PROFILE_BYTES
  return isTooLarge ? { reason: 'metadata_too_large' } : { app_metadata }
}

/**
 * The id of a link's adoption. Two logins that attempt the link at once get the same id, and so does a retry. Once the adoption has
 * ended, the next attempt gets a new id.
 */
async function adoptionIdFor(
  primary: LinkingUser,
  secondary: LinkingUser,
  before: Snapshot | undefined,
): Promise<string> {
  const { id, ended } = before?.adoption ?? {}
  if (before && id && !ended && !isUnreturned(before, secondary)) return id
  // Unlinking gives an account a new `created_at`, so a later link of the same accounts gets a new id.
  return hashHex(JSON.stringify([primary.user_id, secondary.user_id, secondary.created_at, id]), 16)
}

const bytesOfBoth = ({ user_metadata, app_metadata }: BothKinds): number =>
  bytesOf(user_metadata) + bytesOf(app_metadata)

/** Fields for a PATCH that deletes these names: a null removes a field. */
export const nulls = (names: string[]): Record<string, null> =>
  Object.fromEntries(names.map((name) => [name, null]))
