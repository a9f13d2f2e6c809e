/**
 * Metadata as JSON values: comparing them, and writing their names so that a tenant takes them.
 *
 * Null means absent. `PATCH /users/{id}` deletes a name whose value is null, so a null can be neither written nor waited for.
 * Elements of a list keep their places, so a null in a list stays.
 * @module
 */
import { isObject, type Metadata } from './identity'

/** Levels of nesting that are looked at. Each one takes two bytes at least, so a deeper value never fits into a snapshot. */
const MAX_DEPTH = 1_500

/** Whether a value is null, or something that JSON writes as null. */
export const isAbsent = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value))

/** A field of a JSON object; undefined if the object has none of its own. */
const fieldOf = (object: Metadata, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined

/**
 * Whether a value is an object whose fields have some shapes. It may have other fields.
 *
 * @param shapes - By the name of the field; a shape that takes undefined makes it optional.
 */
export const hasShape = (
  value: unknown,
  shapes: Record<string, (field: unknown) => boolean>,
): value is Record<string, unknown> =>
  isObject(value) && Object.entries(shapes).every(([name, isShape]) => isShape(value[name]))

/** The fields of metadata whose name is wanted. */
export const pick = (metadata: Metadata, isWanted: (name: string) => boolean): Metadata =>
  Object.fromEntries(Object.entries(metadata).filter(([name]) => isWanted(name)))

/** Whether an object has a field whose value is not null. */
export const hasField = (object: Metadata, name: string): boolean => !isAbsent(fieldOf(object, name))

/**
 * Whether two JSON values say the same. The order of names does not count, and a name whose value is null counts as absent at
 * every depth.
 */
export function isSame(one: unknown, other: unknown): boolean {
  if (isObject(one) && isObject(other))
    return [...Object.keys(one), ...Object.keys(other)].every((name) =>
      isSame(fieldOf(one, name), fieldOf(other, name)),
    )
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((element, index) => isSame(element, other[index]))
  return (isAbsent(one) ? null : one) === (isAbsent(other) ? null : other)
}

/**
 * Rewrites a JSON value: names change, and names whose value is null are left out, at every depth.
 *
 * @throws {RangeError} If the value is nested more than 1,500 levels deep.
 */
function rewrite(value: unknown, rename: (name: string) => string, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new RangeError('nested too deeply')
  if (Array.isArray(value)) return value.map((element) => rewrite(element, rename, depth + 1))
  if (!isObject(value)) return value
  // fromEntries defines `__proto__` as a name like any other; an assignment would not.
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => !isAbsent(field))
      .map(([name, field]) => [rename(name), rewrite(field, rename, depth + 1)]),
  )
}

/**
 * Metadata without the names whose value is null, at every depth.
 *
 * @throws {RangeError} If it is nested more than 1,500 levels deep.
 */
export const withoutNulls = (metadata: Metadata): Metadata => rewrite(metadata, (name) => name) as Metadata

/**
 * Metadata with names that a tenant takes, at every depth: `%`, `.` and `$` are percent-encoded, and so is the first
 * character of `__proto__`, because servers refuse or drop that name. Values stay as they are; nulls are left out.
 *
 * @throws {RangeError} If it is nested more than 1,500 levels deep.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data Metadata Field Names and Data Types}
 */
export const encodeNames = (metadata: Metadata): Metadata =>
  rewrite(metadata, (name) =>
    name === '__proto__'
      ? '%5F_proto__'
      : name.replace(/[%.$]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
  ) as Metadata

/**
 * Takes {@link encodeNames} back.
 *
 * @throws {RangeError} If it is nested more than 1,500 levels deep.
 */
export const decodeNames = (metadata: Metadata): Metadata =>
  rewrite(metadata, (name) =>
    name.replace(/%([0-9A-Fa-f]{2})/g, (_encoded, code: string) => String.fromCharCode(parseInt(code, 16))),
  ) as Metadata

/**
 * Whether a tenant takes a field of metadata as it is: no name at any depth contains `.` or `$`, or means something to
 * JavaScript objects. What it does not take stays in the snapshot.
 */
export const isWritable = (name: string, value: unknown, depth = 0): boolean =>
  depth <= MAX_DEPTH &&
  !/[.$]|^(__proto__|constructor|prototype)$/.test(name) &&
  (Array.isArray(value)
    ? value.every((element) => isWritable('', element, depth + 1))
    : !isObject(value) || Object.entries(value).every(([key, field]) => isWritable(key, field, depth + 1)))
