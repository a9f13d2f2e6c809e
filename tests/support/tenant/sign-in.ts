/**
 * Signing in at the local tenant with `openid-client`, unmodified.
 * @module
 */
import * as client from 'openid-client'
import type { RunningTenant } from '@/local-tenant/start'
import type { TestBrowser, Visit } from '../browser/browser'

/** A started login, with what is needed to complete it. */
export interface StartedLogin {
  configuration: client.Configuration
  checks: client.AuthorizationCodeGrantChecks
  url: URL
  redirectUri: string
}

/** Which application starts a login, and how. */
export interface LoginOptions {
  clientId?: string
  /** Further parameters of the authorization request. */
  parameters?: Record<string, string>
  /** Oldest accepted `auth_time` in seconds, which {@link complete} checks like state, nonce and PKCE. */
  maxAge?: number
}

/** Reads the discovery document of the login domain, for one of the registered clients. */
export function discover(tenant: RunningTenant, clientId = 'demo-app'): Promise<client.Configuration> {
  const secret = tenant.state.clients.get(clientId)?.client_secret
  return client.discovery(
    new URL(tenant.loginOrigin),
    clientId,
    secret,
    secret === undefined ? client.None() : undefined,
    { execute: [client.allowInsecureRequests] },
  )
}

/** Builds an authorization request. */
export async function startLogin(tenant: RunningTenant, options: LoginOptions = {}): Promise<StartedLogin> {
  const configuration = await discover(tenant, options.clientId)
  const registered = tenant.state.clients.get(options.clientId ?? 'demo-app')
  const redirectUri = registered?.callbacks[0] ?? ''
  const checks = {
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    ...(options.maxAge !== undefined && { maxAge: options.maxAge }),
  }
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...options.parameters,
  })
  return { configuration, checks, url, redirectUri }
}

/** Opens a login in a browser, up to the first page or the redirect to the application. */
export function open(browser: TestBrowser, login: StartedLogin): Promise<Visit> {
  return browser.visit(login.url, { stopAt: login.redirectUri })
}

/** Completes a login with the URL to which the browser was redirected. */
export function complete(login: StartedLogin, visit: Visit) {
  return client.authorizationCodeGrant(login.configuration, visit.url, login.checks)
}

/** Signs in by password, up to the redirect to the application. */
export async function signInByPassword(
  browser: TestBrowser,
  login: StartedLogin,
  email: string,
): Promise<Visit> {
  return browser.press(
    await open(browser, login),
    'Continue',
    { 'Email address': email, Password: 'correct horse' },
    { stopAt: login.redirectUri },
  )
}

/** Signs in with Google, up to the redirect to the application. */
export async function signInWithGoogle(
  browser: TestBrowser,
  login: StartedLogin,
  email: string,
): Promise<Visit> {
  const first = await open(browser, login)
  const provider =
    first.url.pathname === '/u/login' ? await browser.press(first, 'Continue with Google') : first
  return browser.press(provider, email, {}, { stopAt: login.redirectUri })
}
