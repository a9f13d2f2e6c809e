import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { addToJournal, hash12, JOURNAL_KEY, type JournalEntry } from '@/core'
import type { ManagementApi } from '@/lib/auth0/management-api'
import {
  assertFactor,
  assertFreshEnough,
  assertStepUpHelps,
  hasRecentSignIn,
  isConnected,
  isProvenEnough,
  lacksFactor,
  managementApiFor,
  readOwnAccount,
} from '@/lib/sign-in-methods/session-account'
import { anAccount } from '../../support/builders/accounts'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { configure, services } from '../../support/process/page-services'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { aSession, now } from './a-session'
import { annWith, aSnapshot, GOOGLE, LINKED_AT } from './a-snapshot'

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
  return readOwnAccount({ getUser, tenantNow: now } as unknown as ManagementApi, aSession({ since }))
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
    await readOwnAccount(
      { getUser, tenantNow: now } as unknown as ManagementApi,
      aSession({ userId: 'auth0|bea' }),
    )
    expect(getUser.mock.calls).toEqual([['auth0|bea']])
  })

  it('refuses a blocked account', async () => {
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
      'the link after an unlink',
      async () => ({ ...(await aSnapshot()), ...journalAt(LINKED_AT - 5) }),
      LINKED_AT,
    ],
    [
      'an unlink',
      async () => ({ ...(await aSnapshot()), ...journalAt(LINKED_AT + 5, LINKED_AT + 3) }),
      LINKED_AT + 6,
    ],
    [
      'an unlink in progress can have been carried out',
      async () => aSnapshot({ returning: { at: LINKED_AT + 5, undo: false } }),
      LINKED_AT + 14,
    ],
  ])('refuses a session from before %s, and accepts one from that time', async (_what, metadata, at) => {
    const identities = annWith(GOOGLE, { provider: 'github', user_id: '7' })
    const fields = { identities, app_metadata: await metadata() }
    await expect(read(fields, at - 1)).rejects.toMatchObject({ code: 'reauth_required' })
    await expect(read(fields, at)).resolves.toMatchObject({ user_id: 'auth0|ann' })
  })

  describe('after an unlink', () => {
    /** Reads the account while the tenant's clock is `skew` seconds ahead. Sign-ins use its time, cookies ours. */
    const readAt = (skew: number, before: number, authTime: number | undefined, fields: object = {}) => {
      const app_metadata = { account_linking: { changed: { at: NOW - 60, before, ...fields } } }
      const api = { getUser: async () => anAccount({ app_metadata }), tenantNow: () => NOW + skew }
      return readOwnAccount(api as unknown as ManagementApi, aSession({ since: NOW, authTime }))
    }

    it.each([-30, 0, 30])(
      'refuses a sign-in from before it, however new the cookie, with the tenant %d s ahead',
      async (skew) => {
        const before = NOW + skew - 20
        await expect(readAt(skew, before, before - 1)).rejects.toMatchObject({ code: 'reauth_required' })
        await expect(readAt(skew, before, undefined)).rejects.toMatchObject({ code: 'reauth_required' })
        await expect(readAt(skew, before, before)).resolves.toBeDefined()
      },
    )

    it('accepts the session that made it', async () => {
      const by = await hash12('own-session')
      await expect(readAt(0, NOW, NOW - 500, { by })).resolves.toBeDefined()
      await expect(readAt(0, NOW, NOW - 500, { by: 'another' })).rejects.toMatchObject({
        code: 'reauth_required',
      })
    })

    it('reads its time also from the journal, which a login does not overwrite', async () => {
      const [entry] = [{ event: 'unlinked', at: NOW - 60, identity: 'a', provider: 'github' } as const]
      const journal = addToJournal({ app_metadata: {} }, [
        { ...entry, way: '', client: '', before: NOW - 20 },
      ])
      const account = anAccount({ app_metadata: { [JOURNAL_KEY]: journal } })
      const api = { getUser: async () => account, tenantNow: () => NOW } as unknown as ManagementApi
      const reading = (authTime: number) => readOwnAccount(api, aSession({ since: NOW, authTime }))
      await expect(reading(NOW - 21)).rejects.toMatchObject({ code: 'reauth_required' })
      await expect(reading(NOW - 20)).resolves.toBeDefined()
    })

    it('reads its session also from the journal', async () => {
      const by = await hash12('own-session')
      const entry = {
        event: 'unlinked',
        at: NOW - 60,
        identity: 'a',
        provider: 'github',
        way: '',
        client: '',
      }
      const read = (fields: object) => {
        const journal = addToJournal({ app_metadata: {} }, [
          { ...entry, before: NOW, ...fields } as JournalEntry,
        ])
        const account = anAccount({ app_metadata: { [JOURNAL_KEY]: journal } })
        const api = { getUser: async () => account, tenantNow: () => NOW } as unknown as ManagementApi
        return readOwnAccount(api, aSession({ since: NOW - 500, authTime: NOW - 500 }))
      }
      await expect(read({ by })).resolves.toBeDefined()
      await expect(read({ by: 'another' })).rejects.toMatchObject({ code: 'reauth_required' })
      await expect(read({})).rejects.toMatchObject({ code: 'reauth_required' })
    })

    it('refuses a session that made a change in the second in which another session disconnected something', async () => {
      const entry = { identity: 'a', provider: 'github', way: '', client: '', at: NOW - 60, before: NOW }
      const own = { ...entry, event: 'linked', by: await hash12('own-session') } as const
      const read = (others: object[]) => {
        const journal = addToJournal({ app_metadata: {} }, [own, ...others] as JournalEntry[])
        const account = anAccount({ app_metadata: { [JOURNAL_KEY]: journal } })
        const api = { getUser: async () => account, tenantNow: () => NOW } as unknown as ManagementApi
        return readOwnAccount(api, aSession({ since: NOW - 500, authTime: NOW - 500 }))
      }
      await expect(read([])).resolves.toBeDefined()
      await expect(read([{ ...own, event: 'unlinked', at: NOW - 61, by: 'ann' }])).resolves.toBeDefined()
      await expect(read([{ ...own, event: 'unlinked', by: 'ann' }])).rejects.toMatchObject({
        code: 'reauth_required',
      })
    })

    it('ignores a time in the future', async () => {
      await expect(readAt(0, NOW + 61, NOW)).resolves.toBeDefined()
      await expect(readAt(0, NOW + 60, NOW)).rejects.toMatchObject({ code: 'reauth_required' })
    })
  })

  describe('while older sessions still have to end', () => {
    const readWith = (ending: object, authTime: number) => {
      const account = anAccount({ app_metadata: { account_linking: { ending } } })
      const api = { getUser: async () => account, tenantNow: () => NOW } as unknown as ManagementApi
      return readOwnAccount(api, aSession({ since: NOW, authTime }))
    }
    const accounts = ['auth0|ann']

    it('refuses one of those sessions', async () => {
      const ending = { before: NOW, accounts }
      await expect(readWith(ending, NOW - 1)).rejects.toMatchObject({ code: 'reauth_required' })
      await expect(readWith(ending, NOW)).resolves.toBeDefined()
    })

    it("still refuses it later, because our cookie may outlive the tenant's session", async () => {
      const kept = [await hash12('own-session')]
      const readAfter = (ended: object, authTime: number) => {
        const account = anAccount({ app_metadata: { account_linking: { ended } } })
        const api = { getUser: async () => account, tenantNow: () => NOW } as unknown as ManagementApi
        return readOwnAccount(api, aSession({ since: NOW, authTime }))
      }
      await expect(readAfter({ before: NOW }, NOW - 1)).rejects.toMatchObject({ code: 'reauth_required' })
      await expect(readAfter({ before: NOW }, NOW)).resolves.toBeDefined()
      await expect(readAfter({ before: NOW, kept }, NOW - 1)).resolves.toBeDefined()
      await expect(readAfter({ before: NOW + 61 }, NOW - 1)).resolves.toBeDefined()
    })

    it('accepts the sessions to keep', async () => {
      const kept = [await hash12('own-session')]
      await expect(readWith({ before: NOW, accounts, kept }, NOW - 1)).resolves.toBeDefined()
      await expect(readWith({ before: NOW, accounts, second: NOW - 1 }, NOW - 1)).resolves.toBeDefined()
      await expect(readWith({ before: NOW, accounts, second: NOW - 1 }, NOW - 2)).rejects.toMatchObject({
        code: 'reauth_required',
      })
    })

    it.each([
      { before: NOW + 61, accounts },
      { before: NOW },
      { before: 'x', accounts },
      { accounts },
      'x',
      { before: NOW, accounts: [7] },
    ])('ignores %j', async (ending) => {
      await expect(readWith(ending as object, NOW - 1)).resolves.toBeDefined()
    })
  })

  it('ignores a link that was never made', async () => {
    await expect(read({ app_metadata: await aSnapshot() }, LINKED_AT - 1)).resolves.toBeDefined()
  })

  it('accepts any session of an account without links and unlinks', async () => {
    await expect(read({}, 1)).resolves.toBeDefined()
  })
})

