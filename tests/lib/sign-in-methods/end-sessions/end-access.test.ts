import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Ending, hash12, parseEnding } from '@/core'
import { SettingsRefusedError } from '@/lib/sign-in-methods/account-refusal'
import {
  continueEnding,
  continueEndingOnce,
  endAccessAfterLink,
  endAccessAfterUnlink,
  planEnding,
  retryAfterEnding,
} from '@/lib/sign-in-methods/end-sessions/end-access'
import { configure, services } from '../../../support/process/page-services'
import { now } from '../a-session'
import { atTenant, ENDING_SCOPES, LEAST_SCOPES } from '../at-tenant'

const tenant = await atTenant()
beforeEach(() => tenant.grant(...LEAST_SCOPES, ...ENDING_SCOPES))

const ANN = 'auth0|ann'
const left = () => [...tenant.state.sessions.keys()]
const noted = () => parseEnding({ app_metadata: tenant.user(ANN).app_metadata })
/** Writes an `ending` mark to Ann's account, and returns it. */
function toEnd(fields: Partial<Ending> = {}): Ending {
  const ending = { before: now(), accounts: [ANN], ...fields }
  tenant.user(ANN).app_metadata.account_linking = { looked: { until: 1, key: 'k' }, ending }
  return ending
}
/** Waits for the work that continues after the function has returned. */
const untilNoted = (expected: unknown, milliseconds = 5_000) =>
  vi.waitFor(() => expect(noted()).toEqual(expected), milliseconds)
const account = () => services().managementApi().getUser(ANN)

describe('planEnding', () => {
  it('lists the accounts, and hashes of the sessions to keep', async () => {
    expect(await planEnding(services(), [ANN, 'auth0|bea'], 100, ['own', undefined])).toEqual({
      before: 100,
      accounts: [ANN, 'auth0|bea'],
      tokens: [ANN, 'auth0|bea'],
      kept: [await hash12('own')],
    })
    expect(await planEnding(services(), [ANN], 100, [], 99)).toMatchObject({ kept: [], second: 99 })
  })

  it.each(ENDING_SCOPES)('returns no plan if %s was not granted', async (missing) => {
    tenant.grant(...LEAST_SCOPES, ...ENDING_SCOPES.filter((scope) => scope !== missing))
    expect(await planEnding(services(), [ANN], 100, [])).toBeUndefined()
  })
})

describe('continueEndingOnce', () => {
  it('ends sessions once, however many views of the page start it', async () => {
    tenant.begin('s1', 100)
    toEnd()
    const read = await account()
    const before = tenant.calls().length
    await Promise.all(Array.from({ length: 20 }, () => continueEndingOnce(services(), read)))
    expect(left()).toEqual([])
    expect(tenant.calls().length - before).toBeLessThan(15)
  })
})

describe('endAccessAfterUnlink', () => {
  it('ends sessions and refresh tokens of all accounts, with one call each, and removes the mark', async () => {
    for (let index = 0; index < 250; index += 1) tenant.begin(`s${index}`, 100)
    tenant.begin('other', 100, 'auth0|bea')
    tenant.begin('foreign', 100, 'auth0|eve')
    await endAccessAfterUnlink(services(), ANN, toEnd({ accounts: [ANN, 'auth0|bea'] }))
    expect(left()).toEqual(['foreign'])
    await untilNoted(undefined)
    expect(tenant.user(ANN).app_metadata.account_linking).toEqual({
      looked: { until: 1, key: 'k' },
      // The page uses this to decide which sign-ins are still valid.
      ended: { before: now() - 1 },
    })
    expect(tenant.writes().sort()).toEqual([
      'DELETE auth0|ann/refresh-tokens',
      'DELETE auth0|ann/sessions',
      'DELETE auth0|bea/refresh-tokens',
      'DELETE auth0|bea/sessions',
      'PATCH auth0|ann',
    ])
  })

  it('ends the remaining sessions one by one, and keeps those that started later', async () => {
    tenant.play({
      match: { path: 'ann/(sessions|refresh-tokens)$', method: 'DELETE' },
      effect: { status: 500 },
      times: 2,
    })
    for (let index = 0; index < 120; index += 1) tenant.begin(`s${index}`, 1)
    tenant.begin('since', -1)
    await endAccessAfterUnlink(services(), ANN, toEnd())
    await untilNoted(undefined)
    expect(left()).toEqual(['since'])
    expect(tenant.writes().filter((call) => call.endsWith('refresh-tokens'))).toHaveLength(2)
  })

  it('checks until the tenant has ended the sessions', async () => {
    tenant.state.changeOptions({ ending_delay_ms: 700 })
    tenant.begin('old', 100)
    const ending = toEnd()
    await endAccessAfterUnlink(services(), ANN, ending)
    expect(noted()).toMatchObject(ending)
    expect(left()).toEqual(['old'])
    await vi.waitFor(() => expect(noted()).toBeUndefined(), 5_000)
    expect(left()).toEqual([])
  })

  it('treats a deleted account as ended', async () => {
    await endAccessAfterUnlink(services(), ANN, toEnd({ accounts: [ANN, 'auth0|nobody'] }))
    await untilNoted(undefined)
  })
})

