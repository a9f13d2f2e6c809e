/**
 * The password grants of `POST /oauth/token`.
 * @module
 */
import type { Context } from 'hono'
import { grantedScopes, userinfoAudience } from '../login/access-token'
import { issueTokens, runBackChannelLogin, TokenRefusal } from '../login/issue-tokens'
import { recordLogin } from '../login/record-login'
import { findResourceServer } from '../management/resource-server'
import type { Door, StoredClient } from '../model'
import type { TenantEnv } from '../tenant-env'
import { doorFor, type TenantParts } from '../tenant-parts'
import { identityByPassword } from './login'

/**
 * Signs in a user by password, without a browser.
 *
 * @param parts - The tenant.
 * @param parameters - `username`, `password`, `scope`, `audience`, and `realm`, the name of a connection.
 * @throws {TokenRefusal} `invalid_grant` for a wrong email address or password, `unauthorized` for a blocked user,
 *   `invalid_request` for an API that the tenant does not have, or the error of an Action that denies the login.
 * @see https://auth0.com/docs/api/authentication#resource-owner-password
 */
export async function passwordGrant(
  parts: TenantParts,
  context: Context<TenantEnv>,
  client: StoredClient,
  parameters: Record<string, unknown>,
): Promise<Response> {
  const { state } = parts
  const databases = state.connections
    .filter(({ strategy }) => strategy === 'auth0')
    .filter(({ authentication, name }) => authentication.active && (parameters.realm ?? name) === name)
    .map(({ name }) => name)
  const identity = identityByPassword(
    state,
    databases,
    String(parameters.username),
    String(parameters.password),
  )
  const user = identity && state.findUserByIdentity(identity.provider, identity.user_id)
  if (!identity || !user) throw new TokenRefusal(403, 'invalid_grant', 'Wrong email or password.')
  if (user.blocked) throw new TokenRefusal(403, 'unauthorized', 'user is blocked')

  const audience = typeof parameters.audience === 'string' ? parameters.audience : undefined
  if (audience !== undefined && !isKnown(parts, doorFor(parts, context), audience))
    throw new TokenRefusal(400, 'invalid_request', 'invalid audience specified for password grant exchange')
  const asked = typeof parameters.scope === 'string' ? parameters.scope.split(' ') : ['openid']
  const now = state.now()
  recordLogin(parts, context, user)
  const grant = {
    clientId: client.client_id,
    userId: user.user_id,
    identity,
    door: doorFor(parts, context),
    scopes: grantedScopes(state, user.user_id, asked, audience),
    audience,
    authTime: Math.floor(now / 1000),
    amr: ['pwd'],
    methods: [{ name: 'pwd', timestamp: new Date(now).toISOString() }],
    idTokenClaims: {},
    accessTokenClaims: {},
    issuedAt: now,
  }
  return issueTokens(
    parts,
    context,
    await runBackChannelLogin(parts, context, client, grant, 'oauth2-password'),
  )
}

/** Says whether the tenant issues tokens for this audience: one of its APIs, or `/userinfo` of the domain. */
function isKnown({ state }: TenantParts, door: Door, audience: string): boolean {
  return audience === userinfoAudience(door) || findResourceServer(state, audience) !== undefined
}
