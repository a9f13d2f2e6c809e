/**
 * The token endpoint's answers.
 * @module
 */
import type { Context } from 'hono'
import { runPostLogin } from '../actions/post-login'
import type { Grant, StoredClient } from '../model'
import type { TenantEnv } from '../tenant-env'
import { actionRequest, type TenantParts } from '../tenant-parts'
import { ACCESS_TOKEN_LIFE, accessToken } from './access-token'
import { idToken } from './id-token'
import { opaque, untouched } from './transactions'

/** A token request that is refused; `code` is the OAuth error, the message its description. */
export class TokenRefusal extends Error {
  override readonly name = 'TokenRefusal'
  constructor(
    readonly status: 400 | 401 | 403,
    readonly code: string,
    description: string,
  ) {
    super(description)
  }
}

/**
 * Answers a refused token request.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.2 RFC 6749 section 5.2}
 */
export function tokenError(context: Context, refusal: TokenRefusal): Response {
  return context.json({ error: refusal.code, error_description: refusal.message }, refusal.status)
}

/**
 * Answers with the tokens of a grant.
 *
 * @param parts - The tenant.
 * @param grant - What was granted.
 * @param options - `isRefresh`: the client has a refresh token already.
 * @throws {TokenRefusal} `invalid_grant` when its user is gone.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse OpenID Connect Core section 3.1.3.3}
 */
export async function issueTokens(
  { state }: TenantParts,
  context: Context<TenantEnv>,
  grant: Grant,
  { isRefresh = false }: { isRefresh?: boolean } = {},
): Promise<Response> {
  const user = state.users.get(grant.userId)
  if (!user) throw new TokenRefusal(403, 'invalid_grant', 'The user of this grant does not exist.')
  const answer: Record<string, unknown> = {
    access_token: await accessToken(state, grant),
    scope: grant.scopes.join(' '),
    expires_in: ACCESS_TOKEN_LIFE,
    token_type: 'Bearer',
  }
  if (grant.scopes.includes('openid')) answer.id_token = await idToken(state, grant, user)
  if (grant.scopes.includes('offline_access') && !isRefresh) {
    const refreshToken = opaque()
    const createdAt = new Date(state.now()).toISOString()
    state.refreshTokens.set(refreshToken, { id: opaque(), created_at: createdAt, grant })
    answer.refresh_token = refreshToken
  }
  context.header('cache-control', 'no-store')
  return context.json(answer)
}

/**
 * Runs the Actions of a login that has no browser.
 *
 * @param parts - The tenant.
 * @param client - Who asks.
 * @param grant - Who the login is for, and what was granted.
 * @param protocol - As `event.transaction.protocol` names it.
 * @returns The grant, with what the Actions changed.
 * @throws {TokenRefusal} With the Actions' denial.
 */
export async function runBackChannelLogin(
  parts: TenantParts,
  context: Context<TenantEnv>,
  client: StoredClient,
  grant: Grant,
  protocol: 'oauth2-refresh-token' | 'oauth2-password',
): Promise<Grant> {
  const login = {
    transactionId: opaque(),
    door: grant.door,
    protocol,
    client,
    scopes: grant.scopes,
    userId: grant.userId,
    identity: grant.identity,
    session: grant.sessionId === undefined ? undefined : parts.state.sessions.get(grant.sessionId),
    methods: [...grant.methods],
    ...untouched(),
  }
  const body = { client_id: client.client_id }
  const request = actionRequest(parts, context, { method: 'POST', query: {}, body })
  const outcome = await runPostLogin(parts, login, request)
  if (outcome.kind === 'denied') throw new TokenRefusal(403, outcome.error, outcome.description)
  const { idTokenClaims, accessTokenClaims } = login
  return { ...grant, userId: login.userId, idTokenClaims, accessTokenClaims }
}
