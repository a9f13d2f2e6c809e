import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  type Ending,
  type EndingCalls,
  endAccess,
  endingBytes,
  hash12,
  isPast,
  type ListedSession,
  marksAfter,
  parseEnded,
  parseEnding,
  withoutEndingMark,
} from '@/core'
import { aUser } from '../../support/builders/users'

const BEFORE = 1_800_000_000
const ANN = 'auth0|ann'
const ENDING: Ending = { before: BEFORE, accounts: [ANN], kept: [] }
const noted = (marks: object) => ({ app_metadata: { account_linking: marks } })

describe('parseEnding', () => {
  it('reads the mark', () => {
    const ending = { ...ENDING, accounts: [ANN, 'github|1'], tokens: [ANN], kept: ['a'], second: BEFORE - 5 }
    expect(parseEnding(noted({ ending }))).toEqual(ending)
    expect(parseEnding(noted({ ending: { before: BEFORE, accounts: [ANN] } }))).toEqual(ENDING)
  })

  it('omits values of the wrong type, tokens of other accounts, and an invalid second', () => {
    const ending = {
      ...{ before: BEFORE, accounts: [ANN, '', 7, null], tokens: ['github|1', ANN, ''] },
      ...{ kept: ['', 5, 'a'], second: 'now', more: 1 },
    }
    expect(parseEnding(noted({ ending }))).toEqual({ ...ENDING, tokens: [ANN], kept: ['a'] })
    expect(parseEnding(noted({ ending: { ...ENDING, tokens: 'auth0|ann', kept: 'a' } }))).toEqual(ENDING)
    expect(parseEnding(noted({ ending: { ...ENDING, tokens: ['github|1'] } }))).toEqual(ENDING)
  })

  it.each([
    undefined,
    null,
    'x',
    [ENDING],
    { accounts: [ANN] },
    { ...ENDING, before: 'soon' },
    { ...ENDING, before: 0 },
    { ...ENDING, accounts: [] },
    { ...ENDING, accounts: [''] },
    { ...ENDING, accounts: ANN },
  ])('returns undefined for %j', (ending) => {
    expect(parseEnding(noted({ ending }))).toBeUndefined()
    expect(parseEnded(noted({ ending }))).toEqual([])
  })
})

describe('marksAfter', () => {
  const marks = { looked: { until: 1, key: 'k' }, ending: ENDING, ended: { before: 5, kept: ['old'] } }

  it('contain what is left', () => {
    const left = { ...ENDING, accounts: ['github|1'] }
    expect(marksAfter(marks, ENDING, left)).toEqual({ ...marks, ending: left })
  })

  it('contain, once all has ended, which sign-ins are still valid, including those in the second of the link', () => {
    const ending = { ...ENDING, kept: ['own'], second: BEFORE - 5 }
    expect(marksAfter(marks, ending, undefined)).toEqual({
      looked: { until: 1, key: 'k' },
      ended: { before: BEFORE - 1, kept: ['own'], second: BEFORE - 5 },
    })
  })
})

describe('withoutEndingMark', () => {
  it('returns the user as if all had ended, under the key of the marks', () => {
    const user = aUser({
      app_metadata: { account_linking: 'mine', plan: 'x', account_linking_: { ending: ENDING } },
    })
    expect(withoutEndingMark(user)).toEqual({
      ...user,
      app_metadata: {
        ...{ account_linking: 'mine', plan: 'x' },
        account_linking_: { ended: { before: BEFORE - 1, kept: [] } },
      },
    })
  })

  it('returns the same user if nothing has to end', () => {
    const user = aUser({ app_metadata: { account_linking: { ended: { before: 5 } } } })
    expect(withoutEndingMark(user)).toBe(user)
  })
})

describe('parseEnded', () => {
  const ended = { before: BEFORE - 100, kept: ['a'], second: BEFORE - 200 }

  it('returns the ending that is still open, then the completed one', () => {
    expect(parseEnded(noted({ ended, ending: ENDING }))).toEqual([ENDING, ended])
    expect(parseEnded(noted({ ended }))).toEqual([ended])
    expect(parseEnded(noted({ ending: ENDING }))).toEqual([ENDING])
    expect(parseEnded(noted({}))).toEqual([])
  })

  it('omits invalid values', () => {
    expect(parseEnded(noted({ ended: { before: 5, kept: [7, 'a'], second: 'x' } }))).toEqual([
      { before: 5, kept: ['a'] },
    ])
    for (const broken of [null, {}, { before: 'x' }, { kept: ['a'] }])
      expect(parseEnded(noted({ ended: broken, ending: ENDING }))).toEqual([ENDING])
  })
})

