import type { PostLoginApi } from './auth0'
import type { Settings } from './settings'
import { timeLimit } from './time'

/** Longest time for one call, in milliseconds. */
const CALL_MS = 2_500
/** Wait before a repeated call where the answer names none, in milliseconds. */
const PAUSE_MS = 250
const TOKEN_KEY = 'account_linking_token'

/** What a call throws: the tenant's answer where there was one, otherwise what `fetch` throws. */
export interface ManagementError {
  status?: number
  /** Of what `fetch` throws. */
  name?: string
  /** How long the tenant asks to wait, in milliseconds. */
  waitMs?: number
}

/** Whether the tenant has refused, and so is known not to have acted. No answer, a broken one or a 5xx leave that open. */
export const isRefusal = (error?: ManagementError): error is ManagementError => Number(error?.status) < 500

/** Whether the same call would be refused again. */
export const isFinal = (error?: ManagementError): boolean => isRefusal(error) && error.status !== 429

/** The Management API as linking uses it. */
export interface Management {
  /**
   * Makes a call; reads and merges are repeated once after a 429, a 5xx or a lost answer, what `mayRepeat` forbids is not.
   *
   * @param path - Behind `/api/v2`.
   */
  call(method: string, path: string, body?: object, mayRepeat?: boolean): Promise<unknown>
  /** Waits as long as a failed call asks for; false, at once, where the deadline does not allow it. */
  pause(error?: ManagementError): Promise<boolean>
}

/** The path of a user. */
export const pathOf = (userId: string): string => `/users/${encodeURIComponent(userId)}`

/**
 * The Management API under one deadline: its token comes from `api.cache`, a call takes 2.5 s at most, and a refused token
 * is renewed once.
 *
 * @param settings - Domain and credentials.
 * @param cache - `api.cache`.
 * @param deadline - Milliseconds since the epoch after which nothing is begun or waited for.
 * @throws {ManagementError} By `call`, where it did not succeed.
 * @see {@link https://auth0.com/docs/api/management/v2 Management API v2}
 */
export function createManagement(
  settings: Settings,
  cache: PostLoginApi['cache'],
  deadline: number,
): Management {
  const origin = `https://${settings.MANAGEMENT_API_DOMAIN}`
  // Calls that begin together share one request for it.
  let token: Promise<string> | undefined

  async function send(method: string, path: string, body?: object, token?: string) {
    const response = await fetch(origin + path, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: body && JSON.stringify(body),
      redirect: 'error',
      signal: timeLimit(CALL_MS, deadline),
    })
    if (response.ok) return response.json()
    const { status, headers } = response
    const reset = Number(headers.get('x-ratelimit-reset')) * 1_000 - Date.now()
    const waitMs = Number(headers.get('retry-after')) * 1_000 || Math.max(reset, PAUSE_MS)
    throw { status, waitMs } satisfies ManagementError
  }

  async function getToken(): Promise<string> {
    const cached = cache.get(TOKEN_KEY)
    if (cached) return cached.value
    const { access_token, expires_in } = await send('POST', '/oauth/token', {
      grant_type: 'client_credentials',
      client_id: settings.MANAGEMENT_API_CLIENT_ID,
      client_secret: settings.MANAGEMENT_API_CLIENT_SECRET,
      audience: `${origin}/api/v2/`,
    })
    // A fifth of its life is left unused, so that it does not end in the middle of a link. The cache takes milliseconds,
    // a day of them at most.
    cache.set(TOKEN_KEY, access_token, { ttl: Math.min(expires_in * 800, 86_400_000) })
    return access_token
  }

  async function call(method: string, path: string, body?: object, mayRepeat = true) {
    const attempt = async () => send(method, `/api/v2${path}`, body, await (token ??= getToken()))
    try {
      return await attempt()
    } catch (error) {
      token = undefined
      if ((error as ManagementError).status === 401) cache.delete(TOKEN_KEY)
      else if (!mayRepeat || isFinal(error as ManagementError) || !(await pause(error as ManagementError)))
        throw error
      return attempt()
    }
  }

  async function pause({ waitMs = PAUSE_MS }: Partial<ManagementError> = {}): Promise<boolean> {
    if (Date.now() + waitMs >= deadline) return false
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    return true
  }

  return { call, pause }
}
