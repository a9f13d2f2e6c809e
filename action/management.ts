import {
  type CallFailure,
  type EndingCalls,
  idOf,
  type LinkCalls,
  type LinkingUser,
  mayRepeat,
  normalizeEmail,
  PAUSE_MS,
  parseUser,
  type RightsCalls,
  userPath,
  waitOf,
} from '../core'
import type { PostLoginApi } from './auth0'
import { jsonHeaders } from './json-headers'
import type { Settings } from './settings'
import { timeLimit } from './time'

const TOKEN_KEY = 'account_linking_token'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** The Management API calls that the Action uses. Each may throw a {@link CallFailure}. */
export interface Management extends LinkCalls, EndingCalls, RightsCalls {
  /**
   * Finds every user with an email address: looks it up as spelled, then in lower case. Auth0's lookup is case-sensitive,
   * databases store lower case, and social providers store what the user entered.
   *
   * @param isReversed - Whether to look up the lower case first.
   * @see {@link https://auth0.com/docs/manage-users/user-search/retrieve-users-with-get-users-by-email-endpoint Get users by email}
   */
  findUsers(email: string | undefined, isReversed?: boolean): Promise<LinkingUser[]>
  /** Makes an API call. Retries a GET or PATCH once after a 429, a 5xx or a lost response, a DELETE after a 429, a POST never. */
  call(method: Method, path: string, body?: object): Promise<unknown>
  /** Milliseconds until the deadline. */
  timeLeft(): number
  /** The tenant's time in whole seconds since the epoch, from the `Date` header of its last response. */
  tenantNow(): number
  /**
   * Whether the access token has all of the scopes. True if the token does not list its scopes: the tenant then refuses the
   * API calls.
   *
   * @throws {CallFailure} If there is no token.
   */
  isGranted(scopes: readonly string[]): Promise<boolean>
}

/**
 * Creates a Management API client with one deadline for all calls. It caches its token in `api.cache`, aborts a request after
 * 2.5 s, and after a 401 retries once with a new token.
 *
 * @param settings - Domain and credentials.
 * @param cache - `api.cache`.
 * @param deadline - Milliseconds since the epoch. No API call starts or continues after this.
 * @param loginDomain - The domain of this login. If the Management API has another one, a PATCH sends it as a header: otherwise a
 *   tenant with several custom domains may refuse the PATCH.
 * @see {@link https://auth0.com/docs/api/management/v2 Management API v2}
 */
export function createManagement(
  settings: Settings,
  cache: PostLoginApi['cache'],
  deadline: number,
  loginDomain?: string,
): Management {
  const origin = `https://${settings.MANAGEMENT_API_DOMAIN}`
  const isElsewhere = loginDomain !== settings.MANAGEMENT_API_DOMAIN
  // Concurrent API calls share one token request.
  let token: Promise<string> | undefined
  // Milliseconds that the tenant's clock is ahead of ours.
  let ahead = 0

  async function send(method: string, path: string, body?: object, auth?: string) {
    const response = await fetch(origin + path, {
      method,
      headers: {
        ...jsonHeaders(auth),
        ...(loginDomain && isElsewhere && method === 'PATCH' && { 'auth0-custom-domain': loginDomain }),
      },
      body: body && JSON.stringify(body),
      redirect: 'error',
      signal: timeLimit(2_500, deadline),
    })
    const { status, headers } = response
    const date = Date.parse(headers.get('date') ?? '')
    if (date) ahead = date - Date.now()
    // Auth0 answers a POST or a DELETE with 201, 202 or 204. A 200 is from another server, such as a proxy, and may have
    // changed nothing.
    if (status === 200 && auth && /^(POST|DELETE)$/.test(method)) throw {} satisfies CallFailure
    // A 204 has no body, and we do not need a DELETE's.
    if (response.ok) return method === 'DELETE' || status === 204 ? undefined : response.json()
    // Add up to a second, so that logins that hit the rate limit together do not retry together.
    throw { status, waitMs: waitOf(headers, Date.now()) + Math.random() * 1_000 } satisfies CallFailure
  }

  async function getToken(): Promise<string> {
    const cached = cache.get(TOKEN_KEY)?.value
    if (cached) return cached
    const { access_token, expires_in } = await send('POST', '/oauth/token', {
      grant_type: 'client_credentials',
      client_id: settings.MANAGEMENT_API_CLIENT_ID,
      client_secret: settings.MANAGEMENT_API_CLIENT_SECRET,
      audience: `${origin}/api/v2/`,
    }).catch((error) => {
      throw Object.assign(error, { isUnsent: true } satisfies CallFailure)
    })
    // Cache it for 80% of its life (seconds × 800 is milliseconds), so that it does not expire during a link. The cache's limit
    // is a day.
    cache.set(TOKEN_KEY, access_token, { ttl: Math.min(expires_in * 800, 86_400_000) })
    return access_token
  }

  async function call(method: Method, path: string, body?: object) {
    const once = async () => {
      token ??= getToken()
      return send(method, `/api/v2${path}`, body, await token)
    }
    try {
      return await once()
    } catch (error) {
      const failure = error as CallFailure
      token = undefined
      if (failure.status === 401) cache.delete(TOKEN_KEY)
      else if (!mayRepeat(method, failure) || !(await pause(failure))) throw failure
      return once()
    }
  }

  async function pause({ waitMs = PAUSE_MS }: CallFailure = {}): Promise<boolean> {
    if (Date.now() + waitMs >= deadline) return false
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    return true
  }

  async function findUsers(email = '', isReversed = false): Promise<LinkingUser[]> {
    const found: unknown[] = []
    const spellings = [email, normalizeEmail(email)]
    if (isReversed) spellings.reverse()
    for (const spelling of new Set(spellings))
      found.push(...(await call('GET', `/users-by-email?email=${encodeURIComponent(spelling)}`)))
    return found.map(parseUser)
  }

  async function isGranted(scopes: readonly string[]): Promise<boolean> {
    token ??= getToken()
    const [, payload = ''] = (await token).split('.')
    try {
      const { scope } = JSON.parse(Buffer.from(payload, 'base64url').toString())
      const granted: string[] = scope.split(' ')
      return scopes.every((name) => granted.includes(name))
    } catch {
      // The token is no JWT, or lists no scopes.
      return true
    }
  }

  return {
    call,
    pause,
    findUsers,
    isGranted,
    timeLeft: () => deadline - Date.now(),
    tenantNow: () => Math.floor((Date.now() + ahead) / 1_000),
    listSessions: (id, from) =>
      call('GET', `${userPath(id)}/sessions?take=100${from ? `&from=${encodeURIComponent(from)}` : ''}`),
    endSession: (id) => call('DELETE', `/sessions/${encodeURIComponent(id)}`),
    endRefreshTokens: (id) => call('DELETE', `${userPath(id)}/refresh-tokens`),
    read: (id) => call('GET', userPath(id)),
    patch: (id, body) => call('PATCH', userPath(id), body),
    link: (id, { provider, user_id }) =>
      call('POST', `${userPath(id)}/identities`, { provider, user_id: idOf(user_id) }),
  }
}