describe('endingBytes', () => {
  it('is the size of the mark for two accounts', async () => {
    const accounts = [ANN, 'github|1']
    const kept = [await hash12('a'), await hash12('b')]
    const ending = { before: 9_999_999_999, accounts, tokens: accounts, kept, second: 9_999_999_999 }
    expect(endingBytes(accounts)).toBe(bytesOf({ ending }))
  })
})

describe('isPast', () => {
  it('allows for a tenant clock that is a minute behind', () => {
    expect([59, 60, 61].map((ahead) => isPast(BEFORE + ahead, BEFORE))).toEqual([true, true, false])
  })
})

/** A tenant with pages of sessions. `failures` is what each kind of call fails with. */
function aTenant(
  sessions: ListedSession[],
  {
    pageSize = 100,
    ...failures
  }: { pageSize?: number; list?: unknown; end?: unknown; tokens?: unknown } = {},
) {
  const ended: string[] = []
  const pages: (string | undefined)[] = []
  const revoked: string[] = []
  let atOnce = 0
  let mostAtOnce = 0
  const calls: EndingCalls = {
    async listSessions(_userId, from) {
      pages.push(from)
      // Fails at the first page, or at a later one, which has `from`.
      if ('list' in failures && (failures.list === 'later' ? from : true))
        throw failures.list === 'later' ? { status: 500 } : failures.list
      const at = Number(from ?? 0)
      const next = at + pageSize < sessions.length ? `${at + pageSize}` : undefined
      return { sessions: sessions.slice(at, at + pageSize), next }
    },
    async endSession(id) {
      atOnce += 1
      mostAtOnce = Math.max(atOnce, mostAtOnce)
      await Promise.resolve()
      atOnce -= 1
      ended.push(id)
      if ('end' in failures) throw failures.end
    },
    async endRefreshTokens(userId) {
      revoked.push(userId)
      if ('tokens' in failures) throw failures.tokens
    },
  }
  return { calls, ended, pages, revoked, mostAtOnce: () => mostAtOnce }
}
const at = (seconds: number) => new Date(seconds * 1_000).toISOString()
const session = (id: string, authenticatedAt = BEFORE - 100): ListedSession => ({
  id,
  authenticated_at: at(authenticatedAt),
})
const sessionsOf = (count: number) => Array.from({ length: count }, (_, index) => session(`s${index}`))