describe('endAccessAfterLink', () => {
  it('ends every earlier session, page by page, except those to keep', async () => {
    for (let index = 0; index < 250; index += 1) tenant.begin(`s${index}`, 1)
    tenant.begin('own', 100)
    tenant.begin('of that second', 50)
    tenant.begin('since', 0)
    tenant.begin('other', 100, 'auth0|bea')
    const ending = toEnd({ accounts: [ANN, 'auth0|bea'], kept: [await hash12('own')], second: now() - 50 })
    await endAccessAfterLink(services(), ANN, ending, ending.before)
    expect(left()).toEqual(['own', 'of that second', 'since'])
    await untilNoted(undefined)
  })

  it('retries if the mark cannot be removed immediately', async () => {
    const ending = toEnd()
    tenant.play({ match: { method: 'GET', path: 'users/[^/]+$' }, effect: { status: 500 }, times: 2 })
    await endAccessAfterLink(services(), ANN, ending, ending.before)
    await untilNoted(undefined, 10_000)
  })

  it('retries if the tenant responds without a list of sessions', async () => {
    tenant.begin('old', 100)
    const ending = toEnd()
    tenant.play({ match: { method: 'GET', path: 'sessions' }, effect: { status: 204 }, times: 1 })
    await endAccessAfterLink(services(), ANN, ending, ending.before)
    await untilNoted(undefined, 10_000)
    expect(left()).toEqual([])
  })

  it('does not remove the mark of another change', async () => {
    const ending = toEnd()
    await endAccessAfterLink(services(), ANN, { ...ending, before: ending.before - 2 }, ending.before - 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(noted()).toMatchObject(ending)
  })
})

describe('continueEnding', () => {
  it('ends what is in the mark, and returns whether that is all', async () => {
    tenant.begin('old', 100)
    toEnd()
    expect(await continueEnding(services(), await account(), 2_000)).toBe(true)
    expect([left(), noted()]).toEqual([[], undefined])
  })

  it('writes what is left to the mark when its time is over', async () => {
    tenant.play({ match: { path: '/sessions/' }, effect: { status: 503 } })
    tenant.begin('old', 100)
    const ending = toEnd({ accounts: ['auth0|bea', ANN] })
    expect(await continueEnding(services(), await account(), 100)).toBe(false)
    expect(noted()).toMatchObject({ before: ending.before, accounts: [ANN] })
    expect(tenant.logged()).toContainEqual(
      expect.objectContaining({ event: 'access_not_ended', code: 'management_failed' }),
    )
  })

  it('gives up if the tenant refuses permanently', async () => {
    tenant.play({ match: { path: '/sessions/' }, effect: { status: 403 } })
    tenant.begin('old', 100)
    toEnd()
    expect(await continueEnding(services(), await account(), 2_000)).toBe(true)
    expect(noted()).toBeUndefined()
    expect(tenant.logged()).toContainEqual(
      expect.objectContaining({ event: 'access_not_ended', code: 'missing_scope' }),
    )
  })

  it('gives up if the scopes were revoked', async () => {
    toEnd()
    tenant.grant(...LEAST_SCOPES)
    expect(await continueEnding(services(), await account(), 2_000)).toBe(true)
    expect(noted()).toBeUndefined()
  })

  it('removes a mark with a time in the future, which another program wrote', async () => {
    tenant.begin('own', 0)
    toEnd({ before: now() + 1_000 })
    expect(await continueEnding(services(), await account(), 2_000)).toBe(true)
    expect(noted()).toBeUndefined()
  })

  it("does nothing without a mark, or if links are made with the person's own token", async () => {
    const read = await account()
    const before = tenant.calls().length
    expect(await continueEnding(services(), read)).toBe(true)
    toEnd()
    configure({ linkingAuthority: 'user' })
    expect(await continueEnding(services(), read)).toBe(true)
    expect(tenant.calls().length).toBe(before)
  })
})

describe('retryAfterEnding', () => {
  const busyOnce = () => vi.fn(async () => 'done').mockRejectedValueOnce(new SettingsRefusedError('busy'))

  it('retries work that was refused because sessions still had to end', async () => {
    tenant.state.changeOptions({ ending_delay_ms: 500 })
    tenant.begin('old', 100)
    toEnd()
    const work = busyOnce()
    expect(await retryAfterEnding(services(), ['auth0|bea', ANN], work)).toBe('done')
    expect([left(), noted()]).toEqual([[], undefined])
  })

  it('throws other refusals unchanged', async () => {
    const work = busyOnce()
    await expect(retryAfterEnding(services(), [ANN], work)).rejects.toMatchObject({ code: 'busy' })
    expect(work).toHaveBeenCalledTimes(1)
    toEnd()
    const other = vi.fn().mockRejectedValue(new SettingsRefusedError('changed'))
    await expect(retryAfterEnding(services(), [ANN], other)).rejects.toMatchObject({ code: 'changed' })
    expect(other).toHaveBeenCalledTimes(1)
  })

  it('throws the refusal while sessions are still open', async () => {
    tenant.play({ match: { path: '/sessions/' }, effect: { status: 503 } })
    tenant.begin('old', 100)
    toEnd()
    const work = busyOnce()
    await expect(retryAfterEnding(services(), [ANN], work)).rejects.toMatchObject({ code: 'busy' })
    expect(work).toHaveBeenCalledTimes(1)
  }, 10_000)
})