describe('hasRecentSignIn', () => {
  it.each([
    [0, undefined, true],
    [600, undefined, true],
    [601, undefined, false],
    [1200, 1200, true],
    [1201, 1200, false],
    [-30, undefined, true],
    [-31, undefined, false],
    [-86_400, Number.POSITIVE_INFINITY, false],
  ])('for a sign-in %d seconds ago, within %j: %s', (age, within, expected) => {
    expect(hasRecentSignIn(services(), aSession({ authTime: NOW - age }), within)).toBe(expected)
  })

  it('is false without the time of the sign-in', () => {
    expect(hasRecentSignIn(services(), aSession({ authTime: undefined }), Number.POSITIVE_INFINITY)).toBe(
      false,
    )
  })
})

describe('a second factor', () => {
  it.each([
    [undefined, false, false],
    [[], false, false],
    [['guardian'], false, true],
    [['otp', 'guardian'], false, true],
    [['guardian'], true, false],
    [[], true, false],
  ])('with factors %j, and used at the sign-in %s, is missing: %s', (multifactor, hasUsedMfa, lacks) => {
    const session = aSession({ hasUsedMfa })
    const account = anAccount({ multifactor })
    expect(lacksFactor(session, account)).toBe(lacks)
    expect(isProvenEnough(services(), session, account)).toBe(!lacks)
    const factor = () => assertFactor(session, account)
    if (lacks) expect(factor).toThrow('own_factor_required')
    else expect(factor).not.toThrow()
  })

  it('is no longer enough after ten minutes', () => {
    expect(isProvenEnough(services(), aSession({ hasUsedMfa: true, authTime: NOW - 601 }), anAccount())).toBe(
      false,
    )
  })

  it.each([
    [0, false, false],
    [1, false, false],
    [2, false, true],
    [9, false, true],
    [9, true, false],
  ])(
    'that the tenant skipped %d times, used at the sign-in %s, is not requested again: %s',
    (count, hasUsedMfa, isOver) => {
      const session = aSession({ stepUpsWithoutFactor: count, hasUsedMfa })
      const asked = (multifactor: string[]) => () => assertStepUpHelps(session, anAccount({ multifactor }))
      expect(asked([])).not.toThrow()
      if (isOver) expect(asked(['guardian'])).toThrow('step_up_without_factor')
      else expect(asked(['guardian'])).not.toThrow()
    },
  )
})

