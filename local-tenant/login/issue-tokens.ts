/**
 * Responses of the token endpoint.
 * @module
 */
import type { Context } from 'hono'
import { runPostLogin } from '../actions/post-login'
import type { Grant, StoredClient } from '../model'
import type { TenantEnv } from '../tenant-env'
import { actionRequest, type TenantParts } from '../tenant-parts'
import { accessToken, accessTokenSeconds } from './access-token'
import { idToken } from './id-token'
import { initialLoginState, randomToken } from './transactions'

/** Thrown to refuse a token request. `code` is the OAuth error, the message its description. */
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
 * Returns the error response for a refused token request.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.2 RFC 6749 section 5.2}
 */
export function tokenError(context: Context, refusal: TokenRefusal): Response {
  return context.json({ error: refusal.code, error_description: refusal.message }, refusal.status)
}

/**
 * Returns the response with the tokens of a grant.
 *
 * @param parts - The tenant.
 * @param grant - What was granted.
 * @param options - `isRefresh`: the client already has a refresh token and gets no new one.
 * @throws {TokenRefusal} `invalid_grant` if the user of the grant no longer exists.
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
    expires_in: accessTokenSeconds(state, grant.audience),
    token_type: 'Bearer',
  }
  if (grant.scopes.includes('openid')) answer.id_token = await idToken(state, grant, user)
  if (grant.scopes.includes('offline_access') && !isRefresh) {
    const refreshToken = randomToken()
    const createdAt = new Date(state.now()).toISOString()
    state.refreshTokens.set(refreshToken, { id: randomToken(), created_at: createdAt, grant })
    answer.refresh_token = refreshToken
  }
  context.header('cache-control', 'no-store')
  return context.json(answer)
}

/**
 * Runs the Actions of a login without a browser.
 *
 * @param parts - The tenant.
 * @param client - The calling client.
 * @param grant - The user of the login, and what was granted.
 * @param protocol - The value of `event.transaction.protocol`.
 * @returns The grant, with the user and the claims that the Actions set.
 * @throws {TokenRefusal} If the login is denied, with the error of the denial.
 */
export async function runBackChannelLogin(
  parts: TenantParts,
  context: Context<TenantEnv>,
  client: StoredClient,
  grant: Grant,
  protocol: 'oauth2-refresh-token' | 'oauth2-password',
): Promise<Grant> {
  const login = {
    transactionId: randomToken(),
    door: grant.door,
    protocol,
    client,
    scopes: grant.scopes,
    organization: grant.organization,
    userId: grant.userId,
    identity: grant.identity,
    session: grant.sessionId === undefined ? undefined : parts.state.sessions.get(grant.sessionId),
    methods: [...grant.methods],
    ...initialLoginState(),
  }
  const body = { client_id: client.client_id }
  const request = actionRequest(parts, context, { method: 'POST', query: {}, body })
  const outcome = await runPostLogin(parts, login, request)
  if (outcome.kind === 'denied') throw new TokenRefusal(403, outcome.error, outcome.description)
  const { idTokenClaims, accessTokenClaims } = login
  return { ...grant, userId: login.userId, idTokenClaims, accessTokenClaims }
}
