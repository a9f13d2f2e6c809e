/**
 * Examines the running service, and the domain at which people sign in, from outside.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { REQUEST_PURPOSE, TOKEN_PARAMETER } from '../../core/contract'

/** Longest wait for a response, in milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000
/** `exp` and `iat` of the expired token with which we test the service, in seconds before now. */
const EXPIRED_SECONDS_AGO = 100
const ISSUED_SECONDS_AGO = 1_000

/**
 * Whether the service is reachable and offers links.
 *
 * @param app - The service's origin.
 */
export async function isOffering(app: string): Promise<boolean> {
  return saysOffer(await requestAddress(`${app}/healthz`))
}

/** Whether a response of `/healthz` says that the service offers links. */
export async function saysOffer(response: Response | undefined): Promise<boolean> {
  const health: unknown = await response?.json().catch(() => undefined)
  return typeof health === 'object' && health !== null && 'offer' in health && health.offer === true
}

/**
 * Whether the service accepts tokens signed with a secret. Sends the service an expired token: it responds with `expired` if
 * it knows the secret, otherwise with `bad_token`. This starts no flow and uses up no token.
 *
 * @param app - The service's origin.
 * @param issuer - Host of the tenant's canonical domain.
 * @param secret - The shared secret.
 */
export async function isSharedSecretAccepted(app: string, issuer: string, secret: string): Promise<boolean> {
  const now = Math.floor(Date.now() / 1000)
  const token = await new SignJWT({
    purpose: REQUEST_PURPOSE,
    current_identity: { user_id: 'auth0|provision', provider: 'auth0', connection: 'none' },
    candidate_identities: [],
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(issuer)
    .setSubject('auth0|provision')
    .setJti(randomUUID())
    .setIssuedAt(now - ISSUED_SECONDS_AGO)
    .setExpirationTime(now - EXPIRED_SECONDS_AGO)
    .sign(new TextEncoder().encode(secret))
  const url = new URL('/link', app)
  url.searchParams.set(TOKEN_PARAMETER, token)
  url.searchParams.set('state', 'provision')
  const document = await (await requestAddress(url.href))?.text().catch(() => undefined)
  return document?.includes('data-error="expired"') ?? false
}

/**
 * Whether a domain belongs to a tenant: its discovery document must name the domain itself as issuer.
 *
 * @param origin - The domain's origin.
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationResponse OpenID Connect
 * Discovery 1.0, section 4.2}
 */
export async function isIssuer(origin: string): Promise<boolean> {
  const response = await requestAddress(`${origin}/.well-known/openid-configuration`)
  const metadata: unknown = await response?.json().catch(() => undefined)
  return (
    typeof metadata === 'object' &&
    metadata !== null &&
    'issuer' in metadata &&
    metadata.issuer === `${origin}/`
  )
}

/** Requests a URL without following redirects; undefined if there is no response within ten seconds. */
export function requestAddress(url: string): Promise<Response | undefined> {
  return fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) }).catch(
    () => undefined,
  )
}
