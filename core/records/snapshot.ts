/**
 * Snapshots: what a link keeps of the account that ends (secondary), in `app_metadata` of the one that stays (primary).
 * @module
 */
import { hash12 } from '../hash'
import { isObject, isString, isTime, type LinkingUser, type Metadata } from '../identity'
import { decodeNames, encodeNames, hasField, hasShape, isSame, pickBy, withoutNulls } from '../json-values'
import type { RightIds } from '../rights/rights'
import { MARKS_KEY } from './key-names'

/** The version of snapshots that links write now. */
export const SNAPSHOT_VERSION = 2
/** The response header of the service's `/healthz` that names the highest snapshot version that the service can read. */
export const SNAPSHOT_HEADER = 'account-linking-snapshots'

/** What one link keeps of the secondary account, under the key {@link snapshotKeyOf} in `app_metadata` of the primary one. */
export interface Snapshot {
  /** How names in `kept` are written: 2 means by {@link encodeNames}. Without `v`, names and nulls are as the account had them. */
  v?: 2
  /** When the link was prepared, in seconds since the epoch. */
  at: number
  /** User id of the secondary account: after the link, the `provider|id` of an identity of the primary one. */
  user_id: string
  /** How ownership of the other account was proven, and at the login of which application. */
  proof: LinkProof
  /** Hash of the primary account's `app_metadata` before the link, to tell later whether it was changed since. */
  own?: string
  /** The secondary account's metadata, see {@link keptOf}. Removed once the time for an undo is over. */
  kept?: BothKinds
  /** Names of the fields that the primary account took over. Removed together with `kept`. */
  carried?: BothKinds<string[]>
  /** The secondary account's rights (roles, permissions, memberships, factors), by what happened to them. Removed with `kept`. */
  rights?: KeptRights
  /** The adoption of this link (the application moves its own data to the primary account), and how it ended. */
  adoption?: { id: string; ended?: 'committed' | 'abandoned' }
  /** Set before the identity is unlinked, so that an interrupted restore can continue. */
  returning?: { at: number; undo: boolean; remove?: boolean | undefined }
}

/** Ids of the secondary account's rights: those given to the primary account, those lost, and those that both accounts had. */
export interface KeptRights {
  given: RightIds
  dropped: RightIds
  shared: RightIds
}

/** How ownership of the other account was proven: the way, and the application at whose login this happened. */
export interface LinkProof {
  way: string
  client_id: string
  client_name?: string
}

/**
 * A proof of usual length, for a decision before there is one: a snapshot holds a proof, and has a size limit.
 *
 * @param way - How ownership will be proven.
 */
export const proofOfUsualLength = (way: string): LinkProof => ({
  way,
  client_id: 'x'.repeat(32),
  client_name: 'x'.repeat(30),
})

/** Both kinds of metadata, or something about each of them. */
export interface BothKinds<T = Metadata> {
  user_metadata: T
  app_metadata: T
}

/** Calls a function for each kind of metadata. */
export const mapMetadataKinds = <T>(read: (kind: keyof BothKinds) => T): BothKinds<T> => ({
  user_metadata: read('user_metadata'),
  app_metadata: read('app_metadata'),
})

type Shape = (value: unknown) => boolean
const isFlag: Shape = (value) => typeof value === 'boolean'
const isNames: Shape = (value) => Array.isArray(value) && value.every(isString)
const isBoth =
  (isEach: Shape): Shape =>
  (value) =>
    hasShape(value, { user_metadata: isEach, app_metadata: isEach })
const isOptional =
  (isShape: Shape): Shape =>
  (value) =>
    value === undefined || isShape(value)

