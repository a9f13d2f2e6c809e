/**
 * The world of the tokens in these tests: keys, tenant and login.
 * @module
 */
import { APP_ENVIRONMENT } from '../../support/process/app-environment'

/** An identity in the format of tokens. */
export interface WireIdentity {
  user_id: string
  provider: string
  connection: string
}

/** One service, one tenant, and one waiting login. */
export interface TokenWorld {
  /** Seconds since the epoch. */
  now: number
  secret: string
  /** The previous secret, which the service still accepts and the Action does not. */
  previous: string | undefined
  /** Hosts of the tenant's two domains. */
  issuers: string[]
  /** The service's origin. */
  service: string
  state: string
  txn: string
  current: WireIdentity
  candidates: WireIdentity[]
  /** Other secrets of the service, which sign no token. */
  otherSecrets: string[]
}

/** The waiting login: two accounts were offered, one of them with several bars in its id. */
export const LOGIN = {
  state: 'paused+login/1=~',
  txn: '7b1f3f0e-6d0c-4a55-9d5e-2f5b7f3c9a10',
  current: { user_id: 'google-oauth2|ann-g', provider: 'google-oauth2', connection: 'google-oauth2' },
  candidates: [
    { user_id: 'auth0|ann', provider: 'auth0', connection: 'Username-Password-Authentication' },
    { user_id: 'samlp|acme|ann@example.com', provider: 'samlp', connection: 'acme' },
  ],
}

/** The environment of the functions under test, during a rotation of the shared secret. */
export const ENVIRONMENT: Record<string, string> = {
  ...APP_ENVIRONMENT,
  SESSION_TOKEN_SHARED_SECRET_PREVIOUS: 'previous-shared-secret-0123456789abcdef',
}

/**
 * The world that an environment of the service describes.
 *
 * @param env - Variables by name.
 * @param now - Seconds since the epoch.
 */
export function worldOf(env: Record<string, string>, now: number): TokenWorld {
  const of = (name: string) => env[name] ?? ''
  return {
    ...LOGIN,
    now,
    secret: of('SESSION_TOKEN_SHARED_SECRET'),
    previous: env.SESSION_TOKEN_SHARED_SECRET_PREVIOUS,
    issuers: [of('AUTH0_DOMAIN'), of('AUTH0_MANAGEMENT_DOMAIN')].map((origin) => new URL(origin).host),
    service: of('APP_BASE_URL'),
    otherSecrets: [
      'FLOW_SECRET',
      'AUTH0_SECRET',
      'LINKING_CLIENT_SECRET',
      'MANAGEMENT_API_CLIENT_SECRET',
    ].map(of),
  }
}

/** The world of the functions under test. Its clock stands still. */
export const WORLD = worldOf(ENVIRONMENT, 1_800_000_000)
