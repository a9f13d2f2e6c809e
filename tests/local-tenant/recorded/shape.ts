/**
 * A notation for the shape of a JSON value, for recorded facts.
 * @module
 */

/**
 * A shape of a JSON value:
 *
 * - `"string"`, `"number"`, `"boolean"`, `"null"`, `"object"`, `"array"`, `"date"` (ISO), or several of them joined by `|`:
 *   any value of that kind;
 * - `"=text"`: exactly that text; a number, a boolean or null: exactly that value;
 * - `"~pattern"`: a text that the regular expression matches completely;
 * - `[shape]`: a list with at least one item, each of that shape; `[]`: the empty list;
 * - an object: exactly these keys. A key that ends in `?` may be missing, and with the key `"…": true` there may be others.
 */
export type JsonShape = string | number | boolean | null | JsonShape[] | { [key: string]: JsonShape }

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

const KINDS: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isObject,
  date: (value) => typeof value === 'string' && DATE.test(value),
}

/**
 * Compares a value with a shape.
 *
 * @param path - The path of the value, for the sentences.
 * @returns A sentence for each difference; none if the value has that shape.
 * @throws {Error} If the shape names no kind of value.
 */
export function shapeDifferences(shape: JsonShape, value: unknown, path = 'body'): string[] {
  if (typeof shape === 'string') return textDifferences(shape, value, path)
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [`${path} is ${inShort(value)} and not a list`]
    const [item] = shape
    if (item === undefined)
      return value.length === 0 ? [] : [`${path} has ${value.length} items and should be empty`]
    if (value.length === 0) return [`${path} is empty`]
    return value.flatMap((each, index) => shapeDifferences(item, each, `${path}.${index}`))
  }
  if (typeof shape !== 'object' || shape === null)
    return shape === value ? [] : [`${path} is ${inShort(value)} and not ${shape}`]
  if (!isObject(value)) return [`${path} is ${inShort(value)} and not an object`]
  const { '…': isOpen, ...keys } = shape
  const known = Object.keys(keys).map((key) => key.replace(/\?$/, ''))
  const surplus = isOpen === true ? [] : Object.keys(value).filter((key) => !known.includes(key))
  return [
    ...surplus.map((key) => `${path}.${key} is present and was not recorded`),
    ...Object.entries(keys).flatMap(([name, inner]) => {
      const key = name.replace(/\?$/, '')
      if (key in value) return shapeDifferences(inner, value[key], `${path}.${key}`)
      return name.endsWith('?') ? [] : [`${path}.${key} is missing`]
    }),
  ]
}

function textDifferences(shape: string, value: unknown, path: string): string[] {
  const is = `${path} is ${inShort(value)} and not`
  if (shape.startsWith('=')) return value === shape.slice(1) ? [] : [`${is} ${inShort(shape.slice(1))}`]
  if (shape.startsWith('~')) {
    const pattern = new RegExp(`^(?:${shape.slice(1)})$`)
    return typeof value === 'string' && pattern.test(value) ? [] : [`${is} like ${pattern}`]
  }
  const kinds = shape.split('|').map((kind) => {
    const isOfKind = KINDS[kind]
    if (!isOfKind) throw new Error(`${path}: "${kind}" is not a kind of value. Texts begin with "=".`)
    return isOfKind
  })
  return kinds.some((isOfKind) => isOfKind(value)) ? [] : [`${is} ${shape}`]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const inShort = (value: unknown) => JSON.stringify(value)?.slice(0, 200) ?? 'undefined'
