/**
 * `/api/v2/users/{id}/authentication-methods` and `/api/v2/users/{id}/authentication-methods/{id}`.
 * @module
 */
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { randomToken } from '../login/transactions'
import {
  channelOf,
  MethodChange,
  MethodReplacement,
  masked,
  methodsOf,
  NewMethod,
  removeMethods,
  toManagementMethod,
} from '../management/authentication-method'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { requireUser } from '../management/management-rights'
import { OffsetQuery, offsetPage } from '../management/offset-page'
import { parseUserId } from '../management/parse-user-id'
import { readList, readPayload } from '../management/payload'
import type { StoredUser } from '../model'
import { rightsOf } from '../rights'
import type { StoredMethod } from '../rights-model'
import type { TenantState } from '../state'
import { methodId } from '../world/world-rights'

/** The most passkeys that a user can have. */
const MAX_PASSKEYS = 20

const ListQuery = z.strictObject({ ...OffsetQuery, include_totals: z.enum(['true', 'false']).optional() })

/**
 * Reads, creates, replaces, changes and deletes a user's authentication methods. Methods that are created here count as
 * confirmed at once.
 *
 * @see https://auth0.com/docs/api/management/v2/users/get-authentication-methods
 */
export function authenticationMethods(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()
  const path = '/api/v2/users/:id/authentication-methods'
  const onePath = `${path}/:method` as const

  function userOf(context: Context<ManagementEnv, typeof path>, verb: string): StoredUser {
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), [`${verb}:authentication_methods`])
    return requireUser(state, id)
  }

  app.get(path, (context) => {
    const user = userOf(context, 'read')
    const query = parsePart(ListQuery, context.req.query(), 'Query')
    const all = methodsOf(user).map((method) => toManagementMethod(method, user))
    const { items, start, limit } = offsetPage(all, query)
    if (query.include_totals !== 'true') {
      context.set('total', all.length)
      return context.json(items)
    }
    // As at Auth0, there is no total if the user has no methods.
    return context.json({ authenticators: items, ...(all.length > 0 && { total: all.length }), start, limit })
  })

  app.post(path, async (context) => {
    const user = userOf(context, 'create')
    const input = parsePart(NewMethod, await readPayload(context.req), 'Payload')
    const { totp_secret: _secret, user_handle: _handle, ...rest } = input
    const method = newMethod(state, rest)
    refuseTaken(user, method)
    rightsOf(user).authentication_methods.push(method)
    context.set('effect', 'create')
    return context.json({ ...masked(method), ...channelOf(method) }, 201)
  })

  app.put(path, async (context) => {
    const user = userOf(context, 'update')
    const list = z.array(MethodReplacement)
    const inputs = parsePart(list, await readList(context.req), 'Payload')
    removeMethods(user, () => true)
    const methods = inputs.map(({ totp_secret: _secret, ...rest }) => newMethod(state, rest))
    rightsOf(user).authentication_methods = methods
    context.set('effect', 'patch')
    return context.json(methods.map((method) => ({ ...method, ...channelOf(method) })))
  })

  app.delete(path, (context) => {
    const user = userOf(context, 'delete')
    if (methodsOf(user).length > 0) context.set('effect', 'delete')
    removeMethods(user, () => true)
    return context.body(null, 204)
  })

  app.get(onePath, (context) => {
    const user = userOf(context, 'read')
    return context.json(toManagementMethod(requireMethod(user, context.req.param('method')), user))
  })

  app.patch(onePath, async (context) => {
    const user = userOf(context, 'update')
    const method = requireMethod(user, context.req.param('method'))
    Object.assign(method, parsePart(MethodChange, await readPayload(context.req), 'Payload'))
    context.set('effect', 'patch')
    return context.json({ ...masked(method), ...channelOf(method) })
  })

  app.delete(onePath, (context) => {
    const user = userOf(context, 'delete')
    const { id } = requireMethod(user, context.req.param('method'))
    removeMethods(user, (method) => method.id === id)
    context.set('effect', 'delete')
    return context.body(null, 204)
  })

  return app
}

function newMethod(state: TenantState, input: Omit<StoredMethod, 'id' | 'created_at'>): StoredMethod {
  return {
    ...input,
    id: methodId(input.type, randomToken()),
    created_at: new Date(state.now()).toISOString(),
  }
}

function requireMethod(user: StoredUser, id: string): StoredMethod {
  const method = methodsOf(user).find((each) => each.id === id)
  if (!method) throw new ManagementRefusal(404, 'The authentication method does not exist.')
  return method
}

/**
 * Refuses a method that the user already has: a second authenticator app, or the same email address, phone number or key.
 * Also refuses a 21st passkey.
 */
function refuseTaken(
  user: StoredUser,
  { type, email, phone_number: phone, key_id: key }: StoredMethod,
): void {
  const same = methodsOf(user).filter((each) => each.type === type)
  const isTaken = same.some(
    (each) => each.email === email && each.phone_number === phone && each.key_id === key,
  )
  if (isTaken) throw new ManagementRefusal(409, 'Authentication method already exists.')
  if (type !== 'passkey' || same.length < MAX_PASSKEYS) return
  throw new ManagementRefusal(403, 'You reached the limit of entities of this type for this user.')
}
