/**
 * Snapshots: what a link keeps of the account that ends, in `app_metadata` of the one that stays.
 * @module
 */
import { hash12 } from '../hash'
import { isObject, isTime, type LinkingUser, type Metadata } from '../identity'
import { decodeNames, encodeNames, hasField, isSame, withoutNulls } from '../json-values'
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

const isText = (value: unknown): value is string => typeof value === 'string'
const isBoth = <T>(value: unknown, isEach: (each: unknown) => each is T): value is BothKinds<T> =>
  isObject(value) && isEach(value.user_metadata) && isEach(value.app_metadata)
const isNames = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
const isOptional = (value: unknown, isShape: (value: unknown) => boolean) =>
  value === undefined || isShape(value)

/**
 * Reads a snapshot as it is stored. Any program with the right scope can write metadata, so what is no snapshot is undefined.
 *
 * @param value - The value of a key of `app_metadata`.
 * @returns With the names as the account had them, and without nulls.
 */
export function parseSnapshot(value: unknown): Snapshot | undefined {
  if (!isObject(value)) return undefined
  const { v, at, user_id, proof, own, kept, carried, returning } = value
  if (!isTime(at) || !isText(user_id) || !isObject(proof) || (v !== undefined && v !== 2)) return undefined
  const { way, client_id, client_name } = proof
  if (!isText(way) || !isText(client_id) || !isOptional(client_name, isText)) return undefined
  if (!isOptional(own, isText) || !isOptional(carried, (names) => isBoth(names, isNames))) return undefined
  if (!isOptional(returning, isReturning) || !isOptional(kept, (fields) => isBoth(fields, isObject)))
    return undefined
  const snapshot = { v, at, user_id, proof, own, kept, carried, returning } as unknown as Snapshot
  const read = v === 2 ? decodeNames : withoutNulls
  try {
    return withoutUndefined({
      ...snapshot,
      proof: withoutUndefined({ way, client_id, client_name }) as LinkProof,
      kept: snapshot.kept && ofBoth((kind) => read((snapshot.kept as BothKinds)[kind])),
    })
  } catch {
    // Nested more deeply than anything that a link writes.
    return undefined
  }
}

function isReturning(value: unknown): boolean {
  if (!isObject(value)) return false
  const { at, undo, remove } = value
  return isTime(at) && typeof undo === 'boolean' && isOptional(remove, (each) => typeof each === 'boolean')
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
