import 'server-only'
import {
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { appUrl } from '../config/app-url'
import type { Config } from '../config/config'
import type { TenantDomain } from '../config/tenant-domain'
import type { AuthorizationAttempt } from './authorization-attempt'
import { linkingClient } from './tenant-metadata'

/** The `acr_values` that asks the tenant for a second factor. */
const MULTI_FACTOR = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor'
/** Providers whose sign-in is the tenant's own form. Every other provider can show a list of the person's accounts. */
const OWN_FORM = new Set(['auth0', 'email', 'sms'])

/** The settings that an authorization needs. */
export type AuthorizationSettings = Pick<Config, 'appBaseUrl' | 'auth0Domain' | 'linkingClient'>

/** Describes the sign-in that we ask the tenant for. */
export interface AuthorizationRequest {
  /** The login domain at which the person signs in; the first one by default. */
  domain?: TenantDomain
  /** The id of the flow. It is part of `state`, so that the callback can find its flow. */
  handle: string
  /** Our path to which the tenant redirects afterwards. The linking client must have it as an allowed callback URL. */
  callback: `/${string}`
  /** The connection to sign in with; without one the tenant lets the person choose. */
  connection?: { name: string; provider: string }
  /** Whether the provider should show its list of accounts, instead of using the account it remembers. */
  isListWanted?: boolean
  loginHint?: string
  /** Whether a second factor is needed. */
  needsMfa?: boolean
  /** The API and the scope of the access token, if it will be used. */
  api?: { audience: string; scope: string }
}

/**
 * Starts an authorization in which the person proves that an account is theirs. They must sign in again even if they have a
 * session at the tenant.
 *
 * @returns The URL to redirect the browser to, and the attempt to keep until the callback.
 * @throws {LinkingError} `tenant_unreachable` | `bad_issuer`
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect Core, 3.1.2.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636 RFC 7636}
 */
export async function startAuthorization(
  settings: AuthorizationSettings,
  request: AuthorizationRequest,
): Promise<{ url: string; attempt: AuthorizationAttempt }> {
  const { appBaseUrl, auth0Domain, linkingClient: client } = settings
  const {
    domain = auth0Domain,
    handle,
    callback,
    connection,
    isListWanted,
    loginHint,
    needsMfa,
    api,
  } = request
  const attempt: AuthorizationAttempt = {
    state: `${handle}.${randomState()}`,
    nonce: randomNonce(),
    verifier: randomPKCECodeVerifier(),
    startedAt: Math.floor(Date.now() / 1000),
  }
  const hasList = connection !== undefined && !OWN_FORM.has(connection.provider)
  const url = buildAuthorizationUrl(await linkingClient(client, domain), {
    redirect_uri: appUrl(appBaseUrl, callback),
    scope: api ? `openid email ${api.scope}` : 'openid email',
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: 'S256',
    max_age: '0',
    prompt: isListWanted && hasList ? 'select_account' : 'login',
    ...(connection && { connection: connection.name }),
    ...(loginHint && { login_hint: loginHint }),
    ...(needsMfa && { acr_values: MULTI_FACTOR }),
    ...(api && { audience: api.audience }),
  })
  return { url: url.href, attempt }
}
