/**
 * The Management API, under `/api/v2` at the login domain and at the canonical domain.
 * @module
 */
import { Hono, type MiddlewareHandler } from 'hono'
import { managementHeaders } from '../management/answer-headers'
import { type ManagementEnv, managementAuth } from '../management/management-auth'
import { ManagementRefusal, managementError } from '../management/management-errors'
import { rateLimit } from '../management/rate-limit'
import type { TenantState } from '../state'
import { actionVersions } from './action-versions'
import { actions } from './actions'
import { authenticationMethods } from './authentication-methods'
import { clientGrants } from './client-grants'
import { clients } from './clients'
import { connections } from './connections'
import { enrollments } from './enrollments'
import { eventStreams } from './event-streams'
import { identities } from './identities'
import { jobs } from './jobs'
import { organizationMembers } from './organization-members'
import { organizations } from './organizations'
import { provisioning } from './provisioning'
import { refreshTokens } from './refresh-tokens'
import { resourceServers } from './resource-servers'
import { roles } from './roles'
import { rules } from './rules'
import { sessions } from './sessions'
import { tenantSettings } from './tenant-settings'
import { triggers } from './triggers'
import { userExports } from './user-exports'
import { userPermissions } from './user-permissions'
import { userSearch } from './user-search'
import { users } from './users'
import { usersByEmail } from './users-by-email'

/**
 * Builds the part of the Management API that account linking and its setup need. The routes have full paths: mount the
 * result at `/`.
 *
 * @see https://auth0.com/docs/api/management/v2
 */
export function managementApi(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()
  app.use('/api/v2/*', managementHeaders(), dated(state), rateLimit(state), managementAuth(state))
  const people = [userSearch, users, usersByEmail, identities, sessions, refreshTokens, jobs, userExports]
  const rights = [
    roles,
    userPermissions,
    organizations,
    organizationMembers,
    authenticationMethods,
    enrollments,
  ]
  const configuration = [
    clients,
    clientGrants,
    connections,
    provisioning,
    resourceServers,
    rules,
    actions,
    actionVersions,
    triggers,
    eventStreams,
    tenantSettings,
  ]
  for (const endpoints of [...people, ...rights, ...configuration]) {
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

/** Sets the `date` header by the tenant's clock, which may differ from the machine's. */
function dated(state: TenantState): MiddlewareHandler<ManagementEnv> {
  return async (context, next) => {
    await next()
    context.header('date', new Date(state.now()).toUTCString())
  }
}
