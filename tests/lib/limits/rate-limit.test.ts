import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LinkingError } from '@/core/errors'
import { assertOpeningAllowed, assertStepAllowed } from '@/lib/link-flow/limits'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import { assertSessionAllowed } from '@/lib/sign-in-methods/limits'
import { memoryStore } from '@/lib/store/memory-store'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { services } from '../../support/process/services'
import { aSession } from '../sign-in-methods/a-session'

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
  forgetProcessMemory('counted')
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

const aFlow = (handle = '0123456789abcdef') =>
  ({
    handle,
    sub: 'auth0|ann',
    state: 'st',
    key: 'current',
    domain: 'localhost:4400',
    csrf: 'c',
    candidates: [],
  }) as Partial<LinkTransaction> as LinkTransaction

const LIMITS: [string, number, (who?: string) => Promise<void>][] = [
  ['flows opened', 600, (who = 'auth0|ann') => assertOpeningAllowed(services(), who, {})],
  ['steps of a flow', 60, (who) => assertStepAllowed(services(), aFlow(who))],
  ['views', 100, (who = 'sid') => assertSessionAllowed(services(), 'view', aSession({ sid: who }))],
  [
    'sign-ins started',
    20,
    (who = 'sid') => assertSessionAllowed(services(), 'start', aSession({ sid: who })),
  ],
  ['changes', 30, (who = 'sid') => assertSessionAllowed(services(), 'change', aSession({ sid: who }))],
]

describe.each(LIMITS)('the limit of %s', (_what, limit, ask) => {
  it(`is ${limit} a minute, and its error contains how long to wait`, async () => {
    for (let count = 0; count < limit; count += 1) await ask()
    vi.advanceTimersByTime(19_500)
    await expect(ask()).rejects.toMatchObject({ code: 'rate_limited', details: { retryAfter: 41 } })
    await expect(ask('someone else')).resolves.toBeUndefined()
    vi.advanceTimersByTime(40_499)
    await expect(ask()).rejects.toMatchObject({ details: { retryAfter: 1 } })
    vi.advanceTimersByTime(1)
    await expect(ask()).resolves.toBeUndefined()
  })

  it('does not apply while the store does not respond', async () => {
    for (let count = 0; count < limit; count += 1) await ask()
    const count = vi.spyOn(memoryStore, 'count').mockRejectedValue(new LinkingError('store_unavailable'))
    await expect(ask()).resolves.toBeUndefined()
    expect(count).toHaveBeenCalledOnce()
  })

  it('is stored under a hash, without the id', async () => {
    const count = vi.spyOn(memoryStore, 'count')
    await ask('auth0|someone')
    expect(count).toHaveBeenCalledWith(expect.stringMatching(/^[a-z]+:[0-9a-f]{12}$/), 60)
  })
})

describe('what the limits count', () => {
  it('is the account if the session has no id', async () => {
    const ask = (userId: string) =>
      assertSessionAllowed(services(), 'start', aSession({ sid: undefined, userId }))
    for (let count = 0; count < 20; count += 1) await ask('auth0|ann')
    await expect(ask('auth0|ann')).rejects.toMatchObject({ code: 'rate_limited' })
    await expect(ask('auth0|bea')).resolves.toBeUndefined()
  })

  it('is separate for each kind of request', async () => {
    for (let count = 0; count < 20; count += 1) await assertSessionAllowed(services(), 'start', aSession())
    await expect(assertSessionAllowed(services(), 'view', aSession())).resolves.toBeUndefined()
    await expect(assertSessionAllowed(services(), 'change', aSession())).resolves.toBeUndefined()
  })

  it('lets a refused step continue the login that its flow belongs to', async () => {
    const flow = aFlow()
    for (let count = 0; count < 60; count += 1) await assertStepAllowed(services(), flow)
    await expect(assertStepAllowed(services(), flow)).rejects.toMatchObject({
      details: { resume: { sub: 'auth0|ann', state: 'st', flow: { handle: flow.handle } }, canRetry: true },
    })
  })
})
