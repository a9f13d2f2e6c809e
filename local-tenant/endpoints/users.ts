/**
 * `/api/v2/users` and `/api/v2/users/{id}`.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { endRefreshTokens, endSessions } from '../management/end-access'
import { type Caller, type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart, userMissing } from '../management/management-errors'
import { FieldsQuery, pickFields, toManagementUser } from '../management/management-user'
import { parseUserId } from '../management/parse-user-id'
import { readPayload } from '../management/payload'
import { changeUser, NewUser, UserChange } from '../management/user-payload'
import { assertChangeable, assertCreatable } from '../management/user-refusals'
import type { StoredUser } from '../model'
import type { TenantState } from '../state'

const ReadQuery = z.strictObject(FieldsQuery)

/**
 * Reads, changes, creates and deletes users.
 *
 * @see https://auth0.com/docs/api/management/v2/users
 */
export function users(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/users/:id', (context) => {
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), ['read:users', 'read:current_user', 'read:user_idp_tokens'], id)
    const query = parsePart(ReadQuery, context.req.query(), 'Query')
    const user = state.users.get(id)
    if (user) return context.json(pickFields(toManagementUser(user), query))
    if (state.options.answers.removed_secondary === 'stub' && state.linkedAway.has(id)) {
      return context.json({ user_id: id, identities: [] })
    }
    throw userMissing()
  })

  app.patch('/api/v2/users/:id', async (context) => {
    const id = parseUserId(context.req.param('id'))
    const scopes = ['update:users', 'update:users_app_metadata', 'update:current_user_metadata']
    requireScope(context.get('caller'), scopes, id)
    const change = parsePart(UserChange, await readPayload(context.req), 'Payload')
    assertMayChange(context.get('caller'), change, id)
    assertDomainNamed(state, context.req.header('auth0-custom-domain'))
    const user = state.users.get(id)
    if (!user) throw userMissing()
    assertChangeable(state, user, change)
    changeUser(user, change, new Date(state.now()).toISOString())
    state.publish('user.updated', user)
    context.set('effect', 'patch')
    return context.json(toManagementUser(user))
  })

  app.post('/api/v2/users', async (context) => {
    requireScope(context.get('caller'), ['create:users'])
    const input = parsePart(NewUser, await readPayload(context.req), 'Payload')
    assertDomainNamed(state, context.req.header('auth0-custom-domain'))
    const user = createUser(state, input)
    context.set('effect', 'create')
    return context.json(toManagementUser(user), 201)
  })

  app.delete('/api/v2/users/:id', (context) => {
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), ['delete:users', 'delete:current_user'], id)
    const user = state.users.get(id)
    if (user && state.users.delete(id)) {
      state.publish('user.deleted', user)
      endSessions(state, id)
      endRefreshTokens(state, id)
      context.set('effect', 'delete')
    }
    return context.body(null, 204)
  })

  return app
}

/**
 * With the option `custom_domain_conflict`, refuses a request without the header `auth0-custom-domain`, as a tenant with
 * several verified custom domains does.
 */
function assertDomainNamed({ options }: TenantState, domain: string | undefined): void {
  if (!options.custom_domain_conflict || domain !== undefined) return
  const message = 'The tenant has multiple verified custom domains.'
  throw new ManagementRefusal(409, message, 'custom_domain_conflict')
}

/** Checks the caller's scopes for a change: a scope for one kind of metadata allows changes to that kind only. */
function assertMayChange(caller: Caller, change: UserChange, userId: string): void {
  if (caller.scopes.includes('update:users')) return
  const needed = Object.keys(change).map((key) => {
    if (key === 'app_metadata') return 'update:users_app_metadata'
    return key === 'user_metadata' ? 'update:current_user_metadata' : 'update:users'
  })
  for (const scope of needed) requireScope(caller, [scope], userId)
}

function createUser(state: TenantState, input: NewUser): StoredUser {
  const {
    connection: name,
    user_id: id = randomBytes(12).toString('hex'),
    verify_email: _verify,
    ...root
  } = input
  const connection = state.connections.find((each) => each.name === name)
  if (!connection) throw new ManagementRefusal(400, 'The connection does not exist.', 'inexistent_connection')
  const { strategy } = connection
  assertCreatable(connection, input)
  // Database and passwordless connections store email addresses in lower case.
  const email = root.email?.toLowerCase()
  const isTaken = email !== undefined && state.findAccount(name, email) !== undefined
  if (isTaken || state.findUserByIdentity(strategy, id)) {
    throw new ManagementRefusal(409, 'The user already exists.', 'auth0_idp_error')
  }
  return state.createUser({
    ...root,
    ...(email !== undefined && { email }),
    user_id: `${strategy}|${id}`,
    identities: [{ provider: strategy, user_id: id, connection: name }],
  })
}
