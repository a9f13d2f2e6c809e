import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { buildAction } from '../../support/action/build'
import { ACCESS_TOKEN } from '../../support/action/platform'

type Handler = (event: object, api: object) => Promise<void>

const built = await buildAction()
// Outside the repository, so that Node.js finds no `node_modules`: a package that the Action needs would be missing.
const folder = mkdtempSync(join(tmpdir(), 'action-'))
const copy = join(folder, 'action.js')
copyFileSync(built, copy)
afterAll(() => rmSync(folder, { recursive: true }))

const SECRETS = {
  MANAGEMENT_API_DOMAIN: 'tenant.example',
  MANAGEMENT_API_CLIENT_ID: 'm2m',
  MANAGEMENT_API_CLIENT_SECRET: 'm2m-secret',
  SESSION_TOKEN_SHARED_SECRET: 'shared-secret',
  ACCOUNT_LINKING_SERVICE_URL: 'https://app.example/link',
}
const IDENTITIES = [{ provider: 'google-oauth2', user_id: '1', connection: 'google-oauth2' }]
const USER = {
  user_id: 'google-oauth2|1',
  email: 'ann@example.com',
  email_verified: true,
  identities: IDENTITIES,
}
const OTHER = {
  ...USER,
  user_id: 'github|2',
  identities: [{ provider: 'github', user_id: 2, connection: 'github' }],
}

/** Loads the Action again, as a new instance in Auth0 would. */
function load(): { onExecutePostLogin: Handler; onContinuePostLogin: Handler } {
  const require = createRequire(copy)
  delete require.cache[copy]
  return require('./action.js')
}

function anEvent(fields: object = {}) {
  return {
    user: USER,
    client: { client_id: 'demo-app', name: 'Demo App' },
    connection: { name: 'google-oauth2', strategy: 'google-oauth2' },
    request: { hostname: 'login.example' },
    secrets: SECRETS,
    transaction: {},
    ...fields,
  }
}

function anApi() {
  return {
    access: { deny: vi.fn() },
    authentication: { setPrimaryUser: vi.fn() },
    cache: {
      get: vi.fn((_key: string): { value: string } | undefined => undefined),
      set: vi.fn((_key: string, _value: string, _options: { ttl: number }): object => ({ type: 'success' })),
      delete: vi.fn(),
    },
    redirect: {
      canRedirect: () => true,
      encodeToken: vi.fn((_options: { payload: { candidate_identities: object[] } }) => 'token'),
      sendUserTo: vi.fn(),
      validateToken: vi.fn((): unknown => {
        throw new Error('no token')
      }),
    },
    transaction: { setMetadata: vi.fn() },
    user: { setAppMetadata: vi.fn() },
  }
}

const fetched = vi.fn<(url: string) => unknown>()
const log = vi.fn()
let life: number

beforeEach(() => {
  life = 86_400
  vi.stubGlobal('fetch', async (url: string | URL) => {
    const { host, pathname } = new URL(url)
    const answers: Record<string, unknown> = {
      'tenant.example/oauth/token': { access_token: ACCESS_TOKEN, expires_in: life },
      'tenant.example/api/v2/users-by-email': fetched('lookup') ?? [USER, OTHER],
      'app.example/healthz': { offer: true },
    }
    return Response.json(answers[host + pathname])
  })
  fetched.mockReset()
  log.mockReset()
  vi.spyOn(console, 'log').mockImplementation(log)
  return () => vi.unstubAllGlobals()
})

