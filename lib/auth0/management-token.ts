import 'server-only'
import { z } from 'zod'
import { config } from '@/lib/config'
import { ManagementApiError } from './management-api-error'

/** Longest wait for the token endpoint, in milliseconds. */
const DEADLINE = 2500
/** A token is renewed once this share of its life is over, so that none expires on its way. */
const USABLE_SHARE = 0.8

interface HeldToken {
  value: string
  /** Milliseconds since the epoch. */
  renewAt: number
}

interface TokenHolder {
  held?: HeldToken
  inFlight?: Promise<HeldToken>
}

const TokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

// Next.js bundles this module once per route; one holder on globalThis makes it one token per process.
const HOLDER = Symbol.for('account-linking.management-token')
const globals = globalThis as typeof globalThis & { [HOLDER]?: TokenHolder }

function holder(): TokenHolder {
  globals[HOLDER] ??= {}
  return globals[HOLDER]
}

/**
 * The access token for the Management API: fetched with client credentials, kept for the process, renewed ahead of
 * its expiry. Callers that arrive together share one request.
 *
 * @throws {ManagementApiError} `tenant_unreachable` or `management_failed`.
 * @see {@link https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens/get-management-api-access-tokens-for-production Access tokens for production}
 */
export async function managementToken(): Promise<string> {
  const tokens = holder()
  if (tokens.held && Date.now() < tokens.held.renewAt) return tokens.held.value
  tokens.inFlight ??= requestToken().finally(() => {
    tokens.inFlight = undefined
  })
  tokens.held = await tokens.inFlight
  return tokens.held.value
}

/**
 * Forgets a token that the Management API refused; the next call fetches another.
 *
 * @param value - The refused token. One that was renewed meanwhile is kept.
 */
export function dropManagementToken(value: string): void {
  const tokens = holder()
  if (tokens.held?.value === value) tokens.held = undefined
}

async function requestToken(): Promise<HeldToken> {
  const { managementDomain, managementClientId, managementClientSecret } = config()
  const askedAt = Date.now()
  const response = await fetch(`${managementDomain.origin}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: managementClientId,
      client_secret: managementClientSecret,
      audience: `${managementDomain.origin}/api/v2/`,
    }),
    cache: 'no-store',
    redirect: 'error',
    signal: AbortSignal.timeout(DEADLINE),
  }).catch(() => {
    throw new ManagementApiError('tenant_unreachable')
  })
  if (!response.ok)
    throw new ManagementApiError(
      response.status >= 500 ? 'tenant_unreachable' : 'management_failed',
      response.status,
    )
  const answer = TokenAnswer.safeParse(await response.json().catch(() => undefined))
  if (!answer.success) throw new ManagementApiError('management_failed', response.status)
  return {
    value: answer.data.access_token,
    renewAt: askedAt + answer.data.expires_in * 1000 * USABLE_SHARE,
  }
}
