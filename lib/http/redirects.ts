/**
 * Where answers lead. Targets are built from the configuration, never from a request.
 * @module
 */
import 'server-only'
import { TOKEN_PARAMETER } from '@/core/contract'
import { config } from '../config/config'
import { domainOf } from '../config/domain-of'
import type { GenuineToken } from '../link-flow/tokens/verify-session-token'
import { plainHeaders } from './headers'

/**
 * Chooses the domain at which a token's login runs, among those that are configured: the one that its `continue_url` names;
 * else its issuer, where people sign in there; else the first login domain.
 *
 * @returns The domain's host.
 */
export function chooseContinueDomain(token: Pick<GenuineToken, 'continueUrl' | 'issuer'>): string {
  const { auth0Domain, loginDomains } = config()
  const { continueUrl = '', issuer } = token
  const named = URL.canParse(continueUrl) ? domainOf(new URL(continueUrl).host) : undefined
  const issuing = loginDomains.find(({ host }) => host === issuer)
  return (named ?? issuing ?? auth0Domain).host
}

/**
 * The address at which the tenant resumes a paused login. `state` goes back byte for byte, encoded once.
 *
 * @param domain - Host of the domain at which the login runs; of none that is configured: the first login domain is taken.
 */
export function continueUrl(domain: string | undefined, state: string): string {
  const { origin } = domainOf(domain) ?? config().auth0Domain
  return `${origin}/continue?state=${encodeURIComponent(state)}`
}

/** The same with an answer in the query, for a redirect that no page of ours stands behind. */
export function continueUrlWithToken(domain: string | undefined, state: string, token: string): string {
  return `${continueUrl(domain, state)}&${TOKEN_PARAMETER}=${token}`
}

/**
 * The absolute address of one of our own paths.
 *
 * @param path - Begins with a slash.
 * @param query - Parameters; those that are undefined are left out.
 */
export function appUrl(path: `/${string}`, query: Record<string, string | undefined> = {}): string {
  const url = new URL(path, config().appBaseUrl)
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}

/**
 * Sends the browser on with a GET.
 *
 * @param target - Absolute.
 * @param cookies - `Set-Cookie` lines.
 */
export function seeOther(target: string, cookies: readonly string[] = []): Response {
  return redirect(303, target, cookies)
}

/** Sends the browser on with the same POST and the same body: only from `POST /link/finish` to the tenant. */
export function repostTo(target: string, cookies: readonly string[] = []): Response {
  return redirect(307, target, cookies)
}

function redirect(status: 303 | 307, target: string, cookies: readonly string[]): Response {
  const headers = new Headers({ ...plainHeaders(), location: target })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status, headers })
}
