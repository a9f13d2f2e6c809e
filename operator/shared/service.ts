/**
 * The running service, and the domain that people sign in at, as they look from outside.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { REQUEST_PURPOSE, TOKEN_PARAMETER } from '../../core/contract'

/** Longest wait for an answer, in milliseconds. */
const WAIT = 10_000
/** How long ago the token that asks has ended, and begun, in seconds. */
const ENDED = 100
const BEGUN = 1_000

/**
 * Whether the service answers and offers.
 *
 * @param app - Its origin.
 */
export async function isOffering(app: string): Promise<boolean> {
  return saysOffer(await lookAt(`${app}/healthz`))
}

/** Whether an answer of `/healthz` says that links are offered. */
export async function saysOffer(response: Response | undefined): Promise<boolean> {
  const health: unknown = await response?.json().catch(() => undefined)
  return typeof health === 'object' && health !== null && 'offer' in health && health.offer === true
}

/**
 * Whether the service takes tokens signed with a secret. It is shown one that has expired: knowing the secret, it says
 * `expired`; not knowing it, `bad_token`. Nothing is opened or used up by it.
 *
 * @param app - Its origin.
 * @param issuer - Host of the tenant's canonical domain.
 * @param secret - The shared secret.
 */
export async function takesSecret(app: string, issuer: string, secret: string): Promise<boolean> {
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
    .setIssuedAt(now - BEGUN)
    .setExpirationTime(now - ENDED)
    .sign(new TextEncoder().encode(secret))
  const url = new URL('/link', app)
  url.searchParams.set(TOKEN_PARAMETER, token)
  url.searchParams.set('state', 'provision')
  const document = await (await lookAt(url.href))?.text().catch(() => undefined)
  return document?.includes('data-error="expired"') ?? false
}

/**
 * Whether a tenant answers under a domain, by the name that its tokens will carry.
 *
 * @param origin - Of the domain.
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationResponse OpenID Connect Discovery 1.0, section 4.2}
 */
export async function isIssuer(origin: string): Promise<boolean> {
  const response = await lookAt(`${origin}/.well-known/openid-configuration`)
  const metadata: unknown = await response?.json().catch(() => undefined)
  return (
    typeof metadata === 'object' &&
    metadata !== null &&
    'issuer' in metadata &&
    metadata.issuer === `${origin}/`
  )
}

/** What is answered at an address, which may be a redirect; undefined where nothing is within ten seconds. */
export function lookAt(url: string): Promise<Response | undefined> {
  return fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(WAIT) }).catch(() => undefined)
}
