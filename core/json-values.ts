/**
 * Compares metadata as JSON values, and encodes names that Auth0 does not accept.
 *
 * Null means absent: `PATCH /users/{id}` deletes a field whose value is null, so a null can be neither written nor read back.
 * A null in a list stays, because the elements of a list keep their positions.
 * @module
 */
import { isObject, type Metadata } from './identity'

/** Deepest nesting that is processed. A level takes at least two bytes, so a deeper value never fits into a snapshot. */
const MAX_DEPTH = 1_500

/** Whether a value is null, undefined, or a number that JSON writes as null. */
export const isAbsent = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value))

/** An own field of a JSON object; undefined if there is none. */
const fieldOf = (object: Metadata, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined

/**
 * Whether a value is an object whose fields pass the given checks. It may have other fields.
 *
 * @param shapes - A check for each field name. A check that accepts undefined makes the field optional.
 */
export const hasShape = (
  value: unknown,
  shapes: Record<string, (field: unknown) => boolean>,
): value is Record<string, unknown> =>
  isObject(value) && Object.entries(shapes).every(([name, isShape]) => isShape(value[name]))

/** The fields whose names pass a test. */
export const pickBy = (metadata: Metadata, isWanted: (name: string) => boolean): Metadata =>
  Object.fromEntries(Object.entries(metadata).filter(([name]) => isWanted(name)))

/** Whether an object has a field whose value is not null. */
export const hasField = (object: Metadata, name: string): boolean => !isAbsent(fieldOf(object, name))

/**
 * Whether two JSON values are equal. The order of names does not count, and a field whose value is null counts as absent at
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
 * Renames fields and leaves out those whose value is null, at every depth.
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
 * Leaves out fields whose value is null, at every depth.
 *
 * @throws {RangeError} If the metadata is nested more than 1,500 levels deep.
 */
export const withoutNulls = (metadata: Metadata): Metadata => rewrite(metadata, (name) => name) as Metadata

/**
 * Encodes names, at every depth, so that Auth0 accepts them: `%`, `.` and `$` are percent-encoded, and so is the first
 * character of `__proto__`, because servers refuse or drop that name. Values stay as they are; nulls are left out.
 *
 * @throws {RangeError} If the metadata is nested more than 1,500 levels deep.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data Metadata Field Names and Data Types}
 */
export const encodeNames = (metadata: Metadata): Metadata =>
  rewrite(metadata, (name) =>
    name === '__proto__'
      ? '%5F_proto__'
      : name.replace(/[%.$]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
  ) as Metadata

/**
 * Reverses {@link encodeNames}.
 *
 * @throws {RangeError} If the metadata is nested more than 1,500 levels deep.
 */
export const decodeNames = (metadata: Metadata): Metadata =>
  rewrite(metadata, (name) =>
    name.replace(/%([0-9A-Fa-f]{2})/g, (_encoded, code: string) => String.fromCharCode(parseInt(code, 16))),
  ) as Metadata

/**
 * Whether Auth0 accepts a metadata field unencoded: no name at any depth contains `.` or `$`, or has a special meaning for
 * JavaScript objects. Other fields stay in the snapshot.
 */
export const isWritable = (name: string, value: unknown, depth = 0): boolean =>
  depth <= MAX_DEPTH &&
  !/[.$]|^(__proto__|constructor|prototype)$/.test(name) &&
  (Array.isArray(value)
    ? value.every((element) => isWritable('', element, depth + 1))
    : !isObject(value) || Object.entries(value).every(([key, field]) => isWritable(key, field, depth + 1)))
