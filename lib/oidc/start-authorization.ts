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

/** Asks the tenant for a second factor. */
const MULTI_FACTOR = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor'
/** Providers whose sign-in is the tenant's own form; every other provider has its own list of accounts. */
const OWN_FORM = new Set(['auth0', 'email', 'sms'])

/** What an authorization needs to know of this installation. */
export type AuthorizationSettings = Pick<Config, 'appBaseUrl' | 'auth0Domain' | 'linkingClient'>

/** Whose sign-in is asked for, and how. */
export interface AuthorizationRequest {
  /** The login domain at which the person signs in; the first one by default. */
  domain?: TenantDomain
  /** The flow that it belongs to: part of `state`, so that the answer finds its flow. */
  handle: string
  /** Where the tenant's answer arrives; registered there as an allowed callback. */
  callback: `/${string}`
  /** The connection to sign in with; without one the tenant lets the person choose. */
  connection?: { name: string; provider: string }
  /** Whether the provider should show its list of accounts, so that it does not pick the one it knows. */
  isListWanted?: boolean
  loginHint?: string
  /** Whether a second factor is needed. */
  needsMfa?: boolean
  /** An API and a scope, if the access token will be used. */
  api?: { audience: string; scope: string }
}

/**
 * Starts an authorization that proves an account: the person signs in again, whatever session they have.
 *
 * @returns The address to send the browser to, and the attempt to keep for the answer.
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
