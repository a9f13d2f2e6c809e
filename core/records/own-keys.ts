/**
 * Which keys of `app_metadata` are ours. Both the name and the shape of the value tell: everything else belongs to the operator,
 * is kept like any other metadata, and is never overwritten.
 * @module
 */
import { isObject, isText, isTime, type LinkingUser, type Metadata } from '../identity'
import { hasShape, isAbsent, pick, withoutNulls } from '../json-values'
import type { Marks } from './marks-shape'
import { parseSnapshot } from './snapshot'

/** A kind of key: its name, the shape of its value, and whether it says nothing once the account that it stands in ends. */
interface Kind {
  name: RegExp
  isShape: (value: unknown) => boolean
  ends?: boolean
}
const KINDS: Kind[] = [
  { name: /^account_linking_*$/, isShape: isMarks, ends: true },
  { name: /^account_linking_journal_*$/, isShape: isJournal, ends: true },
  { name: /^account_linking_timestamp$/, isShape: (value) => typeof value === 'number', ends: true },
  { name: /^account_linking_[0-9a-f]{12}_*$/, isShape: (value) => parseSnapshot(value) !== undefined },
  { name: /^account_linking_held_[0-9a-f]{12}_*$/, isShape: isHeld },
]

/** The fields of {@link Marks}. */
const MARKS: Record<keyof Marks, true> = {
  looked: true,
  declined: true,
  last: true,
  changed: true,
  ending: true,
  ended: true,
  enroll: true,
}

function isMarks(value: unknown): boolean {
  return hasOnly(value, Object.keys(MARKS), isObject)
}

/** Whether something is an object with no other than some fields, each of a shape. Null means absent. */
function hasOnly(value: unknown, names: string[], isShape: (field: unknown) => boolean): boolean {
  return (
    isObject(value) &&
    Object.entries(value).every(
      ([name, field]) => isAbsent(field) || (names.includes(name) && isShape(field)),
    )
  )
}

function isHeld(value: unknown): boolean {
  return hasShape(value, { at: isTime, user_id: isText })
}

function isJournal(value: unknown): boolean {
  return hasOnly(value, ['entries'], Array.isArray)
}

const kindOf = (name: string, value: unknown): Kind | undefined =>
  KINDS.find((kind) => kind.name.test(name) && kind.isShape(value))

/** Whether a key of `app_metadata` is one that we wrote. */
export const isOurs = (name: string, value: unknown): boolean => kindOf(name, value) !== undefined

/** Whether a key has a name that we may write under. Such a key is never carried over. */
export const isReserved = (key: string): boolean => KINDS.some(({ name }) => name.test(key))

/** The part of `app_metadata` that belongs to the operator: keys that are not ours and not null. */
export const foreignOf = (appMetadata: Metadata): Metadata =>
  pick(appMetadata, (name) => !isAbsent(appMetadata[name]) && !isOurs(name, appMetadata[name]))

/**
 * The part of `app_metadata` that a link keeps of the account that ends: the operator's keys, and what we stored there about
 * other accounts, which are snapshots not yet restored and metadata withheld from restore.
 */
export const keptOf = (appMetadata: Metadata): Metadata =>
  pick(appMetadata, (name) => !kindOf(name, appMetadata[name])?.ends)

/**
 * The key under which something of ours stands or may be written. If the operator has a value of another shape there, the name
 * gets underscores appended until it is free or ours.
 *
 * @param name - The usual key.
 */
export function keyFor({ app_metadata }: Pick<LinkingUser, 'app_metadata'>, name: string): string {
  let key = name
  while (!isAbsent(app_metadata[key]) && !isOurs(key, app_metadata[key])) key += '_'
  return key
}

/**
 * Reads our own value under a usual key, without names whose value is null: such a name may be one that a tenant does not accept
 * again.
 *
 * @returns Undefined if there is none.
 */
export function ownValue(user: Pick<LinkingUser, 'app_metadata'>, name: string): unknown {
  const value = user.app_metadata[keyFor(user, name)] ?? undefined
  return isObject(value) ? withoutNulls(value) : value
}
