/**
 * Where answers lead. Targets are built from the configuration, never from a request.
 * @module
 */
import 'server-only'
import { TOKEN_PARAMETER } from '@/lib/linking/contract'
import { config } from '../config'
import { plainHeaders } from './headers'

/** Which of the two configured domains a paused login goes on at. */
export type ContinueDomain = 'login' | 'canonical'

/** Reads a {@link ContinueDomain} from a form field. */
export function parseContinueDomain(value: string | undefined): ContinueDomain {
  return value === 'canonical' ? 'canonical' : 'login'
}

/**
 * Chooses the domain that a token's `continue_url` names. Its host only chooses between the configured two.
 *
 * @param continueUrl - As in the token, or undefined.
 */
export function chooseContinueDomain(continueUrl: string | undefined): ContinueDomain {
  if (!continueUrl || !URL.canParse(continueUrl)) return 'login'
  const { auth0Domain, managementDomain } = config()
  const { host } = new URL(continueUrl)
  return host !== auth0Domain.host && host === managementDomain.host ? 'canonical' : 'login'
}

/** The address at which the tenant resumes a paused login. `state` goes back byte for byte, encoded once. */
export function continueUrl(domain: ContinueDomain, state: string): string {
  const { auth0Domain, managementDomain } = config()
  const { origin } = domain === 'canonical' ? managementDomain : auth0Domain
  return `${origin}/continue?state=${encodeURIComponent(state)}`
}

/** The same with an answer in the query, for a redirect that no page of ours stands behind. */
export function continueUrlWithToken(domain: ContinueDomain, state: string, token: string): string {
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
