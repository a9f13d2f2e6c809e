/**
 * The Management API, under `/api/v2` on both doors.
 * @module
 */
import { Hono } from 'hono'
import { type ManagementEnv, managementAuth } from '../management/management-auth'
import { ManagementRefusal, managementError } from '../management/management-errors'
import { rateLimit } from '../management/rate-limit'
import type { TenantState } from '../state'
import { connections } from './connections'
import { identities } from './identities'
import { refreshTokens } from './refresh-tokens'
import { sessions } from './sessions'
import { users } from './users'
import { usersByEmail } from './users-by-email'

/**
 * The part of the Management API that account linking needs. Its paths are whole: mount it at `/`.
 *
 * @see https://auth0.com/docs/api/management/v2
 */
export function managementApi(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()
  app.use('/api/v2/*', rateLimit(state), managementAuth(state))
  for (const endpoints of [users, usersByEmail, identities, sessions, refreshTokens, connections]) {
    app.route('/', endpoints(state))
  }
  app.all('/api/v2/*', () => managementError(404, 'Not Found'))
  app.onError((error) => {
    if (!(error instanceof ManagementRefusal)) throw error
    const { status, message, errorCode } = error
    return managementError(status, message, errorCode === undefined ? {} : { errorCode })
  })
  return app
}