/** Checks for the fields of a stored snapshot and of the objects in it. */
const PROOF: Record<keyof LinkProof, Shape> = {
  way: isString,
  client_id: isString,
  client_name: isOptional(isString),
}
const RETURNING = { at: isTime, undo: isFlag, remove: isOptional(isFlag) }
const ADOPTION = {
  id: isString,
  ended: isOptional((value) => value === 'committed' || value === 'abandoned'),
}
const isIds: Shape = (value) => isObject(value) && Object.values(value).every(isNames)
const RIGHTS: Record<keyof KeptRights, Shape> = { given: isIds, dropped: isIds, shared: isIds }
const SNAPSHOT: Record<keyof Snapshot, Shape> = {
  v: isOptional((value) => value === SNAPSHOT_VERSION),
  at: isTime,
  user_id: isString,
  proof: (value) => hasShape(value, PROOF),
  own: isOptional(isString),
  kept: isOptional(isBoth(isObject)),
  carried: isOptional(isBoth(isNames)),
  rights: isOptional((value) => hasShape(value, RIGHTS)),
  adoption: isOptional((value) => hasShape(value, ADOPTION)),
  returning: isOptional((value) => hasShape(value, RETURNING)),
}

/**
 * Reads a stored snapshot. Any program with the right scope can write metadata, so a value may not be a snapshot.
 *
 * @param value - The value of a key of `app_metadata`.
 * @returns The snapshot, with names as the account had them and without nulls; undefined if the value is not a snapshot.
 */
export function parseSnapshot(value: unknown): Snapshot | undefined {
  if (!hasShape(value, SNAPSHOT)) return undefined
  const { proof, kept, ...rest } = pickBy(value, (name) =>
    Object.hasOwn(SNAPSHOT, name),
  ) as unknown as Snapshot
  const named = pickBy(proof as unknown as Metadata, (name) =>
    Object.hasOwn(PROOF, name),
  ) as unknown as LinkProof
  const read = rest.v ? decodeNames : withoutNulls
  try {
    return { ...rest, proof: named, ...(kept && { kept: mapMetadataKinds((kind) => read(kept[kind])) }) }
  } catch {
    // Nested more deeply than anything that a link writes.
    return undefined
  }
}

/** A snapshot as it is to be stored: what {@link parseSnapshot} reads back. */
export const toStoredSnapshot = (snapshot: Snapshot): Metadata =>
  withoutUndefined({
    ...snapshot,
    kept: snapshot.kept && snapshot.v === 2 ? encodeBoth(snapshot.kept) : snapshot.kept,
  }) as unknown as Metadata

/** Both kinds of metadata with their names encoded. */
export const encodeBoth = (fields: BothKinds): BothKinds =>
  mapMetadataKinds((kind) => encodeNames(fields[kind]))

const withoutUndefined = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T

/**
 * The `app_metadata` key of the snapshot of one linked identity. Each snapshot has its own first-level key, because a PATCH merges
 * the first level only, and two links must not overwrite each other's snapshot.
 *
 * @param userId - `provider|id` of the identity.
 */
export const snapshotKeyOf = async (userId: string): Promise<string> => `${MARKS_KEY}_${await hash12(userId)}`

/**
 * Names of the fields that an account has only from the secondary account: carried over, and not changed since.
 *
 * @param primary - The account that took the fields over, read now.
 */
export function stillCarried(
  primary: LinkingUser,
  { kept, carried }: Pick<Snapshot, 'kept' | 'carried'>,
): BothKinds<string[]> {
  return mapMetadataKinds((kind) =>
    Object.keys(kept?.[kind] ?? {}).filter(
      (name) =>
        carried?.[kind].includes(name) &&
        hasField(primary[kind], name) &&
        isSame(primary[kind][name], kept?.[kind][name]),
    ),
  )
}

/** How far the clock that dates an account's creation may be behind the one that dates a snapshot, in seconds. */
const SKEW = 5

/**
 * Whether an account has not got back what a snapshot kept of it: a restore is unfinished, or the account was unlinked and is an
 * account of its own again.
 */
export const isUnreturned = (snapshot: Snapshot, user: LinkingUser): boolean =>
  snapshot.returning !== undefined || standsAloneAgain(snapshot, user)

/** Whether an account was created after a snapshot of it. Then a link has ended the account, and an unlink has created it again. */
export const standsAloneAgain = ({ at }: Snapshot, { created_at = '' }: LinkingUser): boolean =>
  Date.parse(created_at) / 1_000 > at - SKEW
