/**
 * Tells which keys of `app_metadata` are ours: both the name and the shape of the value must match. Every other key belongs to
 * the operator: it is kept like other metadata and never overwritten.
 * @module
 */
import { isObject, isString, isTime, type LinkingUser, type Metadata } from '../identity'
import { hasShape, isAbsent, pickBy, withoutNulls } from '../json-values'
import type { Marks } from './marks-shape'
import { parseSnapshot } from './snapshot'

/** A kind of key: its name, the shape of its value, and `ends` if it is useless once its account is a secondary one. */
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
  { name: /^account_linking_held_[0-9a-f]{12}_*$/, isShape: isWithheld },
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

/** Whether a value is an object that has only the named fields, and each passes a check. Null means absent. */
function hasOnly(value: unknown, names: string[], isShape: (field: unknown) => boolean): boolean {
  return (
    isObject(value) &&
    Object.entries(value).every(
      ([name, field]) => isAbsent(field) || (names.includes(name) && isShape(field)),
    )
  )
}

function isWithheld(value: unknown): boolean {
  return hasShape(value, { at: isTime, user_id: isString })
}

function isJournal(value: unknown): boolean {
  return hasOnly(value, ['entries'], Array.isArray)
}

const kindOf = (name: string, value: unknown): Kind | undefined =>
  KINDS.find((kind) => kind.name.test(name) && kind.isShape(value))

/** Whether a key of `app_metadata` is ours. */
export const isOurs = (name: string, value: unknown): boolean => kindOf(name, value) !== undefined

/** Whether a name is reserved for our keys. Such a key is never carried over. */
export const isReserved = (key: string): boolean => KINDS.some(({ name }) => name.test(key))

/** The operator's part of `app_metadata`: keys that are not ours and not null. */
export const operatorMetadata = (appMetadata: Metadata): Metadata =>
  pickBy(appMetadata, (name) => !isAbsent(appMetadata[name]) && !isOurs(name, appMetadata[name]))

/**
 * The part of the secondary account's `app_metadata` that a link keeps: the operator's keys, and ours about other accounts
 * (snapshots not yet restored, metadata withheld from restore).
 */
export const keptOf = (appMetadata: Metadata): Metadata =>
  pickBy(appMetadata, (name) => !kindOf(name, appMetadata[name])?.ends)

/**
 * The key of one of our values, even before it is written. If the operator uses that name, underscores are appended until
 * the key is free or ours.
 *
 * @param name - The usual key.
 */
export function ownMetadataKey({ app_metadata }: Pick<LinkingUser, 'app_metadata'>, name: string): string {
  let key = name
  while (!isAbsent(app_metadata[key]) && !isOurs(key, app_metadata[key])) key += '_'
  return key
}

/**
 * Reads one of our values, without fields whose value is null: a tenant may refuse such names if we write them again.
 *
 * @param name - The usual key.
 * @returns Undefined if there is none.
 */
export function ownValue(user: Pick<LinkingUser, 'app_metadata'>, name: string): unknown {
  const value = user.app_metadata[ownMetadataKey(user, name)] ?? undefined
  return isObject(value) ? withoutNulls(value) : value
}
