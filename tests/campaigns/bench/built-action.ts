/**
 * Runs the built Action in this process, with made-up people, logins and a tenant.
 * @module
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import { ACTION, ROOT } from '../../../scripts/lib/paths.mjs'

type Handler = (event: object, api: object) => Promise<void>

/**
 * Loads the built Action.
 *
 * @param globals - Replace those of this process.
 */
function loadAction(globals: Record<string, unknown> = {}): Handler {
  const exported: Record<string, Handler | undefined> = {}
  const code = readFileSync(join(ROOT, ACTION), 'utf8')
  compileFunction(code, ['exports', ...Object.keys(globals)])(exported, ...Object.values(globals))
  if (!exported.onExecutePostLogin) throw new Error('the Action has no handler')
  return exported.onExecutePostLogin
}

/** A person with one verified account. */
export const aPerson = (number: number) => ({
  user_id: `auth0|${number}`,
  email: `person-${number}@example.com`,
  email_verified: true,
  created_at: '2025-01-01T00:00:00.000Z',
  identities: [{ provider: 'auth0', user_id: `${number}`, connection: 'db' }],
  user_metadata: {},
  app_metadata: {} as Record<string, unknown>,
})

/** The login of a user. */
export const loginOf = (user: object) => ({
  user,
  client: { client_id: 'demo-app', name: 'Demo App', metadata: {} },
  connection: { name: 'db', strategy: 'auth0' },
  request: { hostname: 'login.example.com' },
  secrets: {
    MANAGEMENT_API_DOMAIN: 'tenant.example.com',
    MANAGEMENT_API_CLIENT_ID: 'm2m',
    MANAGEMENT_API_CLIENT_SECRET: 'm2m-secret',
    SESSION_TOKEN_SHARED_SECRET: 'shared-secret-of-more-than-32-bytes',
    ACCOUNT_LINKING_SERVICE_URL: 'https://app.example.com/link',
  },
  session: { id: 'session' },
  transaction: { metadata: {} },
})

/** A tenant in this process, with a cache for Actions, a clock, and a count of the tokens it issued. */
export function aSmallTenant() {
  const tenant = {
    /** Milliseconds since the epoch. */
    now: Date.now(),
    tokens: 0,
    people: [] as ReturnType<typeof aPerson>[],
    /** Logs a person in. Afterwards their `app_metadata` has what the Action stored. */
    async logIn(person: ReturnType<typeof aPerson>) {
      await action(loginOf(person), {
        ...api,
        user: { setAppMetadata: (key: string, value: unknown) => (person.app_metadata[key] = value) },
      })
    },
  }
  const cache = new Map<string, { value: string; expires_at: number }>()
  const api = {
    redirect: { canRedirect: () => true },
    transaction: { setMetadata: () => {} },
    cache: {
      get: (key: string) => {
        const entry = cache.get(key)
        return entry && entry.expires_at > tenant.now ? entry : undefined
      },
      set: (key: string, value: string, { ttl = 0 } = {}) =>
        cache.set(key, { value, expires_at: tenant.now + ttl }),
    },
  }
  const action = loadAction({
    Date: class extends Date {
      static override now = () => tenant.now
    },
    fetch: async (address: string) => {
      const url = new URL(address)
      if (url.pathname === '/oauth/token') {
        tenant.tokens += 1
        return Response.json({ access_token: `token-${tenant.tokens}`, expires_in: 86_400 })
      }
      const email = url.searchParams.get('email')
      return Response.json(tenant.people.filter((person) => person.email === email))
    },
  })
  return tenant
}
