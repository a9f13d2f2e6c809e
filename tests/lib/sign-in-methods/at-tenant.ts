/**
 * The use cases of the page at the local tenant, without an application around them.
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
 * Puts the local tenant behind every call of the Management API, with the demo's people in it; before each test all of it is
 * put back to its start.
 */
export async function atTenant() {
  const { state, app } = await aManagementApi()
  /** Which calls lose their answer after they were carried out. */
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
    // A session and what is done in it are of one second, however long the test takes.
    vi.useFakeTimers({ toFake: ['Date'], now: now() * 1000 })
    forgetProcessMemory('cached', 'counted', 'taken')
    state.reset()
    // What ends later is tested if that matters.
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
    /** A user as the tenant has it. */
    user(id: string): StoredUser {
      const user = state.users.get(id)
      if (!user) throw new Error(`there is no user ${id}`)
      return user
    },
    /** Lays fields over a user, as a program of the operator would. */
    change(id: string, fields: Partial<StoredUser>): void {
      Object.assign(this.user(id), fields)
    },
    /** Links an identity by other means. */
    attach(
      id: string,
      identity: { provider: string; user_id: string; connection: string },
      profileData = {},
    ) {
      this.user(id).identities.push({ ...identity, isSocial: true, profileData })
    },
    /** A session of a user at the tenant, begun so many seconds ago. */
    begin(id: string, age: number, user_id = 'auth0|ann'): void {
      const auth_time = now() - age
      const created_at = new Date(auth_time * 1000).toISOString()
      const identity = { provider: 'auth0', user_id: 'ann', connection: 'Username-Password-Authentication' }
      state.sessions.set(id, { id, user_id, identity, auth_time, created_at, amr: ['pwd'], client_ids: [] })
    },
    /** A person's own token, of the linking client. */
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
    /** Those that change something. */
    writes(): string[] {
      return this.calls().filter((call) => !call.startsWith('GET '))
    },
    /** Plays faults from now on. */
    play: (...rules: FaultRule[]) =>
      state.faults.push(...rules.map((rule) => ({ rule, seen: 0, played: 0 }))),
    mend: () => {
      state.faults = []
    },
    /** Loses the answer of calls that were carried out. */
    lose: (which: (call: string) => boolean) => {
      isLost = which
    },
    /** Does something right before a call arrives. */
    onCall: (what: (call: string) => void) => {
      before = what
    },
    /** Grants the application these scopes only, until the test has ended. */
    grant: (...scopes: string[]) => {
      state.changeOptions({ management_scopes: { 'linking-m2m': scopes, linking: scopes } })
      forgetProcessMemory('management-token', 'cached')
      onTestFinished(() => forgetProcessMemory('management-token'))
    },
    /** The events that were told, by type, from the log. */
    told: () => logLines().flatMap(({ event, type }) => (event === 'account_event' ? [type] : [])),
    /** What was logged beside events. */
    logged: () => logLines().filter(({ event }) => event !== 'account_event'),
  }
}

const logLines = () =>
  vi.mocked(console.log).mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>)
const callOf = (method: string, path: string) =>
  `${method} ${decodeURIComponent(path.replace(/^\/api\/v2\/(users\/)?/, ''))}`

/** The scopes that a link, an unlink and a page view need, without those that end access and remove accounts. */
export const LEAST_SCOPES = [
  'read:users',
  'update:users',
  'update:users_app_metadata',
  'read:connections',
  'read:client_summary',
]

/** The scopes that ending what is open elsewhere needs. */
export const ENDING_SCOPES = ['read:sessions', 'delete:sessions', 'delete:refresh_tokens']
