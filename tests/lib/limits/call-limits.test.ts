import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LinkingError } from '@/core/errors'
import type { CallSubject } from '@/lib/auth0/management-calls'
import { fetchTrackingQuota } from '@/lib/auth0/tenant-quota'
import { assertCallsLeft, callCounter } from '@/lib/limits/call-limits'
import { memoryStore } from '@/lib/store/memory-store'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { services } from '../../support/process/services'
import { aSession } from '../sign-in-methods/a-session'

beforeEach(async () => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  forgetProcessMemory('counted', 'tenant-quota')
  await tell(1000)
})

/** Has the tenant report how many of its 1,000 calls are left. */
async function tell(remaining: number): Promise<void> {
  const headers = { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': String(remaining) }
  vi.stubGlobal('fetch', async () => new Response(null, { headers }))
  await fetchTrackingQuota('https://tenant.example')
}

type Call = (subject: CallSubject) => Promise<void>

/** How many calls are made until one is refused. */
async function made(call: Call, subject: CallSubject = 'account', most = 200): Promise<number> {
  for (let count = 0; count < most; count += 1)
    try {
      await call(subject)
    } catch (error) {
      expect(error).toBeInstanceOf(LinkingError)
      expect(error).toMatchObject({ code: 'rate_limited' })
      return count
    }
  return most
}
const views = (sid = 'one', userId = 'auth0|ann'): Call =>
  callCounter(services().store, aSession({ sid, userId }), 'view')
/** Changes of one call each. */
const changes =
  (sid = 'one', userId = 'auth0|ann'): Call =>
  (subject) =>
    callCounter(services().store, aSession({ sid, userId }), 'change')(subject)

/** Sessions whose views use up the limit of one person. */
const SESSIONS = ['one', 'two', 'three', 'five']

describe.each<[CallSubject, { views: number; all: number; person: number; own: number }]>([
  ['account', { views: 50, all: 60, person: 120, own: 20 }],
  ['rights', { views: 120, all: 180, person: 360, own: 60 }],
])('callCounter, calls about %s', (subject, most) => {
  const count = (call: Call) => made(call, subject)

  it('allows a session some calls for views, and more for changes', async () => {
    expect(await count(views())).toBe(most.views)
    expect(await count(views())).toBe(0)
    expect(await count(changes())).toBe(most.all - most.views)
  })

  it('counts each session separately', async () => {
    await count(changes())
    expect(await count(changes('two'))).toBe(most.all)
  })

  it('never stops a change between two of its calls', async () => {
    const change = callCounter(services().store, aSession({ sid: 'one' }), 'change')
    await change(subject)
    await count(changes())
    expect(await count(change)).toBe(200)
  })

  it("limits all sessions of a person together while the tenant's limit is scarce", async () => {
    await Promise.all(SESSIONS.map((sid) => count(views(sid))))
    await tell(100)
    expect(await count(views('four'))).toBe(0)
    expect(await count(views('other', 'auth0|dee'))).toBe(most.views)
  })

  it('reserves calls for changes in each session, whatever other sessions of the same person do', async () => {
    await Promise.all(SESSIONS.map((sid) => count(views(sid))))
    await tell(100)
    expect(await count(changes('four'))).toBe(most.own)
  })

  it("does not limit a person's sessions together while the tenant has plenty of calls left", async () => {
    await Promise.all(SESSIONS.map((sid) => count(views(sid))))
    expect(await count(views('four'))).toBe(most.views)
  })

  it('limits nothing if the store does not respond', async () => {
    vi.spyOn(memoryStore, 'count').mockRejectedValue(new LinkingError('store_unavailable'))
    expect(await count(views())).toBe(200)
    vi.restoreAllMocks()
  })
})

describe('callCounter', () => {
  it('counts calls about rights separately', async () => {
    expect(await made(views(), 'rights')).toBe(120)
    expect(await made(views())).toBe(50)
  })

  it('starts no change if the calls about rights are used up', async () => {
    await made(changes(), 'rights')
    expect(await made(changes())).toBe(0)
    expect(await made(views())).toBe(50)
  })
})

describe('assertCallsLeft', () => {
  const left = (purpose: 'view' | 'change') =>
    assertCallsLeft(services().store, aSession({ sid: 'one' }), purpose)

  it('refuses views before changes, and returns how long to wait', async () => {
    await made(views())
    await expect(left('view')).rejects.toMatchObject({ code: 'rate_limited', details: { retryAfter: 60 } })
    await left('change')
    await made(changes())
    await expect(left('change')).rejects.toMatchObject({ code: 'rate_limited' })
  })

  it('does not count as a call itself', async () => {
    for (let count = 0; count < 100; count += 1) await left('view')
    expect(await made(views())).toBe(50)
  })

  it("refuses views, but never changes, while less than half of the tenant's limit is left", async () => {
    await tell(1)
    let time = performance.now()
    vi.spyOn(performance, 'now').mockImplementation(() => time)
    const asked = left('view')
    const refused = expect(asked).rejects.toMatchObject({ code: 'rate_limited', details: { retryAfter: 1 } })
    await new Promise((resolve) => setTimeout(resolve, 20))
    time += 2_000
    // The tenant has refilled 400 of 1,000 calls by then.
    await refused
    await left('change')
    vi.restoreAllMocks()
  })
})
