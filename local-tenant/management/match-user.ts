/**
 * Decides which users a search query finds.
 * @module
 */
import { type Bound, type Criterion, type UserQuery, unescaped } from './user-query'

/** Fields that are compared without regard to case. */
const CASE_INSENSITIVE_FIELDS = ['email', 'email.domain', 'name', 'given_name', 'family_name', 'nickname']

/** Fields that a term without a field is compared with. */
const DEFAULT_FIELDS = [
  'user_id',
  'email',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'username',
  'phone_number',
]

const DAY_MS = 86_400_000

/** Returns an attribute of a user by its name. */
type Attribute = (name: string) => unknown

/**
 * Says whether a query finds a user.
 *
 * @param query - The query.
 * @param attribute - Returns an attribute of the user, in the form that the Management API shows.
 * @see https://auth0.com/docs/manage-users/user-search/user-search-query-syntax
 */
export function isUserFound(query: UserQuery, attribute: Attribute): boolean {
  switch (query.kind) {
    case 'all':
      return true
    case 'or':
      return query.queries.some((each) => isUserFound(each, attribute))
    case 'group': {
      const { required, excluded, optional } = query
      return (
        required.every((each) => isUserFound(each, attribute)) &&
        !excluded.some((each) => isUserFound(each, attribute)) &&
        (required.length > 0 ||
          optional.length === 0 ||
          optional.some((each) => isUserFound(each, attribute)))
      )
    }
    case 'term': {
      const fields = query.field === null ? DEFAULT_FIELDS : [query.field]
      return fields.some((field) => isFieldMatched(field, query.criterion, attribute))
    }
  }
}

function isFieldMatched(field: string, criterion: Criterion, attribute: Attribute): boolean {
  // Auth0 does not support ranges and wildcards for `user_metadata`.
  const isExact = criterion.kind === 'text' || criterion.kind === 'exists'
  if (/^user_metadata\b/.test(field) && !isExact) return false
  const isCaseless = CASE_INSENSITIVE_FIELDS.includes(field)
  return valuesAt(attribute, field).some((value) => isMatched(value, criterion, isCaseless))
}

/** Returns the values at a path. If a step is a list, all its items are followed. */
function valuesAt(attribute: Attribute, path: string): unknown[] {
  if (path === 'email.domain') {
    const email = attribute('email')
    return typeof email === 'string' ? [email.slice(email.lastIndexOf('@') + 1)] : []
  }
  const [root = '', ...steps] = path.replace(/\.raw$/, '').split('.')
  return steps
    .reduce<unknown[]>((found, step) => found.flatMap((value) => stepInto(value, step)), [attribute(root)])
    .flat()
    .filter((value) => value !== undefined && value !== null)
}

function stepInto(value: unknown, step: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => stepInto(each, step))
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return []
  return [(value as Record<string, unknown>)[step]]
}

function isMatched(value: unknown, criterion: Criterion, isCaseless: boolean): boolean {
  // Empty lists and objects count as absent, because Auth0 does not index them.
  if (criterion.kind === 'exists') return typeof value !== 'object' || Object.keys(value ?? {}).length > 0
  if (typeof value === 'object') return false
  const cased = (text: string) => (isCaseless ? text.toLowerCase() : text)
  switch (criterion.kind) {
    case 'text':
      return typeof value === 'number'
        ? value === Number(criterion.text)
        : cased(String(value)) === cased(criterion.text)
    case 'pattern':
      return toRegExp(criterion.pattern, isCaseless).test(String(value))
    case 'range':
      return isWithin(value, criterion.from, criterion.to, cased)
  }
}

function toRegExp(pattern: string, isCaseless: boolean): RegExp {
  const source = pattern.replace(/\\[\s\S]|[\s\S]/g, (part) => {
    if (part === '*') return '[^]*'
    if (part === '?') return '[^]'
    return unescaped(part).replace(/\W/, '\\$&')
  })
  return new RegExp(`^${source}$`, isCaseless ? 'i' : '')
}

function isWithin(value: unknown, from: Bound, to: Bound, cased: (text: string) => string): boolean {
  const number = toNumber(value)
  // If a bound is a whole day, an inclusive bound includes all of that day and an exclusive bound none of it.
  const low = boundToNumber(from, number, from.isIncluded ? 0 : DAY_MS - 1)
  const high = boundToNumber(to, number, to.isIncluded ? DAY_MS - 1 : 0)
  if (number !== null && (low !== null || from.text === '*') && (high !== null || to.text === '*')) {
    const isAbove = low === null || (from.isIncluded ? number >= low : number > low)
    return isAbove && (high === null || (to.isIncluded ? number <= high : number < high))
  }
  const text = cased(String(value))
  const lower = cased(from.text)
  const upper = cased(to.text)
  const isAbove = lower === '*' || (from.isIncluded ? text >= lower : text > lower)
  return isAbove && (upper === '*' || (to.isIncluded ? text <= upper : text < upper))
}

/** Converts a number or a date into a number that can be compared; null for other values. */
function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : null
}

function boundToNumber({ text }: Bound, value: number | null, restOfDay: number): number | null {
  if (text === '*' || value === null) return null
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return Date.parse(text) + restOfDay
  const number = /^\d{4}-/.test(text) ? Date.parse(text) : Number(text)
  return Number.isNaN(number) ? null : number
}