describe('the built Action', () => {
  it('is at most 92,000 bytes as deployed, and at most 39,000 minified', async () => {
    expect(statSync(built).size).toBeLessThanOrEqual(92_000)
    const { code } = await transform(readFileSync(built, 'utf8'), { minify: true, format: 'cjs' })
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(39_000)
  })

  it('has a one-sentence comment for each function, and names the source file of each part', () => {
    const code = readFileSync(built, 'utf8')
    expect(code).toMatch(/^\/\/ action\/discover\.ts$/m)
    expect(code).toMatch(/^\/\*\* [^*\n]+\. \*\/\nasync function discover\(/m)
    expect(code).not.toMatch(/@param|\{@link/)
  })

  it('loads with plain `require`, needs no package, and exports the two handlers', () => {
    expect(Object.keys(load()).sort()).toEqual(['onContinuePostLogin', 'onExecutePostLogin'])
  })
})

describe('onExecutePostLogin', () => {
  it('caches its access token for 80% of the token’s life, in milliseconds', async () => {
    const api = anApi()
    await load().onExecutePostLogin(anEvent(), api)
    const [, value, options] = api.cache.set.mock.calls.find(([key]) => key.includes('token')) ?? []
    expect(value).toBe(ACCESS_TOKEN)
    expect(options).toEqual({ ttl: 0.8 * 86_400 * 1_000 })
  })

  it('caches its access token for a day at most, the longest that Auth0 allows', async () => {
    life = 30 * 86_400
    const api = anApi()
    await load().onExecutePostLogin(anEvent(), api)
    expect(api.cache.set.mock.calls.map(([, , { ttl }]) => ttl)).toEqual([86_400_000, 30_000])
  })

  it('offers an account even if the cache stores nothing', async () => {
    const api = anApi()
    api.cache.set.mockReturnValue({ type: 'error', code: 'CacheSizeExceeded' })
    await load().onExecutePostLogin(anEvent(), api)
    expect(api.redirect.sendUserTo).toHaveBeenCalledWith('https://app.example/link', {
      query: { session_token: 'token' },
    })
  })

  it.each<[string, object]>([
    ['there is no transaction', { transaction: undefined }],
    ['the user has no identity', { user: { ...USER, identities: [] } }],
    ['email_verified is the text "true"', { user: { ...USER, email_verified: 'true' } }],
  ])('does nothing if %s', async (_what, fields) => {
    const api = anApi()
    await load().onExecutePostLogin(anEvent(fields), api)
    expect(api.redirect.sendUserTo).not.toHaveBeenCalled()
    expect(api.cache.get).not.toHaveBeenCalled()
    expect(log).not.toHaveBeenCalled()
  })

  it('offers nothing if Auth0 has no transaction to store the offer in', async () => {
    const api = { ...anApi(), transaction: undefined }
    await load().onExecutePostLogin(anEvent(), api)
    expect(api.redirect.sendUserTo).not.toHaveBeenCalled()
    expect(api.cache.get).not.toHaveBeenCalled()
  })

  it.each([undefined, null])('accepts a user whose metadata is %s', async (metadata) => {
    const api = anApi()
    await load().onExecutePostLogin(
      anEvent({ user: { ...USER, app_metadata: metadata, user_metadata: metadata } }),
      api,
    )
    expect(api.redirect.sendUserTo).toHaveBeenCalledOnce()
  })

  it('skips a found user without identities, and accepts numeric ids', async () => {
    fetched.mockReturnValue([{ ...OTHER, user_id: 'github|3', identities: [] }, OTHER])
    const api = anApi()
    await load().onExecutePostLogin(anEvent(), api)
    const [[options] = []] = api.redirect.encodeToken.mock.calls
    expect(options?.payload.candidate_identities).toMatchObject([{ user_id: 'github|2', provider: 'github' }])
  })

  it.each<[string, object]>([
    ['no user', { user: undefined }],
    ['a user without identities', { user: { ...USER, identities: undefined } }],
  ])('lets the login through if the event has %s', async (_what, fields) => {
    await load().onExecutePostLogin(anEvent(fields), anApi())
    expect(log.mock.calls).toEqual([['{"account_linking":"discover_failed","error":"TypeError"}']])
  })

  it('logs an unreadable list entry once, and the entry grants nothing', async () => {
    const action = load()
    const api = anApi()
    const lists = { ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'githb:github google-oauth2' }
    const event = anEvent({ secrets: { ...SECRETS, ...lists } })
    for (let login = 0; login < 3; login += 1) await action.onExecutePostLogin(event, api)
    expect(log.mock.calls).toEqual([['{"account_linking":"list_entry_unreadable","entries":"githb:github"}']])
    expect(api.redirect.sendUserTo).not.toHaveBeenCalled()
  })

  it.each(Object.keys(SECRETS))('does nothing if %s is missing, and logs that once', async (name) => {
    const action = load()
    const api = anApi()
    const event = anEvent({ secrets: { ...SECRETS, [name]: '' } })
    for (let login = 0; login < 3; login += 1) await action.onExecutePostLogin(event, api)
    expect(log.mock.calls).toEqual([['{"account_linking":"secrets_missing"}']])
    expect(api.redirect.sendUserTo).not.toHaveBeenCalled()
  })
})

describe('onContinuePostLogin', () => {
  it('lets the login through if there is no response token, and deletes the offer', async () => {
    const api = anApi()
    await load().onContinuePostLogin(anEvent(), api)
    expect(api.access.deny).not.toHaveBeenCalled()
    expect(api.transaction.setMetadata.mock.calls).toEqual([['account_linking_offer', null]])
  })

  it('denies the login if a response token arrives without a stored offer', async () => {
    const api = anApi()
    api.redirect.validateToken.mockReturnValue({
      iss: 'https://app.example',
      purpose: 'account-link.result',
      sub: USER.user_id,
      result: 'declined',
    })
    await load().onContinuePostLogin(anEvent(), api)
    expect(api.access.deny.mock.calls).toEqual([['Sign-in could not be completed. Please start again.']])
  })

  it('lets the login through if its secrets were removed', async () => {
    const api = anApi()
    await load().onContinuePostLogin(anEvent({ secrets: {} }), api)
    expect(api.access.deny).not.toHaveBeenCalled()
  })
})
