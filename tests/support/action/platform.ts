/**
 * A stand-in for Auth0's platform, on which tests run the Action's sources in this process: the event and the `api` of a
 * login, and every URL that the Action requests. Nothing waits: the clock only moves during the Action's own pauses.
 * @module
 */
import { afterEach, beforeEach, vi } from 'vitest'
import type { PostLoginApi, PostLoginEvent } from '@/action/auth0'

/** The time of every login, in seconds since the epoch. */
export const NOW = 1_800_000_000
/** The secrets that the Action needs. */
export const SECRETS = {
  MANAGEMENT_API_DOMAIN: 'tenant.example',
  MANAGEMENT_API_CLIENT_ID: 'm2m',
  MANAGEMENT_API_CLIENT_SECRET: 'm2m-secret',
  SESSION_TOKEN_SHARED_SECRET: 'shared-secret',
  ACCOUNT_LINKING_SERVICE_URL: 'https://app.example/link',
}
/** The account that logs in. */
export const GOOGLE = 'google-oauth2|1'
/** The other account, which is older and therefore becomes primary. */
export const PASSWORD = 'auth0|2'

/** An access token with a `scope` claim. */
export const tokenWith = (scope: unknown): string =>
  `x.${Buffer.from(JSON.stringify({ scope })).toString('base64url')}.x`
/** The access token that the tenant issues. It allows ending sessions, but not reading rights. */
export const ACCESS_TOKEN = tokenWith('read:sessions delete:sessions delete:refresh_tokens')
/** An access token that also allows reading rights. */
export const RIGHTS_TOKEN = tokenWith(
  [
    ...['read:sessions', 'delete:sessions', 'delete:refresh_tokens', 'read:users', 'read:roles'],
    ...['read:organizations', 'read:organization_member_roles', 'read:authentication_methods'],
  ].join(' '),
)

/** A user as the tenant stores it. */
export interface TenantUser {
  user_id: string
  email?: string
  identities: { provider: string; user_id: string; connection: string }[]
  user_metadata?: Record<string, unknown>
  app_metadata?: Record<string, unknown>
  [field: string]: unknown
}

/** A user with the verified email address of Ann. */
export function aTenantUser(user_id: string, fields: Partial<TenantUser> = {}): TenantUser {
  const [provider = '', ...id] = user_id.split('|')
  return {
    user_id,
    email: 'ann@example.com',
    email_verified: true,
    created_at: provider === 'auth0' ? '2020-01-01T00:00:00.000Z' : '2025-01-01T00:00:00.000Z',
    identities: [{ provider, user_id: id.join('|'), connection: provider === 'auth0' ? 'db' : provider }],
    ...fields,
  }
}

/** A request that the Action made. */
export interface ActionCall {
  /** Method and decoded URL; for the Management API, the path in place of the URL. */
  name: string
  url: URL
  headers: Record<string, string>
  body: unknown
  redirect: RequestRedirect | undefined
}

/** Returns the response to a request, or undefined for the usual response. */
type Answering = (call: ActionCall) => Response | Promise<Response> | undefined

