/**
 * `GET /api/v2/users`: listing and searching users.
 * @module
 */
import { Hono } from 'hono'
import { z } from 'zod'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { FieldsQuery, pickFields, toManagementUser } from '../management/management-user'
import { isUserFound } from '../management/match-user'
import { OffsetQuery, offsetPage } from '../management/offset-page'
import { parseUserQuery, type UserQuery, UserQueryError } from '../management/user-query'
import type { TenantState } from '../state'

/** The most users that can be paged through. */
const MOST = 1_000

const Flag = z.enum(['true', 'false'])

const Query = z.strictObject({
  ...FieldsQuery,
  ...OffsetQuery,
  include_totals: Flag.optional(),
  sort: z
    .string()
    .regex(/^[\w.]+:-?1$/)
    .optional(),
  /** Counts beside `search_engine=v1` only, which is no longer there. */
  connection: z.string().optional(),
  q: z.string().optional(),
  search_engine: z.enum(['v1', 'v2', 'v3']).optional(),
  primary_order: Flag.optional(),
})

/**
 * Lists users, those that a query finds if there is one. Unlike Auth0's, the answer is never behind what was written.
 *
 * @see https://auth0.com/docs/api/management/v2/users/get-users
 */
export function userSearch(state: TenantState): Hono<ManagementEnv> {
  return new Hono<ManagementEnv>().get('/api/v2/users', (context) => {
    requireScope(context.get('caller'), ['read:users', 'read:user_idp_tokens'])
    const query = parsePart(Query, context.req.query(), 'Query')
    assertEngine(query.search_engine)
    const { page = 0, per_page: perPage = 50 } = query
    if ((page + 1) * perPage > MOST) {
      throw new ManagementRefusal(
        400,
        `You can only page through the first ${MOST} records. See https://auth0.com/docs/users/search/v3/view-search-results-by-page#limitation.`,
        'invalid_paging',
      )
    }
    const wanted = query.q === undefined || query.q === '' ? undefined : parseQuery(query.q)
    const found = [...state.users.values()]
      .map(toManagementUser)
      .filter((user) => wanted === undefined || isUserFound(wanted, user))
    const { items, start, limit } = offsetPage(sorted(found, query.sort), query)
    const users = items.map((user) => pickFields(user, query))
    if (query.include_totals !== 'true') return context.json(users)
    return context.json({ start, limit, length: users.length, users, total: found.length })
  })
}

function assertEngine(engine: string | undefined): void {
  if (engine === undefined || engine === 'v3') return
  const instead = engine === 'v2' ? ' Use search_engine=v3 instead.' : ''
  throw new ManagementRefusal(400, `You are not allowed to use search_engine=${engine}.${instead}`)
}

/** What Auth0 says of a broken query is not recorded: the code is that of every query parameter, the sentence ours. */
function parseQuery(text: string): UserQuery {
  try {
    return parseUserQuery(text)
  } catch (error) {
    if (!(error instanceof UserQueryError)) throw error
    throw new ManagementRefusal(400, error.message, 'invalid_query_string')
  }
}

function sorted(users: Record<string, unknown>[], sort: string | undefined): Record<string, unknown>[] {
  if (sort === undefined) return users
  const [field = '', order] = sort.split(':')
  const sign = order === '-1' ? -1 : 1
  return users.toSorted((one, other) => sign * compared(one[field], other[field]))
}

/** Users without the field come last. */
function compared(one: unknown, other: unknown): number {
  if (one === other) return 0
  if (one === undefined || other === undefined) return one === undefined ? 1 : -1
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return String(one) < String(other) ? -1 : 1
}
