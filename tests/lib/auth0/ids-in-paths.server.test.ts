import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseUser } from '@/core'
import type { Authority } from '@/lib/auth0/authority'
import { ManagementApi } from '@/lib/auth0/management-api'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { aTenant } from '../../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant
const PRIMARY = 'auth0|ann'

/** Ids of identities with characters that have, or could have, a meaning in a URL path. */
const IDS = [
  ...['..', '.', '%2e%2e', '%2E', '.%2e', '...', '..%2F', '../..', '/', 'a/b', '\\..\\', '/../../roles'],
  ...['a?b', '#', ';', 'a;b=c', 'a b', ' ', '+', '&', '100%', '%zz', '%', '|', 'acme|ann', 'auth0|ann'],
  ...['ключ', '\u{1F600}', 'e\u0301', '\u{F0000}..', '\u0000', '\n', 'x'.repeat(1_000), '\'"<>', ':', '@'],
]

async function authority(): Promise<Authority> {
  const now = Math.floor(state.now() / 1000)
  const token = await state.signer.sign({
    iss: `${tenant.loginOrigin}/`,
    sub: 'linking-m2m@clients',
    aud: `${tenant.canonicalOrigin}/api/v2/`,
    azp: 'linking-m2m',
    iat: now,
    exp: now + 600,
    scope: 'read:users update:users update:users_app_metadata',
  })
  return {
    origin: tenant.loginOrigin,
    customDomain: undefined,
    token: async () => token,
    drop: async () => undefined,
  }
}

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  state.reset()
})
afterEach(() => vi.unstubAllEnvs())

/** Creates another account of Ann's, whose identity has this id. */
function withId(id: string) {
  const user_id = `github|${id}`
  state.createUser({
    user_id,
    identities: [{ provider: 'github', user_id: id, connection: 'github' }],
    user_metadata: { theme: 'light' },
  })
  return { user_id, provider: 'github' }
}

describe.each(IDS)('an identity whose id is %j', (id) => {
  it('is read, written, linked and unlinked by that id', async () => {
    const other = withId(id)
    const api = new ManagementApi(await authority())
    expect((await api.getUser(other.user_id)).user_id).toBe(other.user_id)
    await api.patchUser(other.user_id, { user_metadata: { theme: 'dark' } })
    expect(state.users.get(other.user_id)?.user_metadata).toEqual({ theme: 'dark' })
    const linked = await api.linkIdentity(PRIMARY, { provider: 'github', user_id: id })
    expect(parseUser({ identities: linked }).identities).toHaveLength(2)
    const left = await api.unlinkIdentity(PRIMARY, other)
    expect(parseUser({ identities: left }).identities).toHaveLength(1)
    expect(state.users.get(other.user_id)?.identities).toHaveLength(1)
    const { path } = state.ledger.at(-1) ?? { path: '' }
    expect(decodeURIComponent(path)).toBe(`/api/v2/users/auth0|ann/identities/github/${id}`)
  })
})

describe('an unlink of an identity whose id is ".."', () => {
  const unlink = async (options: Partial<Authority> = {}) =>
    new ManagementApi({ ...(await authority()), ...options }).unlinkIdentity(PRIMARY, {
      provider: 'github',
      user_id: 'github|..',
    })

  it('throws the same errors as any other call', async () => {
    await expect(unlink()).rejects.toMatchObject({ code: 'management_failed', status: 400 })
    await expect(unlink({ origin: 'http://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'tenant_unreachable',
    })
  })

  it('is retried once with a new token', async () => {
    const { token } = await authority()
    const tokens = ['nonsense', await token()]
    const dropped: string[] = []
    await new ManagementApi(await authority()).linkIdentity(PRIMARY, {
      provider: 'github',
      user_id: withId('..').user_id.slice('github|'.length),
    })
    const api = new ManagementApi({
      origin: tenant.loginOrigin,
      customDomain: undefined,
      token: async () => tokens.shift() ?? '',
      drop: async (old) => void dropped.push(old),
    })
    const left = await api.unlinkIdentity(PRIMARY, { provider: 'github', user_id: 'github|..' })
    expect(left).toHaveLength(1)
    expect(dropped).toEqual(['nonsense'])
  })

  it('reports the wait that the tenant asks for', async () => {
    state.faults.push({
      rule: {
        match: { method: 'DELETE', path: '/identities/github/\\.\\.$' },
        effect: { status: 429, headers: { 'retry-after': '7' } },
      },
      seen: 0,
      played: 0,
    })
    await expect(unlink()).rejects.toMatchObject({ code: 'management_failed', status: 429, waitMs: 7_000 })
  })
})