/** Creates the platform for a test file, and resets it before each test. */
export function anActionPlatform() {
  const platform = {
    users: [] as TenantUser[],
    /** Open sessions by user id. */
    sessions: {} as Record<string, { id: string; authenticated_at: string }[]>,
    /** Users' rights, by user id and by the last part of the path that lists them, such as `roles`. */
    rights: {} as Record<string, Record<string, object[]>>,
    calls: [] as ActionCall[],
    /** The `api` functions that the Action called, in order: name and arguments. */
    effects: [] as unknown[][],
    logs: [] as unknown[],
    /** Every pause, in milliseconds. */
    pauses: [] as number[],
    /** Every time limit of a request, in milliseconds. */
    limits: [] as number[],
    cache: new Map<string, { value: string; ttl: number | undefined }>(),
    /** The claims of the response token; undefined if there is no token, or it does not verify. */
    answer: undefined as Record<string, unknown> | undefined,
    health: { offer: true } as unknown,
    faults: [] as Answering[],
    event: {} as PostLoginEvent,
    api: {} as PostLoginApi,
    names: () => platform.calls.map(({ name }) => name),
    /** Changes the response to matching requests, at most `times` times; not if `answering` returns undefined. */
    fault(
      pattern: RegExp,
      answering: () => Response | Promise<Response> | undefined,
      times = Number.POSITIVE_INFINITY,
    ) {
      let left = times
      platform.faults.push(({ name }) => (pattern.test(name) && left-- > 0 ? answering() : undefined))
    },
    /** The arguments with which the Action first called an `api` function; undefined if it did not. */
    effect: (name: string) => platform.effects.find(([each]) => each === name)?.slice(1),
    /** The claims of the session token with which the Action redirected the browser. */
    asked(): { txn: string } & Record<string, unknown> {
      const [options] = platform.effect('encodeToken') ?? []
      if (!options) throw new Error('the login was not sent to the linking service')
      return (options as { payload: { txn: string } }).payload
    },
    user(userId: string): TenantUser {
      const user = platform.users.find(({ user_id }) => user_id === userId)
      if (!user) throw new Error(`there is no user ${userId}`)
      return user
    },
    /** Selects the user who logs in. */
    logsIn(userId: string) {
      platform.event.user = platform.user(userId)
    },
  }

  beforeEach(() => {
    // Removes the random pause that the Action adds.
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const metadata: Record<string, unknown> = {}
    const did =
      (name: string) =>
      (...args: unknown[]) =>
        platform.effects.push([name, ...args])
    Object.assign(platform, {
      ...{
        users: [aTenantUser(GOOGLE), aTenantUser(PASSWORD)],
        sessions: {},
        rights: {},
        calls: [],
        effects: [],
        logs: [],
      },
      ...{ pauses: [], limits: [], cache: new Map(), answer: undefined, health: { offer: true }, faults: [] },
      api: {
        access: { deny: did('deny') },
        authentication: { setPrimaryUser: did('setPrimaryUser'), enrollWithAny: did('enrollWithAny') },
        cache: {
          get: (key: string) => platform.cache.get(key),
          set: (key: string, value: string, { ttl }: { ttl?: number } = {}) =>
            platform.cache.set(key, { value, ttl }),
          delete: (key: string) => platform.cache.delete(key),
        },
        idToken: { setCustomClaim: did('setCustomClaim') },
        redirect: {
          canRedirect: () => true,
          encodeToken(options: object) {
            platform.effects.push(['encodeToken', options])
            return 'session-token'
          },
          sendUserTo: did('sendUserTo'),
          validateToken(options: object) {
            platform.effects.push(['validateToken', options])
            if (!platform.answer) throw new Error('canary')
            return platform.answer
          },
        },
        transaction: {
          setMetadata(key: string, value: string | null) {
            platform.effects.push(['setMetadata', key, value])
            metadata[key] = value
          },
        },
        user: { setAppMetadata: did('setAppMetadata') },
      },
    })
    platform.event = {
      user: platform.user(GOOGLE),
      client: { client_id: 'demo-app', name: 'Demo App' },
      connection: { name: 'google-oauth2', strategy: 'google-oauth2' },
      request: { hostname: 'login.example' },
      secrets: { ...SECRETS },
      session: { id: 'this-session' },
      transaction: { metadata },
    }
    vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1_000 })
    vi.spyOn(console, 'log').mockImplementation((line) => platform.logs.push(JSON.parse(line)))
    const { timeout } = AbortSignal
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      platform.limits.push(ms)
      return timeout.call(AbortSignal, ms)
    })
    vi.stubGlobal('setTimeout', (resume: () => void, ms: number) => {
      platform.pauses.push(ms)
      vi.setSystemTime(Date.now() + ms)
      queueMicrotask(resume)
    })
    vi.stubGlobal('fetch', async (address: string | URL, init: RequestInit = {}) => {
      const url = new URL(address)
      const { method = 'GET', headers = {}, body, redirect } = init
      const path = decodeURIComponent(url.pathname + url.search)
      const isManagement = url.host === SECRETS.MANAGEMENT_API_DOMAIN
      const name = `${method} ${isManagement ? path : url.origin + path}`
      const parsed: unknown = body === undefined ? undefined : JSON.parse(String(body))
      const call = { name, url, headers: headers as Record<string, string>, body: parsed, redirect }
      platform.calls.push(call)
      for (const fault of platform.faults) {
        const answer = fault(call)
        if (answer) return answer
      }
      return isManagement ? answerManagement(platform, call) : Response.json(platform.health)
    })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })
  return platform
}

/** The part of the Management API that the Action uses. */
function answerManagement(
  {
    users,
    sessions,
    rights,
  }: {
    users: TenantUser[]
    sessions: Record<string, unknown[]>
    rights: Record<string, Record<string, object[]>>
  },
  { name, url, body }: ActionCall,
): Response {
  if (name === 'POST /oauth/token') return Response.json({ access_token: ACCESS_TOKEN, expires_in: 3_600 })
  if (name.startsWith('GET /api/v2/users-by-email?'))
    return Response.json(users.filter(({ email }) => email === url.searchParams.get('email')))
  const [, method, userId, rest] = /^(\w+) \/api\/v2\/users\/([^/?]+)([^?]*)/.exec(name) ?? []
  const user = users.find(({ user_id }) => user_id === userId)
  if (!user) return new Response(null, { status: name.startsWith('DELETE /api/v2/sessions/') ? 202 : 404 })
  switch (`${method} ${rest}`) {
    case 'GET ':
      return Response.json(user)
    case 'PATCH ':
      for (const [kind, fields] of Object.entries(body as object))
        user[kind] = { ...(user[kind] as object | undefined), ...fields }
      return Response.json(user)
    case 'POST /identities': {
      const { provider, user_id } = body as { provider: string; user_id: string }
      const at = users.findIndex((other) => other.user_id === `${provider}|${user_id}`)
      user.identities = [...user.identities, ...users.splice(at, 1).flatMap(({ identities }) => identities)]
      return Response.json(user.identities, { status: 201 })
    }
    case 'GET /sessions': {
      const { from = 0, take = 50 } = Object.fromEntries(
        [...url.searchParams].map(([name, value]) => [name, Number(value)]),
      )
      const all = sessions[user.user_id] ?? []
      const next = from + take < all.length ? { next: String(from + take) } : {}
      return Response.json({ sessions: all.slice(from, from + take), ...next })
    }
    case 'GET /roles':
    case 'GET /permissions':
    case 'GET /organizations':
    case 'GET /authentication-methods':
      return Response.json(rights[user.user_id]?.[`${rest}`.slice(1)] ?? [])
    case 'POST /roles':
    case 'DELETE /roles':
      return new Response(null, { status: 204 })
    default:
      return new Response(null, { status: method === 'DELETE' ? 202 : 404 })
  }
}