describe('assertFreshEnough', () => {
  it('allows twenty minutes for all steps', () => {
    expect(() => assertFreshEnough(services(), aSession({ authTime: NOW - 1200 }))).not.toThrow()
    expect(() => assertFreshEnough(services(), aSession({ authTime: NOW - 1201 }))).toThrow('reauth_required')
    expect(() => assertFreshEnough(services(), aSession({ authTime: undefined }))).toThrow('reauth_required')
  })
})

describe('functions that call the tenant', () => {
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

  it("managementApiFor uses the server's token", async () => {
    await managementApiFor(services(), aSession({ accessToken: 'theirs' }), 'view').getUser('auth0|ann')
    expect(shown()).toEqual(['Bearer of the server'])
  })

  it("managementApiFor uses the person's own token if links are made with it", async () => {
    configure({ linkingAuthority: 'user' })
    await managementApiFor(services(), aSession({ accessToken: 'theirs' }), 'view').getUser('auth0|ann')
    expect(shown()).toEqual(['Bearer theirs'])
  })

  it.each([
    ['auth0|ann', true],
    ['google-oauth2|ann-g', true],
    ['auth0|bea', false],
    ['', false],
  ])('isConnected returns for %j: %s', async (userId, expected) => {
    expect(await isConnected(services(), aSession(), await hash12(userId))).toBe(expected)
  })
})
