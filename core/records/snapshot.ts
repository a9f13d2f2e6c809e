/**
 * Snapshots: what a link keeps of the account that ends, in `app_metadata` of the one that stays.
 * @module
 */
import { hash12 } from '../hash'
import { isObject, isText, isTime, type LinkingUser, type Metadata } from '../identity'
import { decodeNames, encodeNames, hasField, hasShape, isSame, pick, withoutNulls } from '../json-values'
import type { RightIds } from '../rights/rights'
import { MARKS_KEY } from './key-names'

/** The version of snapshots that links write now. */
export const SNAPSHOT_VERSION = 2
/** The header of the service's `/healthz` that says up to which version it reads them. */
export const SNAPSHOT_HEADER = 'account-linking-snapshots'

/** What one link keeps of the account that ended, under {@link snapshotKeyOf} in `app_metadata` of the one that stays. */
export interface Snapshot {
  /** How names in `kept` are written: 2 is {@link encodeNames}. A snapshot without it has its names and nulls as they were. */
  v?: 2
  /** Seconds since the epoch. */
  at: number
  /** The account that ended: now the `provider|id` of a linked identity. */
  user_id: string
  /** How the other account was proven, and at the login of which application. */
  proof: LinkProof
  /** Hash of the `app_metadata` of the account that stays before the link: tells later whether that was changed since. */
  own?: string
  /** All that the account held, our own bookkeeping left out. Gone once the time for an undo is over. */
  kept?: BothKinds
  /** Names of what the account that stays took over of it. Goes with `kept`. */
  carried?: BothKinds<string[]>
  /** Ids of the rights that it held: those that the account that stays was given, those that were lost, and those that both held. Goes with `kept`. */
  rights?: KeptRights
  /** The adoption of this link by the application that moves its own data, and how it ended. */
  adoption?: { id: string; ended?: 'committed' | 'abandoned' }
  /** Set before the identity is taken out again, so that an interrupted restore can continue. */
  returning?: { at: number; undo: boolean; remove?: boolean | undefined }
}

/** The rights of an account that ended, by what became of them, and by kind. */
export interface KeptRights {
  given: RightIds
  dropped: RightIds
  shared: RightIds
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

type Shape = (value: unknown) => boolean
const isFlag: Shape = (value) => typeof value === 'boolean'
const isNames: Shape = (value) => Array.isArray(value) && value.every(isText)
const isBoth =
  (isEach: Shape): Shape =>
  (value) =>
    hasShape(value, { user_metadata: isEach, app_metadata: isEach })
const isOptional =
  (isShape: Shape): Shape =>
  (value) =>
    value === undefined || isShape(value)

/** The shapes of the fields of a proof, of a note that something is being given back, and of a snapshot. */
const PROOF: Record<keyof LinkProof, Shape> = {
  way: isText,
  client_id: isText,
  client_name: isOptional(isText),
}
const RETURNING = { at: isTime, undo: isFlag, remove: isOptional(isFlag) }
const ADOPTION = {
  id: isText,
  ended: isOptional((value) => value === 'committed' || value === 'abandoned'),
}
const isIds: Shape = (value) => isObject(value) && Object.values(value).every(isNames)
const RIGHTS: Record<keyof KeptRights, Shape> = { given: isIds, dropped: isIds, shared: isIds }
const SNAPSHOT: Record<keyof Snapshot, Shape> = {
  v: isOptional((value) => value === SNAPSHOT_VERSION),
  at: isTime,
  user_id: isText,
  proof: (value) => hasShape(value, PROOF),
  own: isOptional(isText),
  kept: isOptional(isBoth(isObject)),
  carried: isOptional(isBoth(isNames)),
  rights: isOptional((value) => hasShape(value, RIGHTS)),
  adoption: isOptional((value) => hasShape(value, ADOPTION)),
  returning: isOptional((value) => hasShape(value, RETURNING)),
}

/**
 * Reads a snapshot as it is stored. Any program with the right scope can write metadata, so what is no snapshot is undefined.
 *
 * @param value - The value of a key of `app_metadata`.
 * @returns With the names as the account had them, and without nulls.
 */
export function parseSnapshot(value: unknown): Snapshot | undefined {
  if (!hasShape(value, SNAPSHOT)) return undefined
  const { proof, kept, ...rest } = pick(value, (name) => Object.hasOwn(SNAPSHOT, name)) as unknown as Snapshot
  const named = pick(proof as unknown as Metadata, (name) =>
    Object.hasOwn(PROOF, name),
  ) as unknown as LinkProof
  const read = rest.v ? decodeNames : withoutNulls
  try {
    return { ...rest, proof: named, ...(kept && { kept: ofBoth((kind) => read(kept[kind])) }) }
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

/** Both kinds with their names encoded. */
export const encodeBoth = (fields: BothKinds): BothKinds => ofBoth((kind) => encodeNames(fields[kind]))

const withoutUndefined = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T

/**
 * The `app_metadata` key of the snapshot of one linked identity. One first-level key each, because a PATCH merges
 * the first level only and two links must not overwrite each other's.
 *
 * @param userId - `provider|id` of the identity.
 */
export const snapshotKeyOf = async (userId: string): Promise<string> => `${MARKS_KEY}_${await hash12(userId)}`

/**
 * Names of what an account has only from the one that ended: carried over, and not changed since.
 *
 * @param primary - The account that took it over, read now.
 */
export function stillCarried(
  primary: LinkingUser,
  { kept, carried }: Pick<Snapshot, 'kept' | 'carried'>,
): BothKinds<string[]> {
  return ofBoth((kind) =>
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

/** Whether an account has not got back what a snapshot kept of it: it is to be given back, or stands alone again since. */
export const isUnreturned = (snapshot: Snapshot, user: LinkingUser): boolean =>
  snapshot.returning !== undefined || standsAloneAgain(snapshot, user)

/** Whether an account was made after a snapshot of it: a link has ended it, and it was taken out again. */
export const standsAloneAgain = ({ at }: Snapshot, { created_at = '' }: LinkingUser): boolean =>
  Date.parse(created_at) / 1_000 > at - SKEW