describe('endAccess', () => {
  it.each<[string, ListedSession, Partial<Ending>, boolean]>([
    ['from before the time', session('s', BEFORE - 1), {}, true],
    ['of exactly that second', session('s', BEFORE), {}, false],
    ['from after it', session('s', BEFORE + 1), {}, false],
    ['of the second to keep', session('s', BEFORE - 7), { second: BEFORE - 7 }, false],
    ['of the second before the one to keep', session('s', BEFORE - 8), { second: BEFORE - 7 }, true],
    ['without a time', { id: 's' }, {}, true],
    ['with an invalid time', { id: 's', authenticated_at: 'yesterday' }, {}, true],
    ['without an id', { authenticated_at: at(BEFORE - 100) }, {}, false],
    ['without a list of sessions to keep', session('s'), { kept: undefined }, true],
  ])('decides whether to end a session %s', async (_what, listed, fields, isEnded) => {
    const { calls, ended } = aTenant([listed])
    const { left } = await endAccess(calls, { ...ENDING, ...fields } as Ending)
    expect(ended).toEqual(isEnded ? ['s'] : [])
    // A session is left until a later list no longer shows it.
    expect(left !== undefined).toBe(isEnded)
  })

  it('keeps the sessions whose hashes are in the mark', async () => {
    const { calls, ended } = aTenant([session('own'), session('other')])
    await endAccess(calls, { ...ENDING, kept: [await hash12('own')] })
    expect(ended).toEqual(['other'])
  })

  it('ends the sessions of all pages, twenty at the same time', async () => {
    const tenant = aTenant(sessionsOf(50), { pageSize: 20 })
    expect(await endAccess(tenant.calls, ENDING)).toEqual({ left: ENDING, isRefused: false })
    expect(tenant.pages).toEqual([undefined, '20', '40'])
    expect(tenant.ended).toEqual(sessionsOf(50).map(({ id }) => id))
    expect(tenant.mostAtOnce()).toBe(20)
  })

  it('ends the sessions listed so far if listing fails halfway', async () => {
    const tenant = aTenant(sessionsOf(30), { pageSize: 20, list: 'later' })
    expect(await endAccess(tenant.calls, ENDING)).toEqual({ left: ENDING, isRefused: false })
    expect(tenant.ended).toHaveLength(20)
  })

  it.each<[unknown, boolean, boolean]>([
    [{ status: 404 }, false, false],
    [{ status: 403 }, false, true],
    [{ status: 403, isUnsent: true }, true, false],
    [{ status: 400 }, false, true],
    [{ status: 429 }, true, false],
    [{ status: 503 }, true, false],
    [{}, true, false],
    [undefined, true, false],
  ])('if listing fails with %j: left %s, refused %s', async (failure, isLeft, isRefused) => {
    const { calls } = aTenant([session('s')], { list: failure })
    expect(await endAccess(calls, ENDING)).toEqual({ left: isLeft ? ENDING : undefined, isRefused })
  })

  it.each<[unknown, number, boolean, boolean]>([
    // The session no longer exists, but a later list has to confirm that.
    [{ status: 404 }, 50, true, false],
    [{ status: 403 }, 20, false, true],
    [{ status: 429 }, 20, true, false],
    [undefined, 20, true, false],
  ])(
    'if ending fails with %j: %i attempts, left %s, refused %s',
    async (failure, tried, isLeft, isRefused) => {
      const { calls, ended } = aTenant(sessionsOf(50), { end: failure })
      expect(await endAccess(calls, ENDING)).toEqual({ left: isLeft ? ENDING : undefined, isRefused })
      expect(ended).toHaveLength(tried)
    },
  )

  it('is done if a list shows no session that has to end', async () => {
    const { calls } = aTenant([session('new', BEFORE + 1)])
    expect(await endAccess(calls, { ...ENDING, tokens: [ANN] })).toEqual({
      left: undefined,
      isRefused: false,
    })
  })

  it('revokes the refresh tokens of the accounts listed for that, and of no others', async () => {
    const tenant = aTenant([])
    await endAccess(tenant.calls, { ...ENDING, accounts: [ANN, 'github|1'], tokens: ['github|1'] })
    expect(tenant.revoked).toEqual(['github|1'])
    await endAccess(tenant.calls, ENDING)
    expect(tenant.revoked).toHaveLength(1)
  })

  it.each<[unknown, boolean, boolean]>([
    [{ status: 429 }, true, false],
    [{ status: 403 }, false, true],
    [{ status: 404 }, false, false],
  ])('if revoking fails with %j: left %s, refused %s', async (failure, isLeft, isRefused) => {
    const ending = { ...ENDING, tokens: [ANN], second: BEFORE - 5 }
    const { calls } = aTenant([], { tokens: failure })
    expect(await endAccess(calls, ending)).toEqual({ left: isLeft ? ending : undefined, isRefused })
  })

  it('returns as left only unfinished accounts, and tokens only if they are unfinished', async () => {
    const { calls } = aTenant([session('s')])
    const list = calls.listSessions
    calls.listSessions = async (userId) => (userId === ANN ? list(userId) : { sessions: [] })
    const ending = { ...ENDING, accounts: [ANN, 'github|1'], tokens: [ANN, 'github|1'] }
    expect(await endAccess(calls, ending)).toEqual({ left: ENDING, isRefused: false })
  })
  it('reports that it may not read one of several accounts, and continues with the others', async () => {
    const { calls, ended } = aTenant([session('s')])
    const list = calls.listSessions
    calls.listSessions = (userId) => (userId === ANN ? Promise.reject({ status: 403 }) : list(userId))
    const ending = { ...ENDING, accounts: [ANN, 'github|1'] }
    expect(await endAccess(calls, ending)).toEqual({
      left: { ...ENDING, accounts: ['github|1'] },
      isRefused: true,
    })
    expect(ended).toEqual(['s'])
  })
})
