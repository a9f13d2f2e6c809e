/**
 * Runs the use cases of the page "Sign-in methods" against the local tenant, without the app around them.
 * @module
 */
import { afterEach, beforeEach, onTestFinished, vi } from 'vitest'
import type { FaultRule } from '@/local-tenant/control/records'
import type { StoredUser } from '@/local-tenant/model'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { aManagementApi } from '../../support/tenant/management-calls'
import { now } from './a-session'

/**
 * Sends every Management API call to the local tenant, which has the users of the demo. Before each test, resets the tenant.
 */
export async function atTenant() {
  const { state, app } = await aManagementApi()
  /** Whether the response to a call is lost after the call was carried out. */
  let isLost: (call: string) => boolean = () => false
  /** Runs before a call. */
  let before: (call: string) => void = () => undefined

  beforeEach(() => {
    const secretOf = (id: string) => state.clients.get(id)?.client_secret ?? ''
    const secrets = {
      MANAGEMENT_API_CLIENT_SECRET: secretOf('linking-m2m'),
      LINKING_CLIENT_SECRET: secretOf('linking'),
    }
    for (const [name, value] of Object.entries({ ...APP_ENVIRONMENT, ...secrets })) vi.stubEnv(name, value)
    vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init)
      const call = callOf(request.method, new URL(request.url).pathname)
      before(call)
      const response = await app.request(request, undefined, {})
      if (isLost(call)) throw new TypeError('fetch failed')
      return response
    })
    vi.spyOn(console, 'log').mockImplementation(() => undefined)
    // Stop the clock, so that a session and what is done in it have the same second, however long the test takes.
    vi.useFakeTimers({ toFake: ['Date'], now: now() * 1000 })
    forgetProcessMemory('cached', 'counted', 'taken')
    state.reset()
    // End sessions immediately; tests of delayed endings change this.
    state.changeOptions({ ending_delay_ms: 0 })
    isLost = () => false
    before = () => undefined
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    vi.unstubAllEnvs()
  })

  return {
    state,
    /** A user as stored in the tenant. */
    user(id: string): StoredUser {
      const user = state.users.get(id)
      if (!user) throw new Error(`there is no user ${id}`)
      return user
    },
    /** Sets fields of a user, as a program of the operator would. */
    change(id: string, fields: Partial<StoredUser>): void {
      Object.assign(this.user(id), fields)
    },
    /** Links an identity as another program would, without a snapshot. */
    attach(
      id: string,
      identity: { provider: string; user_id: string; connection: string },
      profileData = {},
    ) {
      this.user(id).identities.push({ ...identity, isSocial: true, profileData })
    },
    /** Creates a session of a user in the tenant that started `age` seconds ago. */
    begin(id: string, age: number, user_id = 'auth0|ann'): void {
      const auth_time = now() - age
      const created_at = new Date(auth_time * 1000).toISOString()
      const identity = { provider: 'auth0', user_id: 'ann', connection: 'Username-Password-Authentication' }
      state.sessions.set(id, { id, user_id, identity, auth_time, created_at, amr: ['pwd'], client_ids: [] })
    },
    /** A person's own access token, issued to the linking client. */
    ownToken: (sub: string) =>
      state.signer.sign({
        ...{ iss: 'http://localhost:4400/', aud: 'https://localhost:4401/api/v2/', azp: 'linking', sub },
        ...{ scope: 'read:current_user update:current_user_identities', iat: now(), exp: now() + 600 },
      }),
    /** `provider|id` of each identity of a user. */
    identities(id: string): string[] {
      return this.user(id).identities.map(({ provider, user_id }) => `${provider}|${user_id}`)
    },
    /** The calls so far, as `GET auth0|ann`; tokens are not counted. */
    calls: () =>
      state.ledger
        .filter(({ path }) => path.startsWith('/api/v2/'))
        .map(({ method, path }) => callOf(method, path)),
    /** The calls that change something. */
    writes(): string[] {
      return this.calls().filter((call) => !call.startsWith('GET '))
    },
    /** Applies faults from now on. */
    play: (...rules: FaultRule[]) =>
      state.faults.push(...rules.map((rule) => ({ rule, seen: 0, played: 0 }))),
    mend: () => {
      state.faults = []
    },
    /** Loses the responses to these calls, after they were carried out. */
    lose: (which: (call: string) => boolean) => {
      isLost = which
    },
    /** Runs a function right before each call. */
    onCall: (what: (call: string) => void) => {
      before = what
    },
    /** Grants the application only these scopes, until the end of the test. */
    grant: (...scopes: string[]) => {
      state.changeOptions({ management_scopes: { 'linking-m2m': scopes, linking: scopes } })
      forgetProcessMemory('management-token', 'cached')
      onTestFinished(() => forgetProcessMemory('management-token'))
    },
    /** The types of the events that were emitted, from the log. */
    told: () => logLines().flatMap(({ event, type }) => (event === 'account_event' ? [type] : [])),
    /** The log lines that are not about events. */
    logged: () => logLines().filter(({ event }) => event !== 'account_event'),
  }
}

const logLines = () =>
  vi.mocked(console.log).mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>)
const callOf = (method: string, path: string) =>
  `${method} ${decodeURIComponent(path.replace(/^\/api\/v2\/(users\/)?/, ''))}`

/** The scopes for a link, an unlink and a page view, without those for ending sessions and removing accounts. */
export const LEAST_SCOPES = [
  'read:users',
  'update:users',
  'update:users_app_metadata',
  'read:connections',
  'read:client_summary',
]

/** The scopes for ending sessions and refresh tokens. */
export const ENDING_SCOPES = ['read:sessions', 'delete:sessions', 'delete:refresh_tokens']
