import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  assertFreshEnough,
  isConnected,
  isFresh,
  managementApiFor,
  readOwnAccount,
} from '@/lib/accounts/session-account'
import type { ManagementApi } from '@/lib/auth0/management-api'
import { addToJournal, hash12, JOURNAL_KEY } from '@/lib/linking'
import { anAccount } from '../../support/accounts'
import { APP_ENVIRONMENT } from '../../support/app-environment'
import { forgetProcessMemory } from '../../support/process-memory'
import { aSession } from './a-session'
import { annWith, aSnapshot, GOOGLE, LINKED_AT } from './a-snapshot'
import { configure } from './configure'

const NOW = 1_800_000_000
beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

const read = (fields: Record<string, unknown>, since: number) => {
  const getUser = vi.fn(async () => anAccount(fields))
  return readOwnAccount({ getUser } as unknown as ManagementApi, aSession({ since }))
}
const journalAt = (...times: number[]) => ({
  [JOURNAL_KEY]: addToJournal(
    { app_metadata: {} },
    times.map((at) => ({
      event: 'unlinked',
      at,
      identity: 'a',
      provider: 'github',
      way: 'settings',
      client: '',
    })),
  ),
})

describe('readOwnAccount', () => {
  it('reads the account of the session', async () => {
    const getUser = vi.fn(async () => anAccount())
    await readOwnAccount({ getUser } as unknown as ManagementApi, aSession({ userId: 'auth0|bea' }))
    expect(getUser.mock.calls).toEqual([['auth0|bea']])
  })

  it('refuses a blocked one', async () => {
    await expect(read({ blocked: true }, NOW)).rejects.toMatchObject({ code: 'blocked' })
    await expect(read({ blocked: false }, NOW)).resolves.toBeDefined()
  })

  it.each([
    ['the link', async () => aSnapshot(), LINKED_AT],
    [
      'the newest of several links',
      async () => ({
        ...(await aSnapshot()),
        ...(await aSnapshot({ user_id: 'github|7', at: LINKED_AT + 9 })),
      }),
      LINKED_AT + 9,
    ],
    [
      'an unlink since',
      async () => ({ ...(await aSnapshot()), ...journalAt(LINKED_AT + 5, LINKED_AT + 3) }),
      LINKED_AT + 5,
    ],
    [
      'the link after an unlink',
      async () => ({ ...(await aSnapshot()), ...journalAt(LINKED_AT - 5) }),
      LINKED_AT,
    ],
  ])(
    'refuses a session from before %s, and none that began in the same second',
    async (_what, metadata, at) => {
      const identities = annWith(GOOGLE, { provider: 'github', user_id: '7' })
      const fields = { identities, app_metadata: await metadata() }
      await expect(read(fields, at - 1)).rejects.toMatchObject({ code: 'reauth_required' })
      await expect(read(fields, at)).resolves.toMatchObject({ user_id: 'auth0|ann' })
    },
  )

  it('takes no notice of a link that was never made', async () => {
    await expect(read({ app_metadata: await aSnapshot() }, LINKED_AT - 1)).resolves.toBeDefined()
  })

  it('lets any session in where nothing is noted', async () => {
    await expect(read({}, 1)).resolves.toBeDefined()
  })
})

describe('isFresh', () => {
  it.each([
    [0, undefined, true],
    [600, undefined, true],
    [601, undefined, false],
    [1200, 1200, true],
    [1201, 1200, false],
  ])('of a sign-in %d seconds ago, within %j: %s', (age, within, expected) => {
    expect(isFresh(aSession({ authTime: NOW - age }), within)).toBe(expected)
  })

  it('is not where the tenant did not say when', () => {
    expect(isFresh(aSession({ authTime: undefined }), Number.POSITIVE_INFINITY)).toBe(false)
  })
})

describe('assertFreshEnough', () => {
  it('allows twenty minutes for all the steps', () => {
    expect(() => assertFreshEnough(aSession({ authTime: NOW - 1200 }))).not.toThrow()
    expect(() => assertFreshEnough(aSession({ authTime: NOW - 1201 }))).toThrow('reauth_required')
    expect(() => assertFreshEnough(aSession({ authTime: undefined }))).toThrow('reauth_required')
  })
})

describe('with calls to the tenant', () => {
  const calls = vi.fn<(request: Request) => void>()
  beforeEach(() => {
    forgetProcessMemory('management-token', 'cached')
    calls.mockReset()
    vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init)
      if (request.url.endsWith('/oauth/token'))
        return Response.json({ access_token: 'of the server', expires_in: 1000 })
      calls(request)
      return Response.json({ user_id: 'auth0|ann', identities: annWith(GOOGLE) })
    })
  })
  const shown = () => calls.mock.calls.map(([request]) => request.headers.get('authorization'))

  it('managementApiFor shows a token of ours', async () => {
    await managementApiFor(aSession({ accessToken: 'theirs' }), 'view').getUser('auth0|ann')
    expect(shown()).toEqual(['Bearer of the server'])
  })

  it("managementApiFor shows the person's own where that is what links", async () => {
    configure({ linkingAuthority: 'user' })
    await managementApiFor(aSession({ accessToken: 'theirs' }), 'view').getUser('auth0|ann')
    expect(shown()).toEqual(['Bearer theirs'])
  })

  it.each([
    ['auth0|ann', true],
    ['google-oauth2|ann-g', true],
    ['auth0|bea', false],
    ['', false],
  ])('isConnected, of %j: %s', async (userId, expected) => {
    expect(await isConnected(aSession(), await hash12(userId))).toBe(expected)
  })
})
