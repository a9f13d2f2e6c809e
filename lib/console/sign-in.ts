/**
 * Signs operators in to the console. Each sign-in is a fresh one at the tenant, and requests an access token for the console's API.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { fingerprint, logEvent } from '../observability/log'
import { AuthorizationAttempt } from '../oidc/authorization-attempt'
import { completeAuthorization } from '../oidc/complete-authorization'
import { startAuthorization } from '../oidc/start-authorization'
import { roomFor } from '../session/cookie-budget'
import { cookieName, setCookie, soleCookie, type WithHeaders } from '../session/cookies'
import { nowSeconds } from '../sign-in-methods/seconds'
import { consoleAudience, isOperator, PERMISSION } from './operator'
import { CALLBACK, HOME, isConsolePath } from './paths'
import type { ConsoleServices } from './services'
import { beginSession, readSession } from './session'

const SEAL_PURPOSE = 'console-sign-in'
const COOKIE = 'console_txn'
/** Longest time that a sign-in at the tenant may take, in seconds. */
const SIGN_IN_SECONDS = 10 * 60

const Attempt = z.object({ attempt: AuthorizationAttempt, returnTo: z.string() })

/** The URL to redirect the browser to, and the `Set-Cookie` lines of that response. */
export interface ConsoleRedirect {
  url: string
  cookies: string[]
}

/**
 * Starts a sign-in. The tenant asks for a second factor unless `CONSOLE_REQUIRE_MFA` is `off`.
 *
 * @param request - Its older cookies may have to make room.
 * @param returnTo - Path and query in the console to go to afterwards. Any other value leads to the console's first page.
 * @throws {LinkingError} `tenant_unreachable` | `bad_issuer`
 */
export async function startSignIn(
  services: ConsoleServices,
  request: WithHeaders,
  returnTo: string,
): Promise<ConsoleRedirect> {
  const { url, attempt } = await startAuthorization(clientSettings(services), {
    handle: 'console',
    callback: CALLBACK,
    needsMfa: services.console.isFactorRequired,
    api: { audience: consoleAudience(services), scope: PERMISSION },
  })
  const kept = { attempt, returnTo: isConsolePath(returnTo) ? returnTo : HOME }
  const sealed = await services.sealer.seal(SEAL_PURPOSE, kept, nowSeconds() + SIGN_IN_SECONDS)
  const cookies = [setCookie(services, cookieName(services, COOKIE), sealed, SIGN_IN_SECONDS)]
  return { url, cookies: [...cookies, ...roomFor(services, request, cookies)] }
}

/**
 * Completes a sign-in.
 *
 * @param answer - The query parameters of the callback.
 * @returns The redirect to the console. Undefined if this browser has no such sign-in in progress, or if the account may not use
 *   the console; then the log names the reason.
 * @throws {LinkingError} `tenant_unreachable`
 * @throws {ManagementApiError}
 */
export async function completeSignIn(
  services: ConsoleServices,
  request: WithHeaders,
  answer: URLSearchParams,
): Promise<ConsoleRedirect | undefined> {
  const name = cookieName(services, COOKIE)
  const cookie = soleCookie(request, name)
  if (!cookie) return undefined
  const { data } = Attempt.safeParse(await services.sealer.unseal(SEAL_PURPOSE, cookie))
  if (!data || answer.get('state') !== data.attempt.state) return undefined
  const { account, accessToken } = await completeAuthorization(
    clientSettings(services),
    answer,
    data.attempt,
    CALLBACK,
  )
  if (services.console.isFactorRequired && !account.hasUsedMfa) return refused('mfa_required')
  const claims = await services.accessTokens.verify(accessToken, consoleAudience(services))
  if (claims?.sub !== account.userId) return refused('bad_access_token')
  if (!services.console.subjects.includes(account.userId) && !permissionsOf(claims).includes(PERMISSION))
    return refused('permission_missing')
  if (!(await isOperator(services, services.managementApi(), account.userId))) return refused('not_operator')
  const { session, cookie: line } = await beginSession(
    services,
    account,
    await readSession(services, request),
    nowSeconds(),
  )
  logEvent('console_signed_in', { operator: fingerprint(session.userId) })
  return { url: `${services.appBaseUrl}${data.returnTo}`, cookies: [line, setCookie(services, name, '', 0)] }
}

function refused(code: string): undefined {
  logEvent('console_refused', { code })
}

/** The `permissions` claim of an access token. Auth0 writes it only for APIs with the token dialect `access_token_authz`. */
function permissionsOf({ permissions }: Record<string, unknown>): unknown[] {
  return Array.isArray(permissions) ? permissions : []
}

/** The console signs operators in with the Auth0 application of the page "Sign-in methods". */
const clientSettings = ({ appBaseUrl, auth0Domain, sessionClient }: ConsoleServices) => ({
  appBaseUrl,
  auth0Domain,
  linkingClient: sessionClient,
})
