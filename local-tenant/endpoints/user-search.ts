/**
 * `GET /api/v2/users`: lists and searches users.
 * @module
 */
import { Hono } from 'hono'
import { z } from 'zod'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { attributeOf, FieldsQuery, pickFields, toManagementUser } from '../management/management-user'
import { isUserFound } from '../management/match-user'
import { OffsetQuery, offsetPage } from '../management/offset-page'
import { parseUserQuery, type UserQuery, UserQueryError } from '../management/user-query'
import type { StoredUser } from '../model'
import type { TenantState } from '../state'

/** How many users a caller can page through. */
const MAX_PAGED_USERS = 1_000

const Flag = z.enum(['true', 'false'])

const Query = z.strictObject({
  ...FieldsQuery,
  ...OffsetQuery,
  include_totals: Flag.optional(),
  sort: z
    .string()
    .regex(/^[\w.]+:-?1$/)
    .optional(),
  /** Only used with `search_engine=v1`, which no longer exists. */
  connection: z.string().optional(),
  q: z.string().optional(),
  search_engine: z.enum(['v1', 'v2', 'v3']).optional(),
  primary_order: Flag.optional(),
})

/**
 * Lists users: all of them, or those that a query finds. Unlike Auth0's index, the result always reflects the latest writes.
 *
 * @see https://auth0.com/docs/api/management/v2/users/get-users
 */
export function userSearch(state: TenantState): Hono<ManagementEnv> {
  return new Hono<ManagementEnv>().get('/api/v2/users', (context) => {
    requireScope(context.get('caller'), ['read:users', 'read:user_idp_tokens'])
    const query = parsePart(Query, context.req.query(), 'Query')
    assertEngine(query.search_engine)
    const { page = 0, per_page: perPage = 50 } = query
    if ((page + 1) * perPage > MAX_PAGED_USERS) {
      throw new ManagementRefusal(
        400,
        `You can only page through the first ${MAX_PAGED_USERS} records. See https://auth0.com/docs/users/search/v3/view-search-results-by-page#limitation.`,
        'invalid_paging',
      )
    }
    const wanted = query.q === undefined || query.q === '' ? undefined : parseQuery(query.q)
    const found = [...state.users.values()].filter(
      (user) => wanted === undefined || isUserFound(wanted, (name) => attributeOf(user, name)),
    )
    const { items, start, limit } = offsetPage(sorted(found, query.sort), query)
    const users = items.map((user) => pickFields(toManagementUser(user), query))
    if (query.include_totals !== 'true') return context.json(users)
    return context.json({ start, limit, length: users.length, users, total: found.length })
  })
}

function assertEngine(engine: string | undefined): void {
  if (engine === undefined || engine === 'v3') return
  const instead = engine === 'v2' ? ' Use search_engine=v3 instead.' : ''
  throw new ManagementRefusal(400, `You are not allowed to use search_engine=${engine}.${instead}`)
}

/**
 * Parses a query. Our recordings of Auth0's traffic have no response to a query with a syntax error. So the error code is
 * the one for query parameters in general, and the message is our own.
 */
function parseQuery(text: string): UserQuery {
  try {
    return parseUserQuery(text)
  } catch (error) {
    if (!(error instanceof UserQueryError)) throw error
    throw new ManagementRefusal(400, error.message, 'invalid_query_string')
  }
}

function sorted(users: StoredUser[], sort: string | undefined): StoredUser[] {
  if (sort === undefined) return users
  const [field = '', order] = sort.split(':')
  const sign = order === '-1' ? -1 : 1
  return users
    .map((user) => ({ user, value: attributeOf(user, field) }))
    .sort((one, other) => sign * compared(one.value, other.value))
    .map(({ user }) => user)
}

/** Compares two values. Users without the field come last in ascending order, and first in descending order. */
function compared(one: unknown, other: unknown): number {
  if (one === other) return 0
  if (one === undefined || other === undefined) return one === undefined ? 1 : -1
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return String(one) < String(other) ? -1 : 1
}
