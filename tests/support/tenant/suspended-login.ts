/**
 * Logins that an Action redirects to another application, and the tokens with which that application responds.
 * @module
 */
import { decodeJwt, type JWTPayload, SignJWT } from 'jose'
import type { RunningTenant } from '@/local-tenant/start'
import type { TestBrowser, Visit } from '../browser/browser'
import { type StartedLogin, signInWithGoogle, startLogin } from './sign-in'

/** A login that waits for the application to which the Action redirected it. */
export interface SuspendedLogin {
  login: StartedLogin
  /** The URL to which the browser was redirected. */
  url: URL
  /** The claims of the Action's token in that URL. */
  claims: JWTPayload
  /** The tenant's `state`. */
  state: string
}

/** Starts a login with Google, up to the redirect by the Action. */
export async function suspend(
  tenant: RunningTenant,
  browser: TestBrowser,
  email = 'ann@example.com',
): Promise<SuspendedLogin> {
  const login = await startLogin(tenant, { parameters: { connection: 'google-oauth2' } })
  const service = new URL(tenant.state.actionSecrets().ACCOUNT_LINKING_SERVICE_URL ?? '').href
  const { url } = await signInWithGoogle(browser, { ...login, redirectUri: service }, email)
  const token = url.searchParams.get('session_token')
  return {
    login,
    url,
    claims: token === null ? {} : decodeJwt(token),
    state: url.searchParams.get('state') ?? '',
  }
}

/** Signs a valid response token of the other application, in which `claims` replace some claims; `undefined` removes one. */
export function answerToken(
  tenant: RunningTenant,
  { state, claims: asked }: SuspendedLogin,
  claims: Record<string, unknown> = {},
  secret = tenant.state.sharedSecret,
): Promise<string> {
  const now = Math.floor(tenant.state.now() / 1000)
  const good = { iss: 'http://localhost:3000', sub: asked.sub, iat: now, exp: now + 60, state }
  return new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(secret))
}

/** Sends the browser back to the tenant with a response token, by POST as required. */
export function resume(
  tenant: RunningTenant,
  browser: TestBrowser,
  suspended: SuspendedLogin,
  token: string,
): Promise<Visit> {
  return browser.visit(`${tenant.loginOrigin}/continue?state=${encodeURIComponent(suspended.state)}`, {
    method: 'POST',
    body: { session_token: token },
    stopAt: suspended.login.redirectUri,
  })
}
