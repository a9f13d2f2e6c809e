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

/** The Management API as the Action uses it. Every call throws a {@link CallFailure}. */
export interface Management extends LinkCalls, EndingCalls, RightsCalls {
  /**
   * Reads every user with an address, as it is spelled and then in lower case: the lookup is case-sensitive, databases keep lower
   * case, and social providers keep what they were told.
   *
   * @param isReversed - Whether to look for the lower case first.
   * @see {@link https://auth0.com/docs/manage-users/user-search/retrieve-users-with-get-users-by-email-endpoint Get users by email}
   */
  findUsers(email: string | undefined, isReversed?: boolean): Promise<LinkingUser[]>
  /** Makes a call. Reads and merges are repeated once after a 429, a 5xx or a lost answer, deletions after a 429, a POST never. */
  call(method: Method, path: string, body?: object): Promise<unknown>
  /** How much time is left, in milliseconds. */
  timeLeft(): number
  /** What time it is at the tenant, in whole seconds since the epoch, as its last answer said. */
  tenantNow(): number
  /**
   * Whether the access token says that it has all of some scopes. A token that does not say which it has counts as yes; the tenant
   * then refuses the calls.
   *
   * @throws {CallFailure} If there is no token.
   */
  isGranted(scopes: readonly string[]): Promise<boolean>
}

/**
 * The Management API under one deadline. Its token comes from `api.cache`, a call takes 2.5 s at most, and after a 401 it is made
 * once more with a new token.
 *
 * @param settings - Domain and credentials.
 * @param cache - `api.cache`.
 * @param deadline - Milliseconds since the epoch after which it begins no call and waits for none.
 * @param loginDomain - The domain of this login. If it is another one than the Management API's, changes of a user name it: a tenant
 *   with several custom domains may refuse them otherwise.
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
  // Calls that begin together share one request for the token.
  let token: Promise<string> | undefined
  // How far the tenant's clock is ahead of this one, in milliseconds.
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
    // The answer to a deletion has no body, or none that matters, and 204 has none.
    if (response.ok) return method === 'DELETE' || status === 204 ? undefined : response.json()
    // Up to a second more, so that logins that were turned away together do not come back together.
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
    })
    // A fifth of its life is left unused, so that it does not expire in the middle of a link. The cache takes milliseconds, a day
    // at most.
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
      // No JWT, or one without scopes.
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
