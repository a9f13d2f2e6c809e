/**
 * `GET /api/v2/users-by-email`.
 * @module
 */
import { Hono } from 'hono'
import { z } from 'zod'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { parsePart } from '../management/management-errors'
import { FieldsQuery, pickFields, toManagementUser } from '../management/management-user'
import type { TenantState } from '../state'

const Query = z.strictObject({ email: z.string().includes('@'), ...FieldsQuery })

/**
 * Lists the users with exactly this email address, in the same case. With
 * `options.answers.email_matches_linked`, this includes users of whom only a linked identity has the address.
 *
 * @see https://auth0.com/docs/api/management/v2/users-by-email/get-users-by-email
 */
export function usersByEmail(state: TenantState): Hono<ManagementEnv> {
  return new Hono<ManagementEnv>().get('/api/v2/users-by-email', (context) => {
    requireScope(context.get('caller'), ['read:users'])
    const query = parsePart(Query, context.req.query(), 'Query')
    const { email_matches_linked: isMatchingLinked, users_by_email_limit: limit } = state.options.answers
    const found = [...state.users.values()].filter(
      (user) =>
        user.email === query.email ||
        (isMatchingLinked && user.identities.some(({ profileData }) => profileData?.email === query.email)),
    )
    return context.json(
      found.slice(0, limit ?? found.length).map((user) => pickFields(toManagementUser(user), query)),
    )
  })
}
