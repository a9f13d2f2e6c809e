import 'server-only'
import { decodeJwt } from 'jose'
import { z } from 'zod'
import type { ManagementApiErrorCode } from './management-api-error'

/** Longest wait for the token endpoint, in milliseconds. */
const TOKEN_TIMEOUT_MS = 2500

/** A client that gets tokens for itself, by the client credentials grant. */
export interface TokenClient {
  /** Our own name for the client, part of the key under which its tokens are stored. */
  name: string
  /** Origin of the tenant's domain that issues the tokens, without a slash at the end. */
  origin: string
  /** The API that the tokens are for. */
  audience: string
  clientId: string
  clientSecret: string
}

/** An access token, its scopes, and when it was issued and expires, both in milliseconds since the epoch. */
export const IssuedToken = z.object({
  value: z.string().min(1),
  scopes: z.array(z.string()),
  issuedAt: z.number(),
  expiresAt: z.number(),
})
/** An access token. */
export type IssuedToken = z.infer<typeof IssuedToken>

/** The result of a token request. */
export type TokenAnswer =
  | { token: IssuedToken }
  | {
      failure: Extract<ManagementApiErrorCode, 'tenant_unreachable' | 'management_failed'>
      status?: number
    }

const Answer = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  scope: z.string().nullish(),
})

/**
 * Asks the tenant for a token, with client credentials. If the response has no `scope`, the scopes are read from the token.
 *
 * @returns The token, or why there is none. Nothing else of the tenant's response is returned.
 * @see {@link https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens/get-management-api-access-tokens-for-production Access tokens for production}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.4 RFC 6749, section 4.4}, and 5.1 for `scope`
 */
export async function requestToken(client: TokenClient): Promise<TokenAnswer> {
  const issuedAt = Date.now()
  const response = await post(client).catch(() => undefined)
  if (!response) return { failure: 'tenant_unreachable' }
  const { status } = response
  if (!response.ok) return { failure: status >= 500 ? 'tenant_unreachable' : 'management_failed', status }
  const answer = Answer.safeParse(await response.json().catch(() => undefined))
  if (!answer.success) return { failure: 'management_failed', status }
  const { access_token, expires_in, scope } = answer.data
  return {
    token: {
      value: access_token,
      scopes: (scope ?? scopeOfToken(access_token)).split(' ').filter(Boolean),
      issuedAt,
      expiresAt: issuedAt + expires_in * 1000,
    },
  }
}

/** The `scope` claim of an access token; empty if it is not a JWT. We do not verify the signature: the API that gets it does. */
function scopeOfToken(accessToken: string): string {
  try {
    const { scope } = decodeJwt(accessToken)
    return typeof scope === 'string' ? scope : ''
  } catch {
    return ''
  }
}

function post({ origin, audience, clientId, clientSecret }: TokenClient): Promise<Response> {
  return fetch(`${origin}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      audience,
    }),
    cache: 'no-store',
    redirect: 'error',
    signal: AbortSignal.timeout(TOKEN_TIMEOUT_MS),
  })
}
