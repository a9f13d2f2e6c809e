/**
 * Linking and unlinking: `/api/v2/users/{id}/identities`.
 * @module
 */
import { Hono } from 'hono'
import { z } from 'zod'
import { unmarked } from '../dot-segments'
import { linkUser, unlinkIdentity } from '../management/link-users'
import { parseLinkWith } from '../management/link-with'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart, userMissing } from '../management/management-errors'
import { toLinkedIdentities } from '../management/management-user'
import { ConnectionId, parseUserId } from '../management/parse-user-id'
import { readPayload } from '../management/payload'
import type { TenantState } from '../state'

const SCOPES = ['update:users', 'update:current_user_identities']

/** The values that Auth0 accepts for an identity's `provider`. Some strategies of connections are not among them. */
export const PROVIDERS =
  'ad adfs amazon apple dropbox bitbucket auth0-oidc auth0 baidu bitly box custom daccount dwolla email evernote-sandbox evernote exact facebook fitbit github google-apps google-oauth2 instagram ip line linkedin oauth1 oauth2 office365 oidc okta paypal paypal-sandbox pingfederate planningcenter salesforce-community salesforce-sandbox salesforce samlp sharepoint shopify shop sms soundcloud thirtysevensignals twitter untappd vkontakte waad weibo windowslive wordpress yahoo yandex'.split(
    ' ',
  )

const LinkByIdentity = z.strictObject({
  provider: z.enum(PROVIDERS).describe('The type of identity provider'),
  user_id: z
    .union([z.string().min(1), z.number().int()])
    .transform(String)
    .describe('Unique identifier of the user for this identity.'),
  connection_id: ConnectionId.describe(
    'connection_id of the secondary user account being linked when more than one `auth0` database provider exists.',
  ).optional(),
})

const LinkByToken = z.strictObject({
  link_with: z
    .string()
    .min(1)
    .describe(
      'JWT for the secondary account being linked. If sending this parameter, `provider`, `user_id`, and `connection_id` must not be sent.',
    ),
})

/**
 * The two endpoints that link and unlink accounts.
 *
 * @see https://auth0.com/docs/api/management/v2/users/post-identities
 * @see https://auth0.com/docs/api/management/v2/users/delete-user-identity-by-user-id
 */
export function identities(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.post('/api/v2/users/:id/identities', async (context) => {
    const id = parseUserId(context.req.param('id'))
    const caller = context.get('caller')
    const scope = requireScope(caller, SCOPES, id)
    const payload = await readPayload(context.req)
    const isByToken = 'link_with' in payload
    if (!isByToken && scope !== 'update:users') {
      const message = 'Insufficient scope, expected any of: update:users'
      throw new ManagementRefusal(403, message, 'insufficient_scope')
    }
    const primary = state.users.get(id)
    if (!primary) throw userMissing()

    if (isByToken) {
      const { link_with: token } = parsePart(LinkByToken, payload, 'Payload')
      linkUser(state, primary, await parseLinkWith(state, token, caller))
    } else {
      const { connection_id: connectionId, ...named } = parsePart(LinkByIdentity, payload, 'Payload')
      assertConfigured(state, named.provider, connectionId)
      linkUser(state, primary, named, connectionId)
    }
    context.set('effect', 'link')
    return context.json(toLinkedIdentities(primary), 201)
  })

  app.delete('/api/v2/users/:id/identities/:provider/:user_id', (context) => {
    const { provider, user_id } = context.req.param()
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), SCOPES, id)
    const user = state.users.get(id)
    if (!user) throw userMissing()
    if (unlinkIdentity(state, user, { provider, user_id: unmarked(user_id) })) context.set('effect', 'unlink')
    return context.json(toLinkedIdentities(user))
  })

  return app
}

function assertConfigured(state: TenantState, provider: string, connectionId: string | undefined): void {
  const isConfigured = state.connections.some(
    ({ id, strategy }) => strategy === provider && (connectionId === undefined || id === connectionId),
  )
  if (!isConfigured) {
    throw new ManagementRefusal(400, 'The provider/connection is not configured.', 'inexistent_connection')
  }
}
