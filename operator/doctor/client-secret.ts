import type { ClientCredentials } from '../../lib/config/config'

/** Longest wait for a response, in milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000

/**
 * Whether the tenant accepts an application's secret. Sends a code that never existed: if the secret is right, the
 * tenant refuses the code (403 `invalid_grant`); if it is wrong, the tenant refuses the application (401). The tenant
 * logs a failed exchange.
 *
 * @param origin - Origin of the domain at which people sign in.
 * @returns Undefined if the response shows neither.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.2 RFC 6749, section 5.2}
 */
export async function isClientSecretAccepted(
  origin: string,
  { id, secret }: ClientCredentials,
): Promise<boolean | undefined> {
  const response = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'authorization_code',
      client_id: id,
      client_secret: secret,
      code: 'doctor',
      redirect_uri: origin,
    }),
    redirect: 'error',
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  }).catch(() => undefined)
  if (response?.status === 401) return false
  const answer: unknown = await response?.json().catch(() => undefined)
  const isCode = typeof answer === 'object' && answer !== null && 'error' in answer
  return isCode && answer.error === 'invalid_grant' ? true : undefined
}
